import { RotateCcw, SendHorizontal } from "lucide-react";
import type { FormEvent } from "react";
import { useMemo, useRef, useState } from "react";
import type { Json, JsonObject } from "tickwork/client";
import type { ErrorText } from "../source/error-text.ts";
import { toErrorText } from "../source/error-text.ts";
import { markOf } from "../store/drafts.ts";
import { ErrorText as ErrorBox } from "../ui/ErrorText.tsx";
import { useModel } from "../ui/model-context.ts";
import type { Draft } from "./draft.ts";
import { draftWith, emptyDraft, toDraft } from "./draft.ts";
import { FieldEditor } from "./FieldEditor.tsx";
import { issuesOf } from "./issues-of.ts";
import type { Problem, Value } from "./read-draft.ts";
import { readDraft, withoutSecrets } from "./read-draft.ts";
import { toField } from "./schema-field.ts";

export interface SchemaFormProps {
  readonly schema: JsonObject | null;
  readonly submitLabel: string;
  /** The value to begin with. */
  readonly initial?: Json | undefined;
  /** Members that are as they must be. What is hidden of them is asked for. */
  readonly fixed?: JsonObject | undefined;
  /** Under it what is typed is kept over reloads, until it is sent. */
  readonly draftKey?: string | undefined;
  /** It is being sent already, from here or elsewhere on the page. */
  readonly isBusy?: boolean | undefined;
  /** Tells the value as far as it can be read. */
  readonly onValue?: ((value: Value) => void) | undefined;
  /** Rejects with what the engine says; it is shown at the fields it names, or with its code. */
  readonly onSubmit: (value: Value) => Promise<unknown>;
}

/** A form made from a JSON Schema. It says what is wrong beside the field, sends once, and shows the engine's refusal. */
export default function SchemaForm({
  schema,
  submitLabel,
  initial,
  fixed,
  draftKey,
  isBusy,
  onValue,
  onSubmit,
}: SchemaFormProps) {
  const { drafts } = useModel();
  const field = useMemo(() => toField(schema), [schema]);
  const mark = useMemo(() => markOf(schema), [schema]);
  const [begin] = useState<Draft>(() =>
    fixed !== undefined
      ? draftWith(field, fixed)
      : initial !== undefined
        ? toDraft(field, initial)
        : emptyDraft(field, true),
  );
  const [kept] = useState(() => (draftKey === undefined ? undefined : (drafts.read(draftKey, mark) as Draft)));
  const [draft, setDraft] = useState<Draft>(kept ?? begin);
  const [isRestored, setIsRestored] = useState(kept !== undefined);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [refusal, setRefusal] = useState<ErrorText | null>(null);
  const [isSending, setIsSending] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);
  const given = useMemo(() => new Set(Object.entries(fixed ?? {}).flatMap(([name, value]) => (isShown(value) ? [name] : []))), [fixed]); // prettier-ignore
  const isWaiting = isSending || isBusy === true;

  const change = (next: Draft): void => {
    setDraft(next);
    setRefusal(null);
    if (draftKey !== undefined) drafts.write(draftKey, mark, withoutSecrets(field, next));
    // Once something was wrong, each correction is acknowledged at once.
    if (problems.length > 0 || onValue !== undefined) {
      const reading = readDraft(field, next, true);
      if (problems.length > 0) setProblems(reading.problems);
      onValue?.(reading.value);
    }
  };
  const beginAnew = (): void => {
    setDraft(begin);
    setIsRestored(false);
    setProblems([]);
    if (draftKey !== undefined) drafts.clear(draftKey);
    onValue?.(readDraft(field, begin, true).value);
  };
  const showProblems = (found: readonly Problem[]): void => {
    setProblems(found);
    requestAnimationFrame(() => formRef.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isWaiting) return;
    const reading = readDraft(field, draft, true);
    const found = [...reading.problems, ...halfTyped(formRef.current)];
    if (found.length > 0) return showProblems(found);
    setProblems([]);
    setIsSending(true);
    setRefusal(null);
    try {
      await onSubmit(reading.value ?? null);
      if (draftKey !== undefined) drafts.clear(draftKey);
      setIsRestored(false);
    } catch (error) {
      const issues = issuesOf(error);
      if (issues.length > 0) showProblems(issues);
      if (issues.length === 0 || issues.some(({ path }) => path === "")) setRefusal(toErrorText(error));
    } finally {
      setIsSending(false);
    }
  };

  return (
    <form ref={formRef} className="tw-form" noValidate onSubmit={(event) => void submit(event)}>
      {isRestored && (
        <p className="tw-form-note tw-muted">
          What you typed before is here again.{" "}
          <button type="button" className="tw-link" onClick={beginAnew}>
            <RotateCcw size={11} aria-hidden="true" /> Begin anew
          </button>
        </p>
      )}
      <FieldEditor
        field={field}
        name=""
        path=""
        draft={draft}
        isRequired
        problems={problems}
        onChange={change}
        Editor={FieldEditor}
        fixed={given}
      />
      {refusal !== null && <ErrorBox error={refusal} />}
      <div className="tw-form-actions">
        <button type="submit" className="tw-button tw-button-primary" disabled={isWaiting} aria-busy={isWaiting}>
          <SendHorizontal size={13} aria-hidden="true" /> {isWaiting ? "Sending…" : submitLabel}
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

function isShown(value: unknown): boolean {
  return !JSON.stringify(value).includes('"[redacted]"');
}

/** A date of which only the day is typed reads as nothing. */
function halfTyped(form: HTMLFormElement | null): readonly Problem[] {
  return [...(form?.querySelectorAll("input") ?? [])]
    .filter((input) => input.validity.badInput)
    .map(({ name }) => ({ path: name, message: "This is typed in part only." }));
}
