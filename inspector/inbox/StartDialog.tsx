import { Tabs } from "@base-ui/react";
import { useInspector, useModel } from "../ui/model-context.ts";
import { ModalDialog } from "../ui/ModalDialog.tsx";
import type { RenderStart } from "./StartPanel.tsx";
import { StartPanel } from "./StartPanel.tsx";

/** Start any workflow the engine serves. */
export default function StartDialog({
  first,
  renderStart,
}: {
  readonly first: string | null;
  readonly renderStart: RenderStart | undefined;
}) {
  const { navigation } = useModel();
  const workflows = useInspector((state) => state.workflows);
  const close = (): void => navigation.openDialog(null);
  return (
    <ModalDialog title="New run" isWide onClose={close}>
      {workflows.length === 0 ? (
        <p className="tw-muted">This engine serves no workflows.</p>
      ) : (
        <Tabs.Root className="tw-start" orientation="vertical" defaultValue={first ?? workflows[0]?.name ?? null}>
          <Tabs.List className="tw-start-list" aria-label="Workflows">
            {workflows.map(({ name, description }) => (
              <Tabs.Tab key={name} value={name} className="tw-start-tab">
                <b>{name}</b>
                {description !== undefined && <span className="tw-muted">{description}</span>}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {workflows.map((workflow) => (
            <Tabs.Panel key={workflow.name} value={workflow.name} className="tw-start-panel">
              <StartPanel workflow={workflow} renderStart={renderStart} />
            </Tabs.Panel>
          ))}
        </Tabs.Root>
      )}
    </ModalDialog>
  );
}
