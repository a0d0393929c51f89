import { ChevronDown, ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import type { Json } from "tickwork/client";
import { classNames } from "./class-names.ts";
import type { OpenState } from "./json-rows.ts";
import { MEMBERS_AT_ONCE, NOTHING_TOGGLED, toJsonRows } from "./json-rows.ts";

interface JsonTreeProps {
  readonly label: string;
  readonly value: Json;
  /** Paths, as `pathOf` writes them, to mark. */
  readonly changed?: ReadonlySet<string> | undefined;
}

/** What is opened stays open while the value changes under it. */
export function JsonTree({ label, value, changed }: JsonTreeProps) {
  const [state, setState] = useState<OpenState>(NOTHING_TOGGLED);
  const rows = useMemo(() => toJsonRows(value, state), [value, state]);
  const toggle = (path: string, isOpen: boolean): void =>
    setState({ ...state, toggled: new Map(state.toggled).set(path, !isOpen) });
  const showMore = (path: string): void =>
    setState({
      ...state,
      shown: new Map(state.shown).set(path, (state.shown.get(path) ?? MEMBERS_AT_ONCE) + MEMBERS_AT_ONCE),
    });
  return (
    <ul className="tw-json" aria-label={label}>
      {rows.map(({ path, depth, name, kind, text, isOpen, continues }) => (
        <li
          key={path}
          className={classNames("tw-json-row", changed?.has(path) && "tw-is-changed")}
          style={{ paddingInlineStart: depth * 14 }}
        >
          {isOpen !== null ? (
            <button
              type="button"
              className="tw-json-toggle"
              aria-expanded={isOpen}
              onClick={() => toggle(path, isOpen)}
            >
              {isOpen ? <ChevronDown size={12} aria-hidden="true" /> : <ChevronRight size={12} aria-hidden="true" />}
              {name !== null && <span className="tw-json-name">{name}</span>}
              <span className="tw-muted">{text}</span>
            </button>
          ) : continues !== undefined ? (
            <button type="button" className="tw-link" onClick={() => showMore(continues)}>
              {text}
            </button>
          ) : (
            <>
              <span className="tw-json-gap" />
              {name !== null && <span className="tw-json-name">{name}</span>}
              <span className={`tw-json-value tw-json-${kind}`}>{text}</span>
            </>
          )}
          {changed?.has(path) === true && <span className="tw-json-mark">changed</span>}
        </li>
      ))}
    </ul>
  );
}
