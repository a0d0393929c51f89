import { formatAgo, formatDateTime, formatDue } from "../store/format.ts";
import { AnswerForm } from "../inbox/AnswerForm.tsx";
import { showsSandbox } from "../store/inspector-state.ts";
import { ITEM_WORDS } from "../store/status-words.ts";
import { whyItemWaits } from "../store/why-waiting.ts";
import { useInspector } from "../ui/model-context.ts";
import { Attempts } from "./Attempts.tsx";
import { Facts } from "./Facts.tsx";
import { ItemInput } from "./ItemInput.tsx";
import { SelectionLink, TickLink } from "./SelectionLink.tsx";
import { useWhyInput } from "./use-why-input.ts";
import { WhyWaiting } from "./WhyWaiting.tsx";

export function WorkItemOverview({ workItem }: { readonly workItem: number }) {
  const why = useWhyInput();
  const isSandbox = useInspector(showsSandbox);
  const item = why?.view?.workItems.find((candidate) => candidate.workItem === workItem);
  if (why === null || item === undefined)
    return (
      <>
        <p className="tw-muted">
          At this tick it is not under way: it is done, has not begun, or stands far back in a queue.
        </p>
        <Attempts query={{ workItem }} />
      </>
    );
  const waiter = why.view?.waiters.find((candidate) => candidate.workItem === workItem);
  return (
    <>
      <WhyWaiting sentences={whyItemWaits(why, item)} />
      {waiter !== undefined && why.view !== null && <AnswerForm key={waiter.waiter} view={why.view} waiter={waiter} />}
      <Facts
        facts={[
          ["State", item.isHeld ? "Held before it begins" : ITEM_WORDS[item.state]],
          ["Step", <SelectionLink key="step" text={item.step} to={{ kind: "step", step: item.step }} />],
          ["Event", <SelectionLink key="event" text={item.eventType} to={{ kind: "event", type: item.eventType }} />],
          ["Brought by", <TickLink key="tick" sequence={item.causedBy} />],
          ["Attempt", item.attempt],
          ["Slot", item.workerId],
          ["Since", `${formatDateTime(item.since)} (${formatAgo(item.since, why.moment)})`],
          ["Next attempt", item.dueAt === undefined ? null : formatDue(item.dueAt, why.moment)],
        ]}
      />
      {item.lastError !== undefined && <p className="tw-note tw-note-danger">{item.lastError.slice(0, 2_000)}</p>}
      {!isSandbox && <ItemInput key={workItem} workItem={workItem} />}
      <Attempts query={{ workItem }} />
    </>
  );
}
