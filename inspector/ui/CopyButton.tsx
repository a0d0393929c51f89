import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";

/** Copies the whole value, whatever a preview cut. The text is made, or read, only when asked for. */
export function CopyButton({ label, text }: { readonly label: string; readonly text: () => string | Promise<string> }) {
  const [state, setState] = useState<"ready" | "done" | "refused">("ready");
  useEffect(() => {
    if (state === "ready") return undefined;
    const timer = setTimeout(() => setState("ready"), 1_600);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(await text());
      setState("done");
    } catch {
      setState("refused");
    }
  };
  const Icon = state === "done" ? Check : Copy;
  return (
    <button type="button" className="tw-button tw-button-small tw-button-quiet" onClick={() => void copy()}>
      <Icon size={12} aria-hidden="true" />
      <span aria-live="polite">{state === "ready" ? label : state === "done" ? "Copied" : "The browser refused"}</span>
    </button>
  );
}
