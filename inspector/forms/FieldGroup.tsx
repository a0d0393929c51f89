import { Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { emptyDraft } from "./draft.ts";
import type { Field } from "./field.ts";
import { SmallButton } from "./FormButtons.tsx";
import type { FieldProps } from "./Labelled.tsx";
import { Blank } from "./Labelled.tsx";

interface FieldGroupProps extends FieldProps {
  readonly children: ReactNode;
}

/** Several fields with a name; where it may be left out, it is added and taken away as a whole. */
export function FieldGroup(props: FieldGroupProps) {
  const { field, name, path, draft, isRequired, problems, onChange, children } = props;
  const label = field.title ?? name;
  const isThere = draft !== undefined && draft !== null;
  const problem = problems.find((each) => each.path === path);
  const mayGo = !isRequired || field.isNullable === true;
  if (path === "" && isRequired) return children;
  return (
    <fieldset className="tw-fieldset" name={path}>
      <legend>
        {label} <Blank {...props} label={label} />
      </legend>
      {field.description !== undefined && <p className="tw-muted tw-field-help">{field.description}</p>}
      {isThere && children}
      {problem !== undefined && (
        <p className="tw-danger tw-field-problem" tabIndex={-1} aria-invalid="true">
          {problem.message}
        </p>
      )}
      {!isThere ? (
        <SmallButton icon={Plus} text={`Add ${label}`} onClick={() => onChange(emptyDraft(required(field), true))} />
      ) : (
        mayGo && (
          <SmallButton
            icon={Trash2}
            isQuiet
            text={isRequired ? `Set ${label} to null` : `Leave ${label} out`}
            onClick={() => onChange(isRequired ? null : undefined)}
          />
        )
      )}
    </fieldset>
  );
}

function required<T extends Field>({ isNullable: _nullable, ...field }: T): Field {
  return field as unknown as Field;
}
