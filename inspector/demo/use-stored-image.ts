import { useEffect, useState } from "react";
import { FileMissingError, getFile } from "./files.ts";

export type StoredImage =
  | { readonly status: "loading" }
  | { readonly status: "ready"; readonly url: string; readonly blob: Blob }
  | { readonly status: "missing"; readonly problem: string };

/**
 * A stored image as an address for `<img>`. A data URL, because the page's policy lets images come from itself and from
 * data, not from blobs.
 */
export function useStoredImage(fileId: string): StoredImage {
  const [image, setImage] = useState<StoredImage>({ status: "loading" });
  useEffect(() => {
    let wanted = true;
    const show = (next: StoredImage): void => {
      if (wanted) setImage(next);
    };
    show({ status: "loading" });
    getFile(fileId)
      .then(async ({ blob }) => show({ status: "ready", blob, url: await readAsUrl(blob) }))
      .catch((error: unknown) => {
        const gone = error instanceof FileMissingError;
        show({ status: "missing", problem: gone ? "It is no longer stored in this browser." : String(error) });
      });
    return () => {
      wanted = false;
    };
  }, [fileId]);
  return image;
}

function readAsUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error("The image could not be read."));
    reader.readAsDataURL(blob);
  });
}
