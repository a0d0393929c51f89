import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useId, useRef } from "react";
import { classNames } from "../ui/class-names.ts";
import type { Draft, ExtraDraft, ObjectDraft } from "./draft.ts";
import {
  emptyDraft,
  emptyItem,
  isListDraft,
  isObjectDraft,
  isUnionDraft,
  join,
  joinExtra,
  switchVariant,
} from "./draft.ts";
import type { Field, ListField, ObjectField, UnionField } from "./field.ts";
import { itemField } from "./field.ts";
import type { FieldProps } from "./Labelled.tsx";
import { Blank, FixedField } from "./Labelled.tsx";

interface GroupProps extends FieldProps {
  readonly children: ReactNode;
}

/** Several fields with a name; where it may be left out, it is added and taken away as a whole. */
function Group(props: GroupProps) {
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

interface SmallButtonProps {
  readonly icon: typeof Plus;
  readonly text: string;
  readonly isQuiet?: boolean;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

function SmallButton({ icon: Icon, text, isQuiet, isDisabled, onClick }: SmallButtonProps) {
  return (
    <button
      type="button"
      className={classNames("tw-button tw-button-small", isQuiet === true && "tw-button-quiet")}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Icon size={12} aria-hidden="true" /> {text}
    </button>
  );
}

interface ObjectEditorProps extends FieldProps {
  readonly field: ObjectField;
  readonly fixed: ReadonlySet<string> | undefined;
}

export function ObjectEditor(props: ObjectEditorProps) {
  const { field } = props;
  return (
    <Group {...props}>
      {field.members.length === 0 && field.extra === null && <p className="tw-muted">It needs no data.</p>}
      <ObjectMembers {...props} />
    </Group>
  );
}

function ObjectMembers({ field, fixed, ...props }: ObjectEditorProps) {
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

function ItemButton({ icon: Icon, label, isDisabled, onClick }: Omit<SmallButtonProps, "text"> & { label: string }) {
  return (
    <button
      type="button"
      className="tw-button tw-button-icon tw-button-quiet"
      aria-label={label}
      title={label}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Icon size={13} aria-hidden="true" />
    </button>
  );
}

export function ListEditor(props: FieldProps & { readonly field: ListField }) {
  const { field, name, path, draft, problems, onChange, Editor } = props;
  const drafts = isListDraft(draft) ? draft : [];
  const itemsRef = useRef<HTMLDivElement>(null);
  // The one that was acted on keeps the focus, wherever it went.
  const focusItem = (index: number): void =>
    void requestAnimationFrame(() =>
      itemsRef.current?.children[index]?.querySelector<HTMLElement>("input, select, textarea, button")?.focus(),
    );
  const move = (from: number, to: number): void => {
    const moved = drafts.toSpliced(from, 1);
    onChange(moved.toSpliced(to, 0, drafts[from]));
    focusItem(to);
  };
  const remove = (at: number): void => {
    onChange(drafts.toSpliced(at, 1));
    focusItem(Math.max(0, Math.min(at, drafts.length - 2)));
  };
  const label = field.title ?? (name === "" ? "Items" : name);
  return (
    <Group {...props}>
      <div ref={itemsRef} className="tw-list-items">
        {drafts.map((item, index) => {
          const known = itemField(field, index);
          const isFree = index >= field.first.length;
          return known === null ? null : (
            <div key={index} className="tw-list-item">
              <Editor
                Editor={Editor}
                field={known}
                name={String(index + 1)}
                path={join(path, index)}
                draft={item}
                isRequired={isFree || index < field.minItems}
                problems={problems}
                onChange={(next) => onChange(drafts.with(index, next))}
              />
              {isFree && (
                <div className="tw-item-actions" role="group" aria-label={`Item ${index + 1} of ${label}`}>
                  <ItemButton
                    icon={ArrowUp}
                    label={`Move item ${index + 1} up`}
                    isDisabled={index <= field.first.length}
                    onClick={() => move(index, index - 1)}
                  />
                  <ItemButton
                    icon={ArrowDown}
                    label={`Move item ${index + 1} down`}
                    isDisabled={index === drafts.length - 1}
                    onClick={() => move(index, index + 1)}
                  />
                  <ItemButton icon={Trash2} label={`Remove item ${index + 1}`} onClick={() => remove(index)} />
                </div>
              )}
            </div>
          );
        })}
      </div>
      {field.rest !== null && (
        <SmallButton
          icon={Plus}
          text={path === "" ? "Add an item" : `Add to ${label}`}
          isDisabled={drafts.length >= field.maxItems}
          onClick={() => {
            onChange([...drafts, emptyItem(field, drafts.length)]);
            focusItem(drafts.length);
          }}
        />
      )}
    </Group>
  );
}

export function UnionEditor(props: FieldProps & { readonly field: UnionField }) {
  const { field, name, path, draft, problems, onChange } = props;
  const id = useId();
  const union = isUnionDraft(draft) ? draft : { variant: null, draft: undefined };
  const chosen = union.variant === null ? undefined : field.variants[union.variant];
  const isWrong = chosen === undefined && problems.some((each) => each.path === path);
  return (
    <Group {...props} problems={chosen === undefined ? problems : []}>
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
    </Group>
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
