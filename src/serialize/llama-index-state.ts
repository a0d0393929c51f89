/** LlamaIndex's state store as ours: a dict by its keys, a typed state by its fields. */
import { ContextSerdeError } from "../core/errors.ts";
import { toPlainData } from "../workflow/plain-data.ts";
import { describeIssues } from "../workflow/standard-schema.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { isRecord, type Note } from "./llama-index-shapes.ts";
import { instanceOf, parse, toPlain } from "./llama-index-values.ts";

type Fields = Record<string, unknown>;

/**
 * The fields of a saved state. Throws `ContextSerdeError` for a form that no version writes; a pickle or a store
 * that is elsewhere is noted.
 */
export function readState(state: unknown, note: Note): Fields {
  if (state === null || state === undefined || (isRecord(state) && Object.keys(state).length === 0)) return {};
  if (!isRecord(state)) throw unknownForm("state");
  const { store_type: place = "in_memory", state_data: data } = state;
  if (place !== "in_memory" && place !== null) {
    note("state", `it is kept in a store of type ${JSON.stringify(place)}, of which the payload has only the address`);
    return {};
  }
  if (!Object.hasOwn(state, "state_data")) throw unknownForm("state");
  const path = "state.state_data";
  if (data === null) return {};
  if (typeof data !== "string") return readStateData(data, path, note);
  const parsed = parse(data, path, note);
  return parsed ? readStateData(parsed.value, path, note) : {};
}

function readStateData(data: unknown, path: string, note: Note): Fields {
  if (isRecord(data) && isRecord(data["_data"])) return readDict(data["_data"], `${path}._data`, note);
  const instance = instanceOf(data);
  const fields = instance && toPlain(instance.fields, path, note);
  if (isRecord(fields)) return fields;
  throw unknownForm(path);
}

/** Each value is a text of its own. */
export function readDict(dict: Fields, path: string, note: Note): Fields {
  const result: Fields = {};
  for (const [key, text] of Object.entries(dict)) {
    const parsed = typeof text === "string" ? parse(text, `${path}.${key}`, note) : { value: text };
    if (parsed) result[key] = toPlain(parsed.value, `${path}.${key}`, note);
  }
  return result;
}

function unknownForm(path: string): ContextSerdeError {
  return new ContextSerdeError(
    `The LlamaIndex context is damaged at ${path}: it is neither a dict of values nor a typed state.`,
    { data: { path } },
  );
}

/** With the defaults of the workflow's state schema. What does not fit it is kept as it came, and noted. */
export function fitState({ state: schema }: Workflow, fields: Fields, note: Note): Fields {
  if (!schema) return fields;
  try {
    const result = schema["~standard"].validate(fields);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      throw new TypeError("The schema is asynchronous.");
    }
    if (result.issues !== undefined) throw new TypeError(describeIssues(result.issues));
    const fitting = toPlainData(result.value);
    return isRecord(fitting) ? { ...fields, ...fitting } : fields;
  } catch (error) {
    note("state", `it does not fit the state schema: ${error instanceof Error ? error.message : String(error)}`);
    return fields;
  }
}
