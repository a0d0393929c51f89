import { Lightbulb } from "lucide-react";
import { useCallback, useSyncExternalStore } from "react";
import { useModel } from "../ui/model-context.ts";

/** The title of the hint that is about a step; null: none is. */
export function useHint(step: string): string | null {
  const { store, parts, hintMarks } = useModel();
  const subscribe = useCallback((listener: () => void) => parts.subscribe(hintMarks, listener), [parts, hintMarks]);
  return useSyncExternalStore(subscribe, () => hintMarks(store.getState()).get(step) ?? null);
}

/** Its words belong to the name of what it stands on. */
export function HintMark({ hint, size = 13 }: { readonly hint: string; readonly size?: number }) {
  return (
    <span className="tw-hint-mark" title={`Hint: ${hint}`}>
      <Lightbulb size={size} aria-hidden="true" />
    </span>
  );
}
