/** Values and events as LlamaIndex's serializer writes them: JSON with the Python class beside it, or a pickle. */
import { WorkflowConfigurationError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import { own } from "../core/json.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import { checkEvent, type AnyEventKind } from "../workflow/event.ts";
import { isRecord, type LlamaIndexAttempt, type Note } from "./llama-index-shapes.ts";

/** Our event kind, or its type, by the Python class: `"app.events.Query"`, or `"Query"` wherever it is. */
export type EventNames = Readonly<Record<string, AnyEventKind | string>>;

export interface PythonEvent extends WorkflowEvent {
  /** `module.Class` */
  readonly className: string;
}

export interface EventReader {
  /** The type of our kind for a Python class; undefined when there is none. */
  typeOf(className: string): string | undefined;
  /** null, and noted, when it cannot be carried over. */
  read(text: string, path: string): PythonEvent | null;
}

/** Throws `WorkflowConfigurationError` for a name that leads to no kind. */
export function createEventReader(
  { kinds, start, stop }: CompiledWorkflow,
  events: EventNames,
  note: Note,
): EventReader {
  const given = new Map<string, AnyEventKind>();
  for (const [name, kind] of Object.entries(events)) {
    if (typeof kind === "string") continue;
    if (typeof (kind as AnyEventKind | undefined)?.type !== "string") {
      throw new WorkflowConfigurationError(`events: ${name} leads to no event kind. Give a kind, or its type.`);
    }
    given.set(kind.type, kind);
  }
  const typeOf = (className: string): string | undefined => {
    const short = shortName(className);
    const named = own(events, className) ?? own(events, short);
    if (named !== undefined) return typeof named === "string" ? named : named.type;
    if (kinds.has(short)) return short;
    if (!isBuiltIn(className)) return undefined;
    return short === "StartEvent" ? start.type : short === "StopEvent" ? stop.type : undefined;
  };
  const read = (text: string, path: string): PythonEvent | null => {
    const parsed = parse(text, path, note);
    if (!parsed) return null;
    const instance = instanceOf(parsed.value);
    if (!instance) {
      note(path, "it is no event: it names no class");
      return null;
    }
    const { className } = instance;
    const type = typeOf(className);
    if (type === undefined) {
      note(path, `no event kind is known for ${className}; name one in "events"`);
      return null;
    }
    const fields = toPlain(instance.fields, path, note);
    const isResult = isBuiltIn(className) && shortName(className) === "StopEvent" && isRecord(fields);
    try {
      const data = isResult ? (fields["result"] ?? null) : fields;
      return { ...checkEvent(given.get(type) ?? kinds.get(type), { type, data }), className };
    } catch (error) {
      note(path, `${className} does not fit: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };
  return { typeOf, read };
}

export function shortName(className: string): string {
  return className.slice(className.lastIndexOf(".") + 1);
}

function isBuiltIn(className: string): boolean {
  return /^(?:workflows|llama_index\.core\.workflow)(?:\.\w+)*\.\w+$/.test(className);
}

/** The value of a text; null, and noted, when it is no JSON. */
export function parse(text: string, path: string, note: Note): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    const reason = /^[\w+/]+={0,2}$/.test(text)
      ? "a pickled Python value can only be read by Python"
      : /\b(?:NaN|Infinity)\b/.test(text)
        ? "it is no JSON: it holds NaN or Infinity"
        : "it is no JSON";
    note(path, reason);
    return null;
  }
}

interface Instance {
  readonly className: string;
  readonly fields: unknown;
}

/** What stands for an instance of a Python class; null for anything else. */
export function instanceOf(value: unknown): Instance | null {
  if (!isRecord(value) || !(value["__is_pydantic"] || value["__is_component"])) return null;
  const { qualified_name: className, value: fields } = value;
  if (typeof className !== "string" || className === "") return null;
  if (!isRecord(fields)) return { className, fields: fields ?? {} };
  // Events keep what they were given beyond their declared fields in `_data`.
  const { _data: more, ...declared } = fields;
  return { className, fields: isRecord(more) ? { ...more, ...declared } : fields };
}

/** Deeper values are cut off: nothing made by hand is, and the saved run refuses them. */
const MAX_DEPTH = 300;

/** Plain JSON data. Of instances the fields stay; that their class is lost is noted. */
export function toPlain(value: unknown, path: string, note: Note, depth = 0): unknown {
  if (typeof value === "number") {
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) note(path, "a number this large may be rounded");
    if (Number.isFinite(value)) return value;
    note(path, "a number too large for JavaScript; null stands in its place");
    return null;
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) {
    note(path.slice(0, 200), "it is nested too deeply; null stands in its place");
    return null;
  }
  if (Array.isArray(value)) return value.map((item, index) => toPlain(item, `${path}.${index}`, note, depth + 1));
  const instance = instanceOf(value);
  if (instance) {
    note(path, `the class ${instance.className}; its fields are kept as plain data`);
    return toPlain(instance.fields, path, note, depth + 1);
  }
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === "__proto__") note(`${path}.${key}`, "a field of that name cannot be kept");
    else result[key] = toPlain(item, `${path}.${key}`, note, depth + 1);
  }
  return result;
}

/** Python's seconds as milliseconds. Undefined, and noted, for what is no time since the epoch. */
export function toMilliseconds(seconds: number | null | undefined, path: string, note: Note): number | undefined {
  if (seconds === null || seconds === undefined) return undefined;
  // Older versions wrote the seconds since the machine was started.
  if (seconds >= EARLIEST && seconds <= LATEST) return Math.round(seconds * 1000);
  note(path, `${seconds} is no time since 1970`);
  return undefined;
}

/** 2001 and the end of JavaScript's calendar, in seconds. */
const EARLIEST = 1e9;
const LATEST = 8.64e12;

export function toError({ last_exception: exception }: LlamaIndexAttempt, path: string, note: Note): SerializedError {
  if (!exception) {
    note(`${path}.last_exception`, "the error of the last attempt was not saved");
    return { name: "Error", message: "The last attempt failed in LlamaIndex, which did not save the error." };
  }
  const name = shortName(exception.exception_type);
  return {
    // "NonError" is our own mark for what is no error.
    name: name === "" || name === "NonError" ? "Error" : name,
    message: exception.exception_message,
    data: { pythonType: exception.exception_type },
  };
}
