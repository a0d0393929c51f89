import { useModel } from "../ui/model-context.ts";

/** In place of what is known of a run alone, while a sandbox is shown: it would say other things than stand around it. */
export function RunOnly({ what }: { readonly what: string }) {
  const { navigation } = useModel();
  return (
    <p className="tw-muted">
      {what}: known of the run, not of a sandbox.{" "}
      <button type="button" className="tw-link" onClick={() => navigation.askWhatIf(null)}>
        Leave the sandbox
      </button>{" "}
      to see it.
    </p>
  );
}
