import { Upload } from "lucide-react";
import { useState } from "react";

interface DropZoneProps {
  readonly label: string;
  readonly hint: string;
  readonly accept: string;
  readonly multiple?: boolean;
  readonly disabled: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/**
 * Files by drop or by choice. It is a label around a file input, so Tab reaches it, Enter and Space open the chooser,
 * and assistive technology calls it what it is.
 */
export function DropZone({ label, hint, accept, multiple = false, disabled, onFiles }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const take = (list: FileList | null): void => {
    const files = [...(list ?? [])];
    if (files.length > 0 && !disabled) onFiles(multiple ? files : files.slice(0, 1));
  };
  return (
    <label
      className="tw-demo-drop"
      data-over={over}
      data-disabled={disabled}
      onDragOver={(event) => {
        // Without this the browser opens the file in place of the page.
        event.preventDefault();
        event.dataTransfer.dropEffect = disabled ? "none" : "copy";
        setOver(!disabled);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
    >
      <Upload size={18} aria-hidden="true" />
      <span className="tw-demo-drop-label">{label}</span>
      <span className="tw-demo-muted">{hint}</span>
      <input
        type="file"
        className="tw-demo-hidden-input"
        accept={accept}
        multiple={multiple}
        disabled={disabled}
        onChange={(event) => {
          take(event.currentTarget.files);
          // So that the same file can be chosen again.
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}
