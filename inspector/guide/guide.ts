/** What the guide's static pages do by themselves: the theme chosen in the inspector, and buttons that copy code. */
import { browserPreferencesStorage } from "../store/preferences.ts";

/** How long a button says that it copied, in milliseconds. */
const SAID = 2_000;

document.documentElement.dataset["theme"] = browserPreferencesStorage().read().theme;

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", showCopyButtons);
else showCopyButtons();

function showCopyButtons(): void {
  // Browsers have no clipboard for pages that came over plain http.
  if (!("clipboard" in navigator)) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>(".tw-guide-copy")) {
    const code = button.closest("figure")?.querySelector("code")?.textContent ?? "";
    button.hidden = false;
    button.addEventListener("click", () => void copy(button, code));
  }
}

async function copy(button: HTMLButtonElement, code: string): Promise<void> {
  const isCopied = await navigator.clipboard.writeText(code).then(
    () => true,
    () => false,
  );
  button.textContent = isCopied ? "Copied" : "Not allowed";
  setTimeout(() => {
    button.textContent = "Copy";
  }, SAID);
}
