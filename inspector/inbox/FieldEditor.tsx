import { Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useId } from "react";
import type { Draft, Problem } from "./draft.ts";
import { emptyDraft, join } from "./draft.ts";
import type { ChoiceField, Field, ListField, ObjectField } from "./schema-field.ts";

interface FieldEditorProps {
  readonly field: Field;
  /** Empty for the root, which has no label of its own. */
  readonly name: string;
  readonly path: string;
  readonly draft: Draft;
  readonly isRequired: boolean;
  readonly problems: readonly Problem[];
  readonly onChange: (draft: Draft) => void;
}

/** One field and what is in it. */
export function FieldEditor(props: FieldEditorProps) {
  const { field, draft, onChange, name, isRequired } = props;
  switch (field.kind) {
    case "object":
      return <ObjectEditor {...props} field={field} />;
    case "list":
      return <ListEditor {...props} field={field} />;
    case "boolean":
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
    case "choice":
      return (
        <Labelled {...props}>
          {(control) => (
            <Choice field={field} control={control} draft={draft} isRequired={isRequired} onChange={onChange} />
          )}
        </Labelled>
      );
    case "number":
      return (
        <Labelled {...props}>
          {(control) => (
            <input
              {...control}
              className="tw-input tw-num"
              inputMode={field.isInteger ? "numeric" : "decimal"}
              value={typeof draft === "string" ? draft : ""}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Labelled>
      );
    case "text": {
      const text = typeof draft === "string" ? draft : "";
      const isLong = (field.maxLength ?? 0) > 200 || text.length > 80 || text.includes("\n");
      return (
        <Labelled {...props}>
          {(control) =>
            isLong ? (
              <textarea
                {...control}
                className="tw-input"
                rows={4}
                value={text}
                onChange={(event) => onChange(event.target.value)}
              />
            ) : (
              <input
                {...control}
                className="tw-input"
                type={field.format === "email" ? "email" : field.format === "uri" ? "url" : "text"}
                value={text}
                onChange={(event) => onChange(event.target.value)}
              />
            )
          }
        </Labelled>
      );
    }
    case "json":
      return (
        <Labelled {...props} hint={name === "" ? "Data as JSON" : "As JSON"}>
          {(control) => (
            <textarea
              {...control}
              className="tw-input tw-mono"
              rows={name === "" ? 6 : 3}
              spellCheck={false}
              value={typeof draft === "string" ? draft : ""}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Labelled>
      );
  }
}

interface Control {
  readonly id: string;
  readonly name: string;
  readonly "aria-invalid": boolean | undefined;
  readonly "aria-describedby": string | undefined;
  readonly "aria-required": boolean | undefined;
  readonly autoComplete: "off";
}

interface LabelledProps extends Omit<FieldEditorProps, "draft" | "onChange"> {
  readonly isInline?: boolean;
  readonly hint?: string;
  readonly children: (control: Control) => ReactNode;
}

function Labelled({ field, name, path, isRequired, problems, isInline, hint, children }: LabelledProps) {
  const id = useId();
  const problem = problems.find((each) => each.path === path);
  const label = field.title ?? (name === "" ? (hint ?? "Value") : name);
  const help = [field.description, name === "" ? undefined : hint].filter(Boolean).join(" · ");
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
      <label htmlFor={id}>
        {label}
        {!isRequired && <span className="tw-muted"> optional</span>}
      </label>
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

interface ChoiceProps {
  readonly field: ChoiceField;
  readonly control: Control;
  readonly draft: Draft;
  readonly isRequired: boolean;
  readonly onChange: (draft: Draft) => void;
}

function Choice({ field, control, draft, isRequired, onChange }: ChoiceProps) {
  return (
    <select
      {...control}
      className="tw-input"
      value={typeof draft === "number" ? draft : ""}
      onChange={(event) => onChange(event.target.value === "" ? undefined : Number(event.target.value))}
    >
      {(!isRequired || draft === undefined || field.isNullable === true) && (
        <option value="">{isRequired ? "Choose…" : "None"}</option>
      )}
      {field.options.map((option, index) => (
        // Options have no identity but their place.
        <option key={index} value={index}>
          {typeof option === "string" ? option : JSON.stringify(option)}
        </option>
      ))}
    </select>
  );
}

function ObjectEditor({
  field,
  name,
  path,
  draft,
  isRequired,
  problems,
  onChange,
}: FieldEditorProps & { readonly field: ObjectField }) {
  const drafts = (draft ?? {}) as { readonly [name: string]: Draft };
  const members = field.members.map((member) => (
    <FieldEditor
      key={member.name}
      field={member.field}
      name={member.name}
      path={join(path, member.name)}
      draft={drafts[member.name]}
      isRequired={member.isRequired}
      problems={problems}
      onChange={(next) => onChange({ ...drafts, [member.name]: next })}
    />
  ));
  if (name === "") return field.members.length === 0 ? <p className="tw-muted">It needs no data.</p> : <>{members}</>;
  return (
    <fieldset className="tw-fieldset">
      <legend>
        {field.title ?? name}
        {!isRequired && <span className="tw-muted"> optional</span>}
      </legend>
      {field.description !== undefined && <p className="tw-muted tw-field-help">{field.description}</p>}
      {draft === undefined ? (
        <button type="button" className="tw-button tw-button-small" onClick={() => onChange(emptyDraft(field, true))}>
          <Plus size={12} aria-hidden="true" /> Add {name}
        </button>
      ) : (
        <>
          {members}
          {!isRequired && (
            <button
              type="button"
              className="tw-button tw-button-small tw-button-quiet"
              onClick={() => onChange(undefined)}
            >
              <Trash2 size={12} aria-hidden="true" /> Leave {name} out
            </button>
          )}
        </>
      )}
    </fieldset>
  );
}

function ListEditor({
  field,
  name,
  path,
  draft,
  isRequired,
  problems,
  onChange,
}: FieldEditorProps & { readonly field: ListField }) {
  const drafts = Array.isArray(draft) ? (draft as readonly Draft[]) : [];
  const problem = problems.find((each) => each.path === path);
  return (
    <fieldset className="tw-fieldset">
      <legend>
        {field.title ?? (name === "" ? "Items" : name)}
        {!isRequired && <span className="tw-muted"> optional</span>}
      </legend>
      {field.description !== undefined && <p className="tw-muted tw-field-help">{field.description}</p>}
      {drafts.map((item, index) => (
        <div key={index} className="tw-list-item">
          <FieldEditor
            field={field.item}
            name={String(index + 1)}
            path={join(path, index)}
            draft={item}
            isRequired
            problems={problems}
            onChange={(next) => onChange(drafts.map((known, at) => (at === index ? next : known)))}
          />
          <button
            type="button"
            className="tw-button tw-button-icon tw-button-quiet"
            aria-label={`Remove item ${index + 1}`}
            onClick={() => onChange(drafts.filter((_, at) => at !== index))}
          >
            <Trash2 size={13} aria-hidden="true" />
          </button>
        </div>
      ))}
      {problem !== undefined && <p className="tw-danger tw-field-problem">{problem.message}</p>}
      <button
        type="button"
        className="tw-button tw-button-small"
        disabled={field.maxItems !== undefined && drafts.length >= field.maxItems}
        onClick={() => onChange([...drafts, emptyDraft(field.item, true)])}
      >
        <Plus size={12} aria-hidden="true" /> Add an item
      </button>
    </fieldset>
  );
}
