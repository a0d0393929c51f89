import { Dialog } from "@base-ui/react";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useContext } from "react";
import { PortalContext } from "./model-context.ts";

interface ModalDialogProps {
  readonly title: string;
  readonly description?: string | undefined;
  readonly isWide?: boolean | undefined;
  /** Stays in sight while the rest scrolls, as the title does. */
  readonly footer?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog over the inspector: focus stays inside and returns to where it was. */
export function ModalDialog({ title, description, isWide, footer, onClose, children }: ModalDialogProps) {
  const container = useContext(PortalContext);
  return (
    <Dialog.Root
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Dialog.Portal container={container}>
        <Dialog.Backdrop className="tw-backdrop" />
        <Dialog.Popup className={isWide === true ? "tw-dialog tw-dialog-wide" : "tw-dialog"}>
          <header className="tw-dialog-head">
            <Dialog.Title className="tw-dialog-title">{title}</Dialog.Title>
            <Dialog.Close className="tw-button tw-button-icon tw-button-quiet" aria-label="Close">
              <X size={14} aria-hidden="true" />
            </Dialog.Close>
          </header>
          {description !== undefined && (
            <Dialog.Description className="tw-dialog-text">{description}</Dialog.Description>
          )}
          {footer === undefined ? children : <div className="tw-dialog-body">{children}</div>}
          {footer !== undefined && <footer className="tw-dialog-foot">{footer}</footer>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
