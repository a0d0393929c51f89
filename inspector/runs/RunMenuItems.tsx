import { Menu } from "@base-ui/react";
import { CircleArrowRight, Download, GitCompareArrows, GitFork, OctagonX, Trash2 } from "lucide-react";
import { canFork } from "../store/abilities.ts";
import { isFitFor } from "../store/run-work.ts";
import { downloadJson } from "../ui/download-json.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

interface RunMenuItemsProps {
  readonly runId: string;
}

/** What can be done with a run: the same in the list's menu and in that of the open run. */
export function RunMenuItems({ runId }: RunMenuItemsProps) {
  const { navigation, commands, works } = useModel();
  const run = useInspector((state) => state.runs[runId]);
  const origin = run?.forkedFrom;
  const at = useInspector(({ runId: openId, position }) => (openId === runId && position !== "live" ? position : null));
  const isForkable = useInspector((state) => canFork(state, runId, at));
  const exportRun = async (): Promise<void> => {
    const file = await commands.export(runId);
    if (file !== null) downloadJson(`${runId}.json`, file);
  };
  return (
    <>
      {isFitFor("resume", run) && (
        <Menu.Item className="tw-menu-item" onClick={() => void commands.resume(runId)}>
          <CircleArrowRight size={13} aria-hidden="true" /> Resume run
        </Menu.Item>
      )}
      <Menu.Item className="tw-menu-item" onClick={() => void exportRun()}>
        <Download size={13} aria-hidden="true" /> Export run
      </Menu.Item>
      {isForkable && (
        <Menu.Item className="tw-menu-item" onClick={() => void commands.fork(runId, at)}>
          <GitFork size={13} aria-hidden="true" /> Fork from here
        </Menu.Item>
      )}
      <Menu.Item className="tw-menu-item" onClick={() => navigation.openDialog({ kind: "compare", runId })}>
        <GitCompareArrows size={13} aria-hidden="true" /> Compare with…
      </Menu.Item>
      {origin !== undefined && (
        <Menu.Item className="tw-menu-item" onClick={() => navigation.compare(runId, origin.runId)}>
          <GitCompareArrows size={13} aria-hidden="true" /> Compare with where it came from
        </Menu.Item>
      )}
      {isFitFor("cancel", run) && (
        <Menu.Item className="tw-menu-item" onClick={() => navigation.openDialog({ kind: "cancel", runIds: [runId] })}>
          <OctagonX size={13} aria-hidden="true" /> Cancel run…
        </Menu.Item>
      )}
      <Menu.Item className="tw-menu-item tw-danger" onClick={() => works.begin("delete", [runId])}>
        <Trash2 size={13} aria-hidden="true" /> Delete run
      </Menu.Item>
    </>
  );
}
