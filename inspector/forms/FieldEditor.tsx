import type { Draft } from "./draft.ts";
import type { ChoiceField, Field, TextField } from "./field.ts";
import type { Control, FieldProps } from "./Labelled.tsx";
import { blankDraft, blankWords, FixedField, Labelled } from "./Labelled.tsx";
import { ListEditor } from "./ListEditor.tsx";
import { fromInputValue, inputOf, timeZone, toInputValue } from "./moment-text.ts";
import { rangeWords } from "./number-text.ts";
import { ObjectEditor } from "./ObjectEditor.tsx";
import { isMoment } from "./text-format.ts";
import { UnionEditor } from "./UnionEditor.tsx";

interface FieldEditorProps extends FieldProps {
  /** Members of the root that are as they must be. */
  readonly fixed?: ReadonlySet<string>;
}

/** One field and what is in it. */
export function FieldEditor({ fixed, ...props }: FieldEditorProps) {
  const { field } = props;
  switch (field.kind) {
    case "object":
      return <ObjectEditor {...props} field={field} fixed={fixed} />;
    case "list":
      return <ListEditor {...props} field={field} />;
    case "union":
      return <UnionEditor {...props} field={field} />;
    case "boolean":
      return <BooleanEditor {...props} />;
    case "choice":
      return <ChoiceEditor {...props} field={field} />;
    case "number":
      return (
        <Labelled {...props} hint={rangeWords(field)}>
          {(control) => (
            <Typed
              {...props}
              control={control}
              className="tw-num"
              inputMode={field.isInteger ? "numeric" : "decimal"}
            />
          )}
        </Labelled>
      );
    case "text":
      return (
        <Labelled {...props} hint={field.format === "date-time" ? `In your time zone, ${timeZone()}` : undefined}>
          {(control) => <TextInput {...props} field={field} control={control} />}
        </Labelled>
      );
    case "json":
      return (
        <Labelled {...props} hint="As JSON">
          {(control) => <Typed {...props} control={control} className="tw-mono" rows={props.name === "" ? 6 : 3} />}
        </Labelled>
      );
  }
}

interface TypedProps extends FieldProps {
  readonly control: Control;
  readonly className?: string;
  readonly inputMode?: "numeric" | "decimal";
  readonly type?: string;
  readonly rows?: number;
}

/** One that is erased means what nothing means at first. */
function Typed({ field, draft, isRequired, onChange, control, className = "", inputMode, type, rows }: TypedProps) {
  const text = typeof draft === "string" ? draft : "";
  const change = (value: string): void => onChange(value === "" ? blankDraft(field, isRequired) : value);
  return rows === undefined ? (
    <input
      {...control}
      className={`tw-input ${className}`}
      type={type ?? "text"}
      inputMode={inputMode}
      value={text}
      onChange={(event) => change(event.target.value)}
    />
  ) : (
    <textarea
      {...control}
      className={`tw-input ${className}`}
      rows={rows}
      spellCheck={className === ""}
      value={text}
      onChange={(event) => change(event.target.value)}
    />
  );
}

const INPUT_TYPES: { readonly [format: string]: string } = { email: "email", uri: "url", url: "url" };

function TextInput(props: FieldProps & { readonly field: TextField; readonly control: Control }) {
  const { field, draft, isRequired, onChange, control } = props;
  const text = typeof draft === "string" ? draft : "";
  const moment = isMoment(field.format) ? toInputValue(field.format, text) : null;
  if (field.isSecret === true) return <Typed {...props} type="password" />;
  if (moment !== null) {
    return (
      <input
        {...control}
        className="tw-input tw-num tw-input-moment"
        type={inputOf(field.format)}
        step={field.format === "date" ? undefined : 1}
        value={moment}
        onChange={({ target: { value } }) =>
          onChange(value === "" ? blankDraft(field, isRequired) : fromInputValue(field, value))
        }
      />
    );
  }
  const isLong =
    (field.maxLength ?? 0) > 200 || text.length > 80 || text.includes("\n") || field.format === "multiline";
  return <Typed {...props} {...(isLong ? { rows: 4 } : { type: INPUT_TYPES[field.format ?? ""] ?? "text" })} />;
}

/** Where it may be left out there are three answers, which a box to tick does not have. */
function BooleanEditor(props: FieldProps) {
  const { field, draft, isRequired, onChange } = props;
  if (blankWords(field, isRequired).length === 0) {
    return (
      <Labelled {...props} isInline>
        {(control) => (
          <input
            type="checkbox"
            {...control}
            checked={draft === true}
            onChange={(event) => onChange(event.target.checked)}
          />
        )}
      </Labelled>
    );
  }
  const choice: ChoiceField = {
    kind: "choice",
    options: [
      { value: true, title: "Yes" },
      { value: false, title: "No" },
    ],
    ...(field.isNullable === true && { isNullable: true }),
    ...titleOf(field),
  };
  return (
    <ChoiceEditor
      {...props}
      field={choice}
      draft={typeof draft === "boolean" ? (draft ? 0 : 1) : draft}
      onChange={(next) => onChange(typeof next === "number" ? next === 0 : next)}
    />
  );
}

function titleOf({ title, description }: Field): Pick<Field, "title" | "description"> {
  return { ...(title !== undefined && { title }), ...(description !== undefined && { description }) };
}

function ChoiceEditor(props: FieldProps & { readonly field: ChoiceField }) {
  const { field, draft, isRequired, onChange } = props;
  const [only, another] = field.options;
  if (only !== undefined && another === undefined && isRequired && field.isNullable !== true) {
    return <FixedField name={field.title ?? props.name} value={only.value} note={field.description} />;
  }
  const value = typeof draft === "number" ? String(draft) : draft === null ? "null" : "";
  const read = (chosen: string): Draft => (chosen === "" ? undefined : chosen === "null" ? null : Number(chosen));
  return (
    <Labelled {...props} draft={isRequired ? draft : (draft ?? 0)}>
      {(control) => (
        <select
          {...control}
          className="tw-input"
          value={value}
          onChange={(event) => onChange(read(event.target.value))}
        >
          {(!isRequired || draft === undefined) && <option value="">{isRequired ? "Choose…" : "Left out"}</option>}
          {field.isNullable === true && <option value="null">null</option>}
          {field.options.map((option, index) => (
            // Options have no identity but their place.
            <option key={index} value={index}>
              {option.title ?? (typeof option.value === "string" ? option.value : JSON.stringify(option.value))}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
