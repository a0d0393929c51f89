import type { ComponentType, ReactNode } from "react";
import { useId } from "react";
import type { Draft } from "./draft.ts";
import type { Field } from "./field.ts";
import type { Problem } from "./read-draft.ts";

export interface FieldProps {
  readonly field: Field;
  /** Empty for the root, which has no label of its own. */
  readonly name: string;
  readonly path: string;
  readonly draft: Draft;
  readonly isRequired: boolean;
  readonly problems: readonly Problem[];
  readonly onChange: (draft: Draft) => void;
  /** Draws the fields of a field. */
  readonly Editor: ComponentType<FieldProps>;
}

/** What an input needs to belong to its label, its help and its problem. */
export interface Control {
  readonly id: string;
  readonly name: string;
  readonly "aria-invalid": boolean | undefined;
  readonly "aria-describedby": string | undefined;
  readonly "aria-required": boolean | undefined;
  readonly autoComplete: "off";
}

interface LabelledProps extends FieldProps {
  readonly isInline?: boolean;
  readonly hint?: string | undefined;
  readonly children: (control: Control) => ReactNode;
}

/** An input with its name, what it is for, and what is wrong with it. */
export function Labelled(props: LabelledProps) {
  const { field, name, path, isRequired, problems, isInline, hint, children } = props;
  const id = useId();
  const problem = problems.find((each) => isAt(field, path, each.path));
  const label = field.title ?? (name === "" ? "Value" : name);
  const help = [field.description, hint].filter(Boolean).join(" · ");
  const describedBy = [help === "" ? null : `${id}-help`, problem === undefined ? null : `${id}-problem`]
    .filter(Boolean)
    .join(" ");
  const control = children({
    id,
    name: path,
    "aria-invalid": problem === undefined ? undefined : true,
    "aria-describedby": describedBy === "" ? undefined : describedBy,
    "aria-required": isRequired || undefined,
    autoComplete: "off",
  });
  return (
    <div className={isInline === true ? "tw-field tw-field-inline" : "tw-field"}>
      {isInline === true && control}
      <div className="tw-field-head">
        <label htmlFor={id}>{label}</label>
        <Blank {...props} label={label} />
      </div>
      {isInline !== true && control}
      {help !== "" && (
        <p id={`${id}-help`} className="tw-muted tw-field-help">
          {help}
        </p>
      )}
      {problem !== undefined && (
        <p id={`${id}-problem`} className="tw-danger tw-field-problem">
          {problem.message}
        </p>
      )}
    </div>
  );
}

/** Raw JSON has one place for all that is wrong inside it. */
function isAt(field: Field, path: string, problem: string): boolean {
  return problem === path || (field.kind === "json" && problem.startsWith(path === "" ? "" : `${path}.`));
}

const BLANK_WORDS = { absent: "left out", null: "null", empty: "empty text" } as const;
type BlankWord = keyof typeof BLANK_WORDS;

export function blankWords(field: Field, isRequired: boolean): readonly BlankWord[] {
  return [
    ...(isRequired ? [] : ["absent" as const]),
    ...(field.isNullable === true ? ["null" as const] : []),
    ...(field.kind === "text" &&
    (field.minLength ?? 0) === 0 &&
    field.pattern === undefined &&
    field.format === undefined
      ? ["empty" as const]
      : []),
  ];
}

/** What an input with nothing in it means at first. */
export function blankDraft(field: Field, isRequired: boolean): Draft {
  return draftOf(blankWords(field, isRequired)[0] ?? "empty");
}

function draftOf(word: BlankWord): Draft {
  return word === "absent" ? undefined : word === "null" ? null : "";
}

/** A field with nothing in it says what that means; where it may mean several things, one can choose. */
export function Blank({ field, draft, isRequired, onChange, label }: FieldProps & { readonly label: string }) {
  const words = blankWords(field, isRequired);
  const word: BlankWord | null =
    draft === undefined ? "absent" : draft === null ? "null" : draft === "" ? "empty" : null;
  if (word === null || !words.includes(word)) {
    return isRequired ? null : <span className="tw-muted tw-field-blank">optional</span>;
  }
  if (words.length === 1)
    return word === "empty" ? null : <span className="tw-muted tw-field-blank">{BLANK_WORDS[word]}</span>;
  return (
    <select
      className="tw-field-blank tw-blank-choice"
      aria-label={`${label}: what nothing means`}
      value={word}
      onChange={(event) => onChange(draftOf(event.target.value as BlankWord))}
    >
      {words.map((each) => (
        <option key={each} value={each}>
          {BLANK_WORDS[each]}
        </option>
      ))}
    </select>
  );
}

/** What cannot be otherwise is shown, not asked for. */
export function FixedField({ name, value, note }: { name: string; value: unknown; note?: string | undefined }) {
  return (
    <div className="tw-field">
      <span className="tw-field-head">{name}</span>
      <code className="tw-field-fixed">{typeof value === "string" ? value : JSON.stringify(value)}</code>
      {note !== undefined && <p className="tw-muted tw-field-help">{note}</p>}
    </div>
  );
}
