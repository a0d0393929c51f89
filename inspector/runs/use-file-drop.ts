import type { DragEvent } from "react";
import { useState } from "react";

export interface FileDrop {
  /** Files are held over the element. */
  readonly isOver: boolean;
  readonly handlers: {
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDragLeave: (event: DragEvent) => void;
    readonly onDrop: (event: DragEvent) => void;
  };
}

/** Takes files that are dropped on an element; anything else that is dragged is left alone. */
export function useFileDrop(take: (files: readonly File[]) => void): FileDrop {
  const [isOver, setIsOver] = useState(false);
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");
  return {
    isOver,
    handlers: {
      onDragOver(event) {
        if (!hasFiles(event)) return;
        // Without it the browser would leave the page and open the file.
        event.preventDefault();
        setIsOver(true);
      },
      onDragLeave(event) {
        const isInside = event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget);
        if (!isInside) setIsOver(false);
      },
      onDrop(event) {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setIsOver(false);
        take([...event.dataTransfer.files]);
      },
    },
  };
}
