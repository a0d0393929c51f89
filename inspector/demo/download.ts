/** Hands something to the person as a file. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken hold of the content by the next turn in all engines, and a minute is on the safe side.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function downloadJson(name: string, value: unknown): void {
  download(name, new Blob([JSON.stringify(value, null, 2)], { type: "application/json" }));
}
