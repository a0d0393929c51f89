import { AnswerForm } from "../inbox/AnswerForm.tsx";
import { formatCount, formatDue } from "../store/format.ts";
import { whyStepWaits } from "../store/why-waiting.ts";
import { Attempts } from "./Attempts.tsx";
import { Facts } from "./Facts.tsx";
import { HintList } from "./HintList.tsx";
import { StepBreakpoint } from "./BreakpointToggles.tsx";
import { useInspector } from "../ui/model-context.ts";
import { useWhyInput } from "./use-why-input.ts";
import { WhyWaiting } from "./WhyWaiting.tsx";
import { WorkItems } from "./WorkItems.tsx";

export function StepOverview({ step }: { readonly step: string }) {
  const why = useWhyInput();
  // Numbers are those of all views; a sentence and the work it names are of the last state that was read in full.
  const status = useInspector((state) => state.graph?.steps[step]);
  const explained = why?.graph.steps[step];
  if (why === null || status === undefined || explained === undefined)
    return <p className="tw-muted">This step has no work at this tick.</p>;
  const { view } = why;
  const waiters = view?.waiters.filter((waiter) => waiter.step === step) ?? [];
  return (
    <>
      <WhyWaiting sentences={whyStepWaits(why, explained)} />
      <StepBreakpoint step={step} />
      <HintList why={why} step={step} />
      {view !== null &&
        waiters.map((waiter) => <AnswerForm key={`${view.runId} ${waiter.waiter}`} view={view} waiter={waiter} />)}
      <Facts
        facts={[
          ["Busy", `${formatCount(status.busy)} of ${formatCount(status.slots)} slots`],
          ["Held", status.held === undefined ? null : formatCount(status.held)],
          ["Queued", formatCount(status.queued)],
          [
            "Backing off",
            status.delayed === 0
              ? null
              : `${formatCount(status.delayed)}${status.nextRetryAt === undefined ? "" : `, next ${formatDue(status.nextRetryAt, why.moment)}`}`,
          ],
          ["Waiting", status.waiting === 0 ? null : formatCount(status.waiting)],
          [
            "Collected",
            status.collected === undefined
              ? null
              : `${formatCount(status.collected.have)} of ${formatCount(status.collected.want)}`,
          ],
          ["Done", formatCount(status.completed)],
          ["Failed attempts", formatCount(status.failed)],
          ["Last error", status.lastError?.slice(0, 400)],
        ]}
      />
      <section className="tw-section">
        <h3>Work items</h3>
        <WorkItems step={step} />
      </section>
      <Attempts query={{ by: step }} />
    </>
  );
}
