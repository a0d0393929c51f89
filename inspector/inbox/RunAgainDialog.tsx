import { useEffect, useMemo, useState } from "react";
import type { Json } from "tickwork/client";
import type { ErrorText } from "../source/error-text.ts";
import { toErrorText } from "../source/error-text.ts";
import { formatPlural } from "../store/format.ts";
import { inputChanges } from "../store/input-changes.ts";
import { ErrorText as ErrorBox } from "../ui/ErrorText.tsx";
import { JsonTree } from "../ui/JsonTree.tsx";
import { pathOf } from "../store/json-rows.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { ModalDialog } from "../ui/ModalDialog.tsx";
import { Skeleton } from "../ui/Skeleton.tsx";
import type { Value } from "../forms/read-draft.ts";
import { Form } from "../forms/Form.tsx";

/** Starts the open run's workflow anew, with its input to edit and, beside it, as it was. */
export default function RunAgainDialog() {
  const { navigation, source } = useModel();
  const runId = useInspector((state) => state.runId);
  const workflow = useInspector((state) => (state.runId === null ? null : (state.runs[state.runId]?.workflow ?? null)));
  const served = useInspector((state) => state.workflows.find(({ name }) => name === workflow) ?? null);
  const [input, setInput] = useState<{ readonly value: Json } | null>(null);
  const [problem, setProblem] = useState<ErrorText | null>(null);

  useEffect(() => {
    let isOpen = true;
    if (runId === null) return undefined;
    source.readTick(runId, 1).then(
      ({ tick }) => {
        const { data } = tick["event"] as { readonly data: Json };
        if (isOpen) setInput({ value: data });
      },
      (error: unknown) => {
        if (isOpen) setProblem(toErrorText(error));
      },
    );
    return () => {
      isOpen = false;
    };
  }, [runId, source]);

  return (
    <ModalDialog title={`Run ${workflow ?? ""} again`} isWide onClose={() => navigation.openDialog(null)}>
      {served === null ? (
        <p className="tw-muted">This engine does not serve {workflow ?? "its workflow"}, so it cannot start it.</p>
      ) : problem !== null ? (
        <ErrorBox error={problem} />
      ) : input === null ? (
        <Skeleton label="Loading its input" rows={3} />
      ) : (
        <EditedInput
          workflow={served.name}
          schema={served.events[served.startEvent]?.schema ?? null}
          input={input.value}
        />
      )}
    </ModalDialog>
  );
}

interface EditedInputProps {
  readonly workflow: string;
  readonly schema: Parameters<typeof Form>[0]["schema"];
  readonly input: Json;
}

function EditedInput({ workflow, schema, input }: EditedInputProps) {
  const { commands } = useModel();
  const [edited, setEdited] = useState<Value>(input);
  const { changed, added, count } = useMemo(() => inputChanges(input, edited ?? null), [input, edited]);
  const paths = useMemo(() => new Set(changed.filter((keys) => keys.length > 0).map(pathOf)), [changed]);
  return (
    <div className="tw-again">
      <section className="tw-section" aria-label="Input of the new run">
        <h3>New input</h3>
        <Form
          schema={schema}
          submitLabel={`Start ${workflow}`}
          initial={input}
          onValue={setEdited}
          onSubmit={(value) => commands.start(workflow, value)}
        />
      </section>
      <section className="tw-section tw-again-before" aria-label="Input of the run before">
        <h3>Before</h3>
        <p className="tw-muted" role="status">
          {count === 0 ? "Nothing differs yet." : `${formatPlural(count, "difference")} to the new input.`}
        </p>
        <JsonTree label="Input of the run before" value={input} changed={paths} />
        {added.length > 0 && (
          <p className="tw-muted tw-break">
            New:{" "}
            {added
              .slice(0, 20)
              .map((keys) => keys.join("."))
              .join(", ")}
          </p>
        )}
      </section>
    </div>
  );
}
