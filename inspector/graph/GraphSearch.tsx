import { Search } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { findNodes } from "./find-nodes.ts";

interface GraphSearchProps {
  readonly onChoose: (id: string) => void;
}

/** Finds a step or an event by its name. The camera moves only when one is chosen. */
export default function GraphSearch({ onChoose }: GraphSearchProps) {
  const { navigation } = useModel();
  const graph = useInspector((state) => state.description?.graph ?? null);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const id = useId();
  const listRef = useRef<HTMLUListElement>(null);
  const inputRef = useRef<HTMLInputElement>(null);
  const found = useMemo(() => (graph === null ? [] : findNodes(graph.nodes, text)), [graph, text]);

  useEffect(() => {
    const before = document.activeElement;
    inputRef.current?.focus();
    return () => {
      // Where something was chosen the focus is there already.
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if (isLost && before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    listRef.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const close = (): void => navigation.openDialog(null);
  const choose = (index: number): void => {
    const node = found[index];
    if (node === undefined) return;
    close();
    onChoose(node.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = found.length - 1;
    if (event.key === "ArrowDown") setActive(active >= last ? 0 : active + 1);
    else if (event.key === "ArrowUp") setActive(active <= 0 ? Math.max(0, last) : active - 1);
    else if (event.key === "Enter") choose(active);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      className="tw-find"
      role="search"
      onKeyDown={onKeyDown}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) close();
      }}
    >
      <div className="tw-search">
        <Search size={14} aria-hidden="true" />
        <input
          ref={inputRef}
          role="combobox"
          aria-label="Find a step or an event"
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={found[active] === undefined ? undefined : `${id}-${active}`}
          placeholder="Step or event"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
        />
      </div>
      <ul ref={listRef} id={`${id}-list`} role="listbox" aria-label="Found" className="tw-find-list" tabIndex={-1}>
        {found.map((node, index) => (
          <li
            key={node.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className={classNames("tw-find-row", index === active && "tw-is-on")}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(index)}
          >
            <span className="tw-cut">{node.name}</span>
            <span className="tw-muted">{node.kind}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="tw-find-none tw-muted">Nothing has this name.</p>}
    </div>
  );
}
