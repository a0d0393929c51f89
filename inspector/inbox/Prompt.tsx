import type { WaiterView } from "tickwork/client";
import { JsonTree } from "../ui/JsonTree.tsx";
import { splitPrompt } from "./prompt-text.ts";

const LONGEST = 4_000;

/** The question as text, and beside it what else was said with it. */
export function Prompt({ waiter }: { readonly waiter: WaiterView }) {
  const { text, rest } = splitPrompt(waiter);
  return (
    <>
      {text !== null && <p className="tw-prompt">{text.slice(0, LONGEST)}</p>}
      {rest !== null && <JsonTree label={`${waiter.prompt?.type ?? "Prompt"}, what is asked`} value={rest} />}
    </>
  );
}
