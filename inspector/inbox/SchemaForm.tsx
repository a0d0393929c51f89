import { SendHorizontal } from "lucide-react";
import type { FormEvent } from "react";
import { useMemo, useRef, useState } from "react";
import type { Json, JsonObject } from "tickwork/client";
import type { ErrorText } from "../source/error-text.ts";
import { toErrorText } from "../source/error-text.ts";
import { ErrorText as ErrorBox } from "../ui/ErrorText.tsx";
import type { Draft, Problem } from "./draft.ts";
import { emptyDraft, readDraft, toDraft } from "./draft.ts";
import { FieldEditor } from "./FieldEditor.tsx";
import { toField } from "./schema-field.ts";

interface SchemaFormProps {
  readonly schema: JsonObject | null;
  readonly submitLabel: string;
  /** Values to begin with. */
  readonly initial?: Json | undefined;
  /** Rejects with what the engine says; it is shown with its code. */
  readonly onSubmit: (value: Json) => Promise<unknown>;
}

/** A form made from a JSON Schema. It says what is wrong beside the field, sends once, and shows the engine's refusal. */
export function SchemaForm({ schema, submitLabel, initial, onSubmit }: SchemaFormProps) {
  const field = useMemo(() => toField(schema), [schema]);
  const [draft, setDraft] = useState<Draft>(() =>
    initial === undefined ? emptyDraft(field, true) : toDraft(field, initial),
  );
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [refusal, setRefusal] = useState<ErrorText | null>(null);
  const [isSending, setIsSending] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);

  const change = (next: Draft): void => {
    setDraft(next);
    setRefusal(null);
    // Once something was wrong, each correction is acknowledged at once.
    if (problems.length > 0) setProblems(readDraft(field, next, true).problems);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isSending) return;
    const reading = readDraft(field, draft, true);
    setProblems(reading.problems);
    if (reading.problems.length > 0) {
      requestAnimationFrame(() => formRef.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    setIsSending(true);
    setRefusal(null);
    try {
      await onSubmit(reading.value ?? null);
    } catch (error) {
      setRefusal(toErrorText(error));
    } finally {
      setIsSending(false);
    }
  };

  return (
    <form ref={formRef} className="tw-form" noValidate onSubmit={(event) => void submit(event)}>
      <FieldEditor field={field} name="" path="" draft={draft} isRequired problems={problems} onChange={change} />
      {refusal !== null && <ErrorBox error={refusal} />}
      <div className="tw-form-actions">
        <button type="submit" className="tw-button tw-button-primary" disabled={isSending}>
          <SendHorizontal size={13} aria-hidden="true" /> {isSending ? "Sending…" : submitLabel}
        </button>
        {problems.length > 0 && (
          <span className="tw-danger" role="status">
            {problems.length === 1 ? "One field needs another look." : `${problems.length} fields need another look.`}
          </span>
        )}
      </div>
    </form>
  );
}
