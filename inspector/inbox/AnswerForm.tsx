import { MessageCircleQuestion } from "lucide-react";
import { useState } from "react";
import type { Json, WaiterView } from "tickwork/client";
import { formatAgo, formatDue } from "../store/format.ts";
import { shownMoment } from "../store/inspector-state.ts";
import { JsonTree } from "../ui/JsonTree.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { SchemaForm } from "./SchemaForm.tsx";

interface AnswerFormProps {
  readonly runId: string;
  readonly waiter: WaiterView;
  /** Only the newest state can be answered. */
  readonly isLive: boolean;
}

/** A question someone is asked, and the form that answers it. */
export function AnswerForm({ runId, waiter, isLive }: AnswerFormProps) {
  const { commands, navigation } = useModel();
  const moment = useInspector(shownMoment);
  const [isSent, setIsSent] = useState(false);
  const limit = waiter.dueAt === null ? "" : `, runs out ${formatDue(waiter.dueAt, moment)}`;
  return (
    <article className="tw-waiter" aria-label={`${waiter.step} waits for ${waiter.type}`}>
      <header>
        <MessageCircleQuestion size={15} className="tw-warn" aria-hidden="true" />
        <span>
          <b>{waiter.type}</b> wanted by{" "}
          <button
            type="button"
            className="tw-link"
            onClick={() => navigation.select({ kind: "step", step: waiter.step })}
          >
            {waiter.step}
          </button>
        </span>
        <span className="tw-muted tw-num">
          asked {formatAgo(waiter.askedAt, moment)}
          {limit}
        </span>
      </header>
      <Prompt waiter={waiter} />
      {!isLive ? (
        <p className="tw-muted">
          This is the past.{" "}
          <button type="button" className="tw-link" onClick={() => navigation.setPosition("live")}>
            Go to the newest state
          </button>{" "}
          to answer.
        </p>
      ) : isSent ? (
        <p className="tw-muted" role="status">
          Sent. The step goes on as soon as it is free.
        </p>
      ) : (
        <SchemaForm
          schema={waiter.schema}
          submitLabel={`Send ${waiter.type}`}
          initial={waiter.requirements}
          onSubmit={async (data) => {
            await commands.answer(runId, waiter, data);
            setIsSent(true);
          }}
        />
      )}
    </article>
  );
}

/** A question that is one text is shown as text, anything else as a tree. */
function Prompt({ waiter: { prompt } }: { readonly waiter: WaiterView }) {
  if (prompt === undefined) return null;
  const data = prompt.data as Json;
  const members = typeof data === "object" && data !== null && !Array.isArray(data) ? Object.entries(data) : [];
  const texts = members.filter((member): member is [string, string] => typeof member[1] === "string");
  if (typeof data === "string") return <p className="tw-prompt">{data.slice(0, 4_000)}</p>;
  const [only] = texts;
  if (texts.length === 1 && members.length === 1 && only !== undefined)
    return <p className="tw-prompt">{only[1].slice(0, 4_000)}</p>;
  return <JsonTree label={`${prompt.type}, what is asked`} value={data} />;
}
