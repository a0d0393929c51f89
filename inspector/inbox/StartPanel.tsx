import type { ReactNode } from "react";
import type { WorkflowDescription } from "tickwork/client";
import { useModel } from "../ui/model-context.ts";
import { Form } from "../forms/Form.tsx";

/** What a host may put in place of the generated form for a workflow; null keeps the form. */
export interface StartPanelProps {
  readonly workflow: WorkflowDescription;
  /** Starts the workflow and opens its run. Rejects with the engine's error. */
  readonly start: (input: unknown) => Promise<string>;
}

export type RenderStart = (props: StartPanelProps) => ReactNode;

interface Props {
  readonly workflow: WorkflowDescription;
  readonly renderStart: RenderStart | undefined;
}

/** Starts one workflow: by the host's own panel, or by a form made from the start event. */
export function StartPanel({ workflow, renderStart }: Props) {
  const { commands } = useModel();
  const start = (input: unknown): Promise<string> => commands.start(workflow.name, input);
  const panel = renderStart?.({ workflow, start });
  if (panel !== null && panel !== undefined && panel !== false) return <div className="tw-yours">{panel}</div>;
  return (
    <Form
      schema={workflow.events[workflow.startEvent]?.schema ?? null}
      submitLabel={`Start ${workflow.name}`}
      draftKey={`start ${workflow.name}`}
      onSubmit={start}
    />
  );
}
