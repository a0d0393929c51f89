import { lazy, Suspense } from "react";
import type { RenderStart } from "../inbox/StartPanel.tsx";
import { useInspector } from "../ui/model-context.ts";

const CancelDialog = lazy(() => import("./CancelDialog.tsx"));
const CompareDialog = lazy(() => import("../compare/CompareDialog.tsx"));
const RunAgainDialog = lazy(() => import("../inbox/RunAgainDialog.tsx"));
const SendDialog = lazy(() => import("../inbox/SendDialog.tsx"));
const HealthView = lazy(() => import("../health/HealthView.tsx"));
const ShortcutsDialog = lazy(() => import("./ShortcutsDialog.tsx"));
const StartDialog = lazy(() => import("../inbox/StartDialog.tsx"));

interface DialogsProps {
  readonly renderStart: RenderStart | undefined;
  readonly helpUrl: string | undefined;
}

/** The one dialog that is open, if any. Each is loaded when it is first opened. */
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
