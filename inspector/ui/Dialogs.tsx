import { useState } from "react";
import { HealthView } from "../health/HealthView.tsx";
import type { RenderStart } from "../inbox/StartPanel.tsx";
import { RunAgainDialog } from "../inbox/RunAgainDialog.tsx";
import { SendDialog } from "../inbox/SendDialog.tsx";
import { StartDialog } from "../inbox/StartDialog.tsx";
import { useInspector, useModel } from "./model-context.ts";
import { ModalDialog } from "./ModalDialog.tsx";
import { SHORTCUTS } from "./shortcuts.ts";

interface DialogsProps {
  readonly renderStart: RenderStart | undefined;
  readonly helpUrl: string | undefined;
}

/** The one dialog that is open, if any. */
export function Dialogs({ renderStart, helpUrl }: DialogsProps) {
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
      return <CancelDialog />;
    case "delete":
      return <DeleteDialog />;
    case "shortcuts":
      return <ShortcutsDialog />;
  }
}

function CancelDialog() {
  const { navigation, commands } = useModel();
  const runId = useInspector((state) => state.runId);
  const workflow = useInspector((state) => (state.runId === null ? "" : (state.runs[state.runId]?.workflow ?? "")));
  const [reason, setReason] = useState("");
  const close = (): void => navigation.openDialog(null);
  const cancel = (): void => {
    if (runId !== null) void commands.cancel(runId, reason.trim());
    close();
  };
  return (
    <ModalDialog
      title={`Cancel ${workflow}?`}
      description="Running steps are told to stop and the run ends. What it did so far stays in its log."
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
            Keep it going
          </button>
          <button type="submit" className="tw-button tw-button-danger">
            Cancel the run
          </button>
        </div>
      </form>
    </ModalDialog>
  );
}

function DeleteDialog() {
  const { navigation, commands } = useModel();
  const runId = useInspector((state) => state.runId);
  const close = (): void => navigation.openDialog(null);
  return (
    <ModalDialog
      title="Delete this run?"
      description="Its log, its state and its result are removed from this browser. This cannot be undone; export it first to keep a copy."
      onClose={close}
    >
      <div className="tw-form-actions tw-form-end">
        <button type="button" className="tw-button" onClick={close}>
          Keep it
        </button>
        <button
          type="button"
          className="tw-button tw-button-danger"
          onClick={() => {
            close();
            if (runId !== null) void commands.delete(runId);
          }}
        >
          Delete the run
        </button>
      </div>
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
