import { Plus, Trash2 } from "lucide-react";
import type { Draft, ExtraDraft, ObjectDraft } from "./draft.ts";
import { emptyDraft, isObjectDraft, join, joinExtra } from "./draft.ts";
import type { ObjectField } from "./field.ts";
import { FieldGroup } from "./FieldGroup.tsx";
import { ItemButton, SmallButton } from "./FormButtons.tsx";
import type { FieldProps } from "./Labelled.tsx";
import { FixedField } from "./Labelled.tsx";

interface ObjectEditorProps extends FieldProps {
  readonly field: ObjectField;
  readonly fixed: ReadonlySet<string> | undefined;
}

export function ObjectEditor(props: ObjectEditorProps) {
  const { field } = props;
  return (
    <FieldGroup {...props}>
      {field.members.length === 0 && field.extra === null && <p className="tw-muted">It needs no data.</p>}
      <ObjectMembers {...props} />
    </FieldGroup>
  );
}

export function ObjectMembers({ field, fixed, ...props }: ObjectEditorProps) {
  const { path, draft, problems, onChange, Editor } = props;
  const { members, extras }: ObjectDraft = isObjectDraft(draft) ? draft : { members: {}, extras: [] };
  const draftOf = (name: string): Draft => (Object.hasOwn(members, name) ? members[name] : undefined);
  return (
    <>
      {field.members.map((member) =>
        fixed?.has(member.name) === true ? (
          <FixedField
            key={member.name}
            name={member.field().title ?? member.name}
            value={shownOf(draftOf(member.name))}
            note="The wait asks for this value."
          />
        ) : (
          <Editor
            Editor={Editor}
            key={member.name}
            field={member.field()}
            name={member.name}
            path={join(path, member.name)}
            draft={draftOf(member.name)}
            isRequired={member.isRequired}
            problems={problems}
            onChange={(next) => onChange({ members: { ...members, [member.name]: next }, extras })}
          />
        ),
      )}
      {field.extra !== null && (
        <ExtraEditors
          {...props}
          field={field}
          extra={field.extra}
          extras={extras}
          onExtras={(next) => onChange({ members, extras: next })}
        />
      )}
    </>
  );
}

function shownOf(draft: Draft): string {
  return typeof draft === "string" ? draft : JSON.stringify(draft);
}

interface ExtraEditorsProps extends FieldProps {
  readonly extra: NonNullable<ObjectField["extra"]>;
  readonly extras: readonly ExtraDraft[];
  readonly onExtras: (extras: readonly ExtraDraft[]) => void;
}

/** Members with names of their own. */
function ExtraEditors({ extra, extras, onExtras, path, problems, Editor }: ExtraEditorsProps) {
  const change = (at: number, part: Partial<ExtraDraft>): void =>
    onExtras(extras.map((each, index) => (index === at ? { ...each, ...part } : each)));
  return (
    <>
      {extras.map((each, index) => {
        const at = joinExtra(path, each, index);
        return (
          // They have no identity but their place.
          <div key={index} className="tw-list-item tw-extra">
            <Editor
              Editor={Editor}
              field={{ ...extra.name(), title: "Name" }}
              name="name"
              path={join(at, "name")}
              draft={each.name}
              isRequired
              problems={problems}
              onChange={(name) => change(index, { name })}
            />
            <Editor
              Editor={Editor}
              field={extra.value()}
              name="Value"
              path={at}
              draft={each.value}
              isRequired
              problems={problems}
              onChange={(value) => change(index, { value })}
            />
            <ItemButton
              icon={Trash2}
              label={`Remove ${typeof each.name === "string" && each.name !== "" ? each.name : `member ${index + 1}`}`}
              onClick={() => onExtras(extras.filter((_, other) => other !== index))}
            />
          </div>
        );
      })}
      <SmallButton
        icon={Plus}
        text="Add a member"
        onClick={() => onExtras([...extras, { name: "", value: emptyDraft(extra.value(), true) }])}
      />
    </>
  );
}
