import { MessageCircleQuestion } from "lucide-react";
import type { OpenWaiter, RunView, WaiterView } from "tickwork/client";
import { isLeftAlone } from "../store/abilities.ts";
import { formatAgo, formatRunsOut } from "../store/format.ts";
import { inboxKey } from "../store/inbox.ts";
import { isEnded, showsSandbox, shownMoment } from "../store/inspector-state.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Prompt } from "./Prompt.tsx";
import { Form } from "../forms/Form.tsx";

interface AnswerFormProps {
  readonly view: RunView;
  readonly waiter: WaiterView;
}

/** A question someone is asked in the open run, and the form that answers it: in its newest state, while it goes on. */
export function AnswerForm({ view, waiter }: AnswerFormProps) {
  const { navigation } = useModel();
  const moment = useInspector(shownMoment);
  const isLive = useInspector((state) => state.position === "live");
  const isSandbox = useInspector(showsSandbox);
  const hasEnded = useInspector((state) => state.graph !== null && isEnded(state.graph.status));
  const asked = { runId: view.runId, workflow: view.workflow, sequence: view.graph.sequence, waiter };
  const limit = waiter.dueAt === null ? "" : `, ${formatRunsOut(waiter.dueAt, moment)}`;
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
      {isLive && hasEnded ? (
        <p className="tw-muted">The run has ended, so nothing takes an answer.</p>
      ) : isLive ? (
        <Answer asked={asked} />
      ) : isSandbox ? (
        <p className="tw-muted">This is a sandbox: only the run can be answered.</p>
      ) : (
        <p className="tw-muted">
          This is the past.{" "}
          <button type="button" className="tw-link" onClick={() => navigation.setPosition("live")}>
            Go to the newest state
          </button>{" "}
          to answer.
        </p>
      )}
    </article>
  );
}

interface AnswerProps {
  readonly asked: OpenWaiter;
  readonly onAnswered?: (() => void) | undefined;
}

/** The form of a wait: its answer is sent once, wherever on the page it is given. */
export function Answer({ asked, onAnswered }: AnswerProps) {
  const { inbox } = useModel();
  const { runId, waiter } = asked;
  const key = inboxKey({ runId, waiter: waiter.waiter });
  const phase = useInspector((state) => state.inbox.items.find((item) => item.key === key)?.phase ?? "open");
  const isPaused = useInspector((state) => isLeftAlone(state.runs[runId]));
  if (isPaused) return <p className="tw-muted">The run is paused: it takes no answer until it goes on.</p>;
  if (phase === "sent") {
    return (
      <p className="tw-muted" role="status">
        Sent. The step goes on as soon as it is free.
      </p>
    );
  }
  return (
    <Form
      schema={waiter.schema}
      submitLabel={`Send ${waiter.type}`}
      fixed={waiter.requirements}
      draftKey={answerDraft(asked)}
      isBusy={phase === "sending"}
      onSubmit={async (data) => {
        await inbox.answer(asked, data);
        onAnswered?.();
      }}
    />
  );
}

export function answerDraft({ runId, waiter }: OpenWaiter): string {
  return `answer ${inboxKey({ runId, waiter: waiter.waiter })}`;
}
