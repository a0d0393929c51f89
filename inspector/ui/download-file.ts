/** Gives a file to the browser to save. */
export function downloadFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replaceAll(/[^\w.-]+/g, "_");
  link.click();
  // The download may begin after the click returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
