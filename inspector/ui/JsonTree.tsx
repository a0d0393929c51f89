import { ChevronDown, ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import type { Json } from "tickwork/client";
import { classNames } from "./class-names.ts";
import type { JsonRow, OpenState } from "../store/json-rows.ts";
import {
  joinParts,
  keysOf,
  knownAt,
  MEMBERS_AT_ONCE,
  NOTHING_TOGGLED,
  TEXT_AT_ONCE,
  toJsonRows,
} from "../store/json-rows.ts";

interface JsonTreeProps {
  readonly label: string;
  readonly value: Json;
  /** Paths, as `pathOf` writes them, to mark. */
  readonly changed?: ReadonlySet<string> | undefined;
  /** Reads on where the value came cut. Without it, what is missing is only named. */
  readonly load?: ((path: readonly string[], from: number) => Promise<Json>) | undefined;
}

const NOTHING_LOADED = { of: null as Json, parts: new Map<string, Json>() };

/** What is opened stays open while the value changes under it. What was read of it belongs to that value alone. */
export function JsonTree({ label, value, changed, load }: JsonTreeProps) {
  const [state, setState] = useState<OpenState>(NOTHING_TOGGLED);
  const [read, setRead] = useState(NOTHING_LOADED);
  const [problem, setProblem] = useState<string | null>(null);
  const loaded = read.of === value ? read.parts : NOTHING_LOADED.parts;
  const rows = useMemo(() => toJsonRows(value, { ...state, loaded }), [value, state, loaded]);

  const readOn = async (path: string, from: number): Promise<void> => {
    try {
      const part = await load?.(keysOf(path), from);
      if (part === undefined) return;
      setProblem(null);
      setRead((before) => {
        const parts = before.of === value ? before.parts : NOTHING_LOADED.parts;
        const known = knownAt(value, path, parts);
        return { of: value, parts: new Map(parts).set(path, known === undefined ? part : joinParts(known, part)) };
      });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const toggle = ({ path, isOpen, needs }: JsonRow): void => {
    setState({ ...state, toggled: new Map(state.toggled).set(path, isOpen !== true) });
    if (needs !== undefined && isOpen !== true) void readOn(path, needs);
  };
  const showMore = ({ continues: path = "", needs, text }: JsonRow): void => {
    const step = text.endsWith("characters") ? TEXT_AT_ONCE : MEMBERS_AT_ONCE;
    setState({ ...state, shown: new Map(state.shown).set(path, (state.shown.get(path) ?? step) + step) });
    if (needs !== undefined) void readOn(path, needs);
  };
  return (
    <>
      <ul className="tw-json" aria-label={label}>
        {rows.map((row) => (
          <JsonLine
            key={row.path}
            row={row}
            isChanged={changed?.has(row.path) === true}
            canLoad={load !== undefined}
            toggle={toggle}
            showMore={showMore}
          />
        ))}
      </ul>
      {problem !== null && <p className="tw-danger">{problem}</p>}
    </>
  );
}

interface JsonLineProps {
  readonly row: JsonRow;
  readonly isChanged: boolean;
  readonly canLoad: boolean;
  readonly toggle: (row: JsonRow) => void;
  readonly showMore: (row: JsonRow) => void;
}

function JsonLine({ row, isChanged, canLoad, toggle, showMore }: JsonLineProps) {
  const { depth, name, kind, text, isOpen, continues, needs } = row;
  const isOutOfReach = needs !== undefined && !canLoad;
  const Chevron = isOpen === true ? ChevronDown : ChevronRight;
  return (
    <li className={classNames("tw-json-row", isChanged && "tw-is-changed")} style={{ paddingInlineStart: depth * 14 }}>
      {isOpen !== null && !isOutOfReach ? (
        <button type="button" className="tw-json-toggle" aria-expanded={isOpen} onClick={() => toggle(row)}>
          <Chevron size={12} aria-hidden="true" />
          {name !== null && <span className="tw-json-name">{name}</span>}
          {!(kind === "string" && isOpen) && (
            <span className={kind === "string" ? "tw-json-value tw-json-string" : "tw-muted"}>{text}</span>
          )}
        </button>
      ) : continues !== undefined && !isOutOfReach ? (
        <button type="button" className="tw-link" onClick={() => showMore(row)}>
          {text}
        </button>
      ) : (
        <>
          <span className="tw-json-gap" />
          {name !== null && <span className="tw-json-name">{name}</span>}
          <span className={`tw-json-value tw-json-${kind}`}>{text}</span>
        </>
      )}
      {kind === "string" && isOpen === true && <pre className="tw-json-text">{text}</pre>}
      {isChanged && <span className="tw-json-mark">changed</span>}
    </li>
  );
}
