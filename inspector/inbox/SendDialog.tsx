import { useId, useState } from "react";
import type { EventNode, WorkflowDescription } from "tickwork/client";
import { useInspector, useModel } from "../ui/model-context.ts";
import { ModalDialog } from "../ui/ModalDialog.tsx";
import { Form } from "../forms/Form.tsx";

/** Sends the open run an event of any kind that it takes: to all who want it, or to one step. */
export default function SendDialog() {
  const { navigation, commands } = useModel();
  const id = useId();
  const runId = useInspector((state) => state.runId);
  const description = useInspector((state) => state.description);
  const kinds = description === null ? [] : takenKinds(description);
  const [chosen, setChosen] = useState<string | null>(null);
  const [step, setStep] = useState("");
  const kind = kinds.find(({ name }) => name === chosen) ?? kinds[0];
  const close = (): void => navigation.openDialog(null);
  return (
    <ModalDialog
      title="Send event"
      description="It goes to whoever waits for it and to every step that accepts it, as if it came from your app."
      onClose={close}
    >
      {kind === undefined || runId === null ? (
        <p className="tw-muted">This workflow takes no events from outside.</p>
      ) : (
        <div className="tw-form">
          <div className="tw-field">
            <label htmlFor={`${id}-kind`}>Event</label>
            <select
              id={`${id}-kind`}
              className="tw-input"
              value={kind.name}
              onChange={(event) => {
                setChosen(event.target.value);
                setStep("");
              }}
            >
              {kinds.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </div>
          {kind.acceptedBy.length > 0 && (
            <div className="tw-field">
              <label htmlFor={`${id}-step`}>To</label>
              <select
                id={`${id}-step`}
                className="tw-input"
                value={step}
                onChange={(event) => setStep(event.target.value)}
              >
                <option value="">Everybody who wants it</option>
                {kind.acceptedBy.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </div>
          )}
          <Form
            key={kind.name}
            schema={description?.events[kind.name]?.schema ?? null}
            submitLabel={`Send ${kind.name}`}
            draftKey={`send ${runId} ${kind.name}`}
            onSubmit={async (data) => {
              await commands.send(runId, { type: kind.name, data }, step === "" ? null : step);
              close();
            }}
          />
        </div>
      )}
    </ModalDialog>
  );
}

/** Those that people send first. A start event begins a run, and a stop event is what a run ends with. */
function takenKinds({ graph }: WorkflowDescription): readonly EventNode[] {
  const isForPeople = ({ role }: EventNode): boolean => role === "humanResponse";
  return graph.nodes
    .filter((node) => node.kind === "event")
    .filter((node) => node.role !== "start" && node.role !== "stop")
    .filter((node) => isForPeople(node) || node.acceptedBy.length > 0)
    .toSorted((a, b) => Number(isForPeople(b)) - Number(isForPeople(a)) || (a.name < b.name ? -1 : 1));
}
