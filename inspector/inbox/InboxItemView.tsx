import { ArrowLeft, ArrowUpRight } from "lucide-react";
import { useEffect, useRef } from "react";
import { markOf } from "../store/drafts.ts";
import { formatAgo, formatDateTime, formatRunsOut } from "../store/format.ts";
import type { InboxItem } from "../store/inbox.ts";
import { isOver, PHASE_WORDS } from "../store/inbox.ts";
import { Facts } from "../detail/Facts.tsx";
import { CopyButton } from "../ui/CopyButton.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Answer, answerDraft } from "./AnswerForm.tsx";
import type { Draft } from "../forms/draft.ts";
import { PhaseIcon } from "./PhaseIcon.tsx";
import { Prompt } from "./Prompt.tsx";
import { readDraft } from "../forms/read-draft.ts";
import { toField } from "../forms/schema-field.ts";

interface InboxItemViewProps {
  readonly item: InboxItem;
  /** It was answered or dismissed. */
  readonly onDone: () => void;
}

/** One question: what is asked and by whom, and its form, or what became of it. */
export function InboxItemView({ item, onDone }: InboxItemViewProps) {
  const { navigation, inbox, drafts } = useModel();
  const { runId, workflow, waiter } = item;
  const asked = useInspector((state) => formatAgo(waiter.askedAt, state.now));
  const due = useInspector((state) => (waiter.dueAt === null ? null : formatRunsOut(waiter.dueAt, state.now)));
  const titleRef = useRef<HTMLHeadingElement>(null);
  const typed = isOver(item) ? keptValue(drafts.read(answerDraft(item), markOf(waiter.schema)), item) : undefined;
  useEffect(() => {
    titleRef.current?.focus();
  }, []);
  const dismiss = (): void => {
    drafts.clear(answerDraft(item));
    onDone();
    inbox.dismiss([item.key]);
  };
  return (
    <article className="tw-inbox-item" aria-label={`${waiter.step} of ${workflow} waits for ${waiter.type}`}>
      <button type="button" className="tw-button tw-button-quiet tw-inbox-back" onClick={() => navigation.openInbox()}>
        <ArrowLeft size={13} aria-hidden="true" /> All questions
      </button>
      <header>
        <h2 ref={titleRef} tabIndex={-1}>
          {waiter.type}
        </h2>
        <p className="tw-muted">
          asked {asked} by <b>{waiter.step}</b> of <b>{workflow}</b>
        </p>
      </header>
      <Prompt waiter={waiter} />
      {isOver(item) ? (
        <div className="tw-inbox-over" role="status">
          <p>
            <PhaseIcon phase={item.phase} /> <b>{PHASE_WORDS[item.phase]}</b>. This question waits no more.
          </p>
          <div className="tw-form-actions">
            {typed !== undefined && <CopyButton label="Copy what you typed" text={() => typed} />}
            <button type="button" className="tw-button" onClick={dismiss}>
              Dismiss
            </button>
          </div>
        </div>
      ) : (
        <Answer asked={item} onAnswered={onDone} />
      )}
      <Facts
        facts={[
          ["Run", runId],
          ["Asked", formatDateTime(waiter.askedAt)],
          ["Ends", waiter.dueAt === null ? "never" : `${due} · ${formatDateTime(waiter.dueAt)}`],
        ]}
      />
      {item.phase !== "deleted" && (
        <button
          type="button"
          className="tw-link"
          onClick={() => {
            navigation.openRun(runId);
            navigation.select({ kind: "step", step: waiter.step });
          }}
        >
          Open the run at this question <ArrowUpRight size={12} aria-hidden="true" />
        </button>
      )}
    </article>
  );
}

/** What was typed, as JSON, as far as it can be read; undefined: nothing was. */
function keptValue(draft: unknown, { waiter }: InboxItem): string | undefined {
  if (draft === undefined) return undefined;
  const { value } = readDraft(toField(waiter.schema), draft as Draft, true);
  return JSON.stringify(value ?? draft, null, 2);
}
