import { lazy, Suspense, useState } from "react";
import type { RenderStart } from "../inbox/StartPanel.tsx";
import { StartDialog } from "../inbox/StartDialog.tsx";
import { formatPlural } from "../store/format.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { ModalDialog } from "../ui/ModalDialog.tsx";
import { SHORTCUTS } from "./shortcuts.ts";

const CompareDialog = lazy(() => import("../compare/CompareDialog.tsx"));
const RunAgainDialog = lazy(() => import("../inbox/RunAgainDialog.tsx"));
const SendDialog = lazy(() => import("../inbox/SendDialog.tsx"));
const HealthView = lazy(() => import("../health/HealthView.tsx"));

interface DialogsProps {
  readonly renderStart: RenderStart | undefined;
  readonly helpUrl: string | undefined;
}

/** The one dialog that is open, if any. Those that are not needed at once are loaded when they are. */
export function Dialogs(props: DialogsProps) {
  return (
    <Suspense>
      <OpenDialog {...props} />
    </Suspense>
  );
}

function OpenDialog({ renderStart, helpUrl }: DialogsProps) {
  const dialog = useInspector((state) => state.dialog);
  const isHealthOpen = useInspector((state) => state.isHealthOpen);
  switch (dialog?.kind) {
    case undefined:
    // It has its place in the graph.
    case "findNode":
      return isHealthOpen ? <HealthView helpUrl={helpUrl} /> : null;
    case "start":
      return <StartDialog first={dialog.workflow} renderStart={renderStart} />;
    case "again":
      return <RunAgainDialog />;
    case "send":
      return <SendDialog />;
    case "cancel":
      return <CancelDialog runIds={dialog.runIds} />;
    case "compare":
      return <CompareDialog runId={dialog.runId} />;
    case "shortcuts":
      return <ShortcutsDialog />;
  }
}

/** Of one run, the open one by default, or of many. */
function CancelDialog({ runIds }: { readonly runIds: readonly string[] | undefined }) {
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

function ShortcutsDialog() {
  const { navigation } = useModel();
  return (
    <ModalDialog
      title="Keyboard shortcuts"
      description="None of them act while you type."
      onClose={() => navigation.openDialog(null)}
    >
      <dl className="tw-shortcuts">
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </ModalDialog>
  );
}
