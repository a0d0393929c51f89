import { useId } from "react";
import { isUnionDraft, switchVariant } from "./draft.ts";
import type { Field, UnionField } from "./field.ts";
import { FieldGroup } from "./FieldGroup.tsx";
import type { FieldProps } from "./Labelled.tsx";
import { ObjectMembers } from "./ObjectEditor.tsx";

export function UnionEditor(props: FieldProps & { readonly field: UnionField }) {
  const { field, name, path, draft, problems, onChange } = props;
  const id = useId();
  const union = isUnionDraft(draft) ? draft : { variant: null, draft: undefined };
  const chosen = union.variant === null ? undefined : field.variants[union.variant];
  const isWrong = chosen === undefined && problems.some((each) => each.path === path);
  return (
    <FieldGroup {...props} problems={chosen === undefined ? problems : []}>
      <div className="tw-field">
        <label htmlFor={id}>{name === "" ? (field.title ?? "What it is") : "What it is"}</label>
        <select
          id={id}
          name={path}
          className="tw-input"
          aria-invalid={isWrong || undefined}
          value={union.variant ?? ""}
          onChange={(event) => onChange(switchVariant(field, union, Number(event.target.value)))}
        >
          {chosen === undefined && <option value="">Choose…</option>}
          {field.variants.map(({ title }, index) => (
            // Variants have no identity but their place.
            <option key={index} value={index}>
              {title}
            </option>
          ))}
        </select>
      </div>
      {chosen !== undefined && (
        <VariantEditor
          {...props}
          variant={chosen.field()}
          draft={union.draft}
          onChange={(next) => onChange({ ...union, draft: next })}
        />
      )}
    </FieldGroup>
  );
}

/** Members of an object stand for themselves; anything else is the value. */
function VariantEditor({ variant, ...props }: FieldProps & { readonly variant: Field }) {
  if (variant.kind !== "object")
    return <props.Editor {...props} field={variant} name={variant.title ?? "value"} isRequired />;
  // What tells the variants apart is said by the choice.
  const members = variant.members.filter(({ field }) => {
    const part = field();
    return part.kind !== "choice" || part.options.length !== 1;
  });
  const { isSecret: _secret, ...shown } = variant;
  return (
    <div className="tw-variant">
      <ObjectMembers {...props} field={{ ...shown, members }} fixed={undefined} />
    </div>
  );
}
