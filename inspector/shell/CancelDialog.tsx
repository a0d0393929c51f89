import { useState } from "react";
import { formatPlural } from "../store/format.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { ModalDialog } from "../ui/ModalDialog.tsx";

/** Of one run, the open one by default, or of many. */
export default function CancelDialog({ runIds }: { readonly runIds: readonly string[] | undefined }) {
  const { navigation, commands, works } = useModel();
  const openId = useInspector((state) => state.runId);
  const ids = runIds ?? (openId === null ? [] : [openId]);
  const workflow = useInspector((state) => state.runs[ids[0] ?? ""]?.workflow ?? "this run");
  const [reason, setReason] = useState("");
  const close = (): void => navigation.openDialog(null);
  const cancel = (): void => {
    const [first] = ids;
    if (ids.length > 1) works.begin("cancel", ids, reason.trim());
    else if (first !== undefined) void commands.cancel(first, reason.trim());
    close();
  };
  const isOne = ids.length === 1;
  return (
    <ModalDialog
      title={isOne ? `Cancel ${workflow}?` : `Cancel ${formatPlural(ids.length, "run")}?`}
      description={
        isOne
          ? "Running steps are told to stop and the run ends. What it did so far stays in its log."
          : "Running steps are told to stop and the runs end, one after the other. What they did so far stays in their logs."
      }
      onClose={close}
    >
      <form
        className="tw-form"
        onSubmit={(event) => {
          event.preventDefault();
          cancel();
        }}
      >
        <div className="tw-field">
          <label htmlFor="tw-cancel-reason">
            Reason <span className="tw-muted">optional</span>
          </label>
          <input
            id="tw-cancel-reason"
            className="tw-input"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        <div className="tw-form-actions tw-form-end">
          <button type="button" className="tw-button" onClick={close}>
            {isOne ? "Keep it going" : "Keep them going"}
          </button>
          <button type="submit" className="tw-button tw-button-danger">
            {isOne ? "Cancel the run" : `Cancel ${formatPlural(ids.length, "run")}`}
          </button>
        </div>
      </form>
    </ModalDialog>
  );
}
