import { useState } from "react";
import { PayloadView } from "../ui/PayloadView.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { useAnswer } from "./use-answer.ts";

/** What a work item that is under way works on. It never changes, so it is read once. */
export function ItemInput({ workItem }: { readonly workItem: number }) {
  const { source } = useModel();
  const runId = useInspector((state) => state.runId) ?? "";
  const shown = useInspector((state) => state.view?.graph.sequence ?? 0);
  const [sequence] = useState(shown);
  const payload = { of: "input", sequence, workItem } as const;
  const { value, problem } = useAnswer(`${runId} ${workItem} ${sequence}`, async () => ({
    input: await source.readPart(runId, payload, []),
  }));
  if (problem !== null) return <p className="tw-danger">{problem.message}</p>;
  if (value === null) return null;
  return (
    <PayloadView
      title="Input"
      label={`Input of #${workItem}`}
      runId={runId}
      payload={payload}
      value={value.input ?? null}
    />
  );
}
