import { useEffect, useState } from "react";
import type { Json, RunView } from "tickwork/client";
import { toErrorText } from "../source/error-text.ts";
import { showsSandbox } from "../store/inspector-state.ts";
import { cutOf } from "../store/json-rows.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

const NONE: { readonly of: string; readonly result: Json | undefined } = { of: "", result: undefined };

/** The result of a run for its report, which cannot draw a part: read whole where it came cut, undefined until then. */
export function useWholeResult(view: RunView | null): Json | undefined {
  const { source, store } = useModel();
  const [known, setKnown] = useState(NONE);
  const isSandbox = useInspector(showsSandbox);
  const isCut = cutOf(view?.result) !== null;
  const runId = view?.runId ?? "";
  const sequence = view?.graph.sequence ?? 0;
  const key = `${runId} ${sequence}`;
  useEffect(() => {
    // The whole is read of the run, which has another result.
    if (!isCut || isSandbox) return undefined;
    let isCurrent = true;
    source.readText(runId, { of: "result", sequence }).then(
      (text) => isCurrent && setKnown({ of: `${runId} ${sequence}`, result: JSON.parse(text) as Json }),
      (error: unknown) => isCurrent && store.setState({ notice: toErrorText(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [source, store, isCut, isSandbox, runId, sequence]);
  if (!isCut) return view?.result;
  return known.of === key && !isSandbox ? known.result : undefined;
}
