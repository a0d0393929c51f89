/** Gives a file to the browser to save. */
export function saveFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replaceAll(/[^\w.-]+/g, "_");
  link.click();
  // The download may begin after the click returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
