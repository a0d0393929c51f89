import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useRef } from "react";
import { emptyItem, isListDraft, join } from "./draft.ts";
import type { ListField } from "./field.ts";
import { itemField } from "./field.ts";
import { FieldGroup } from "./FieldGroup.tsx";
import { ItemButton, SmallButton } from "./FormButtons.tsx";
import type { FieldProps } from "./Labelled.tsx";

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
    <FieldGroup {...props}>
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
    </FieldGroup>
  );
}
