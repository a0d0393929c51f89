import { FlaskConical, X } from "lucide-react";
import { formatCount } from "../store/format.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

/** Says that what is shown is no run, as long as a sandbox is open. */
export function SandboxBanner() {
  const { navigation } = useModel();
  const whatIf = useInspector((state) => state.whatIf);
  const hasAnswer = useInspector((state) => state.sandbox.answer !== null);
  if (whatIf === null) return null;
  const tick = `#${formatCount(whatIf.sequence)}`;
  return (
    <div className="tw-banner tw-banner-sandbox" role="status">
      <FlaskConical size={14} aria-hidden="true" />
      <p>
        <b>Sandbox: the run is not touched.</b>{" "}
        {hasAnswer
          ? `Graph, state and numbers are as they would be ${whatIf.kind === "skip" ? `without tick ${tick}` : `with tick ${tick} changed`}. The scrubber goes through its ticks. Log and timeline are the run’s.`
          : `What if tick ${tick} had been another?`}
      </p>
      <button type="button" className="tw-button" aria-keyshortcuts="Escape" onClick={() => navigation.askWhatIf(null)}>
        <X size={13} aria-hidden="true" /> Leave <kbd>Esc</kbd>
      </button>
    </div>
  );
}
