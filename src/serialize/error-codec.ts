/** Errors to data and back: class, message, code, data and cause survive; whatever was thrown has a form. */
import { errorClasses, WorkflowError } from "../core/errors.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import { PlainDataError, toPlainData } from "../workflow/plain-data.ts";

/** In the process where it was thrown, an error comes back as the very same object. */
const originals = new WeakMap<SerializedError, unknown>();

const MAX_CAUSES = 8;

export function encodeError(thrown: unknown): SerializedError {
  const error = describeSafely(thrown, 0);
  originals.set(error, thrown);
  return error;
}

/** The error itself where it was made here, else one rebuilt from its parts. */
export function decodeError(error: SerializedError): unknown {
  if (originals.has(error)) return originals.get(error);
  return error.name === "NonError" ? error.thrown : rebuild(error);
}

/** As `decodeError`, but always an Error: a thrown string or undefined is wrapped. */
export function decodeToError(error: SerializedError): Error {
  const thrown = decodeError(error);
  if (thrown instanceof Error) return thrown;
  return new Error(error.message, { cause: thrown });
}

/** Whatever is thrown, even what throws on being looked at. */
function describeSafely(thrown: unknown, depth: number): SerializedError {
  try {
    return thrown instanceof Error ? describe(thrown, depth) : describeOther(thrown);
  } catch {
    return { name: "Error", message: "Something was thrown that cannot be looked at" };
  }
}

function describe(error: Error, depth: number): SerializedError {
  const data = ownData(error);
  const code = (error as { code?: unknown }).code;
  return {
    name: text(error.name, "Error"),
    message: text(error.message, ""),
    ...(typeof code === "string" && { code }),
    ...(typeof error.stack === "string" && { stack: error.stack }),
    ...(data && { data }),
    ...(error.cause !== undefined &&
      depth < MAX_CAUSES && {
        cause: error.cause instanceof Error ? describe(error.cause, depth + 1) : describeOther(error.cause),
      }),
  };
}

/** An error's own fields may have been overwritten with anything. */
function text(value: unknown, fallback: string): string {
  return typeof value === "string" ? value : fallback;
}

function describeOther(thrown: unknown): SerializedError {
  const kept = keepable(thrown);
  const shown = typeof thrown === "string" ? thrown : safeText(thrown);
  return {
    name: "NonError",
    message: `${shown} was thrown, which is no Error`,
    ...(thrown !== undefined && { thrown: kept === undefined ? shown : kept }),
  };
}

function ownData(error: Error): { [key: string]: unknown } | null {
  const source = error instanceof WorkflowError ? error.data : error;
  const data: { [key: string]: unknown } = {};
  for (const key of Object.keys(source)) {
    if (["name", "message", "stack", "code", "cause"].includes(key)) continue;
    const value = keepable((source as Record<string, unknown>)[key]);
    if (value !== undefined) data[key] = value;
  }
  return Object.keys(data).length > 0 ? data : null;
}

/** The value as plain data; undefined when it cannot be written down. */
function keepable(value: unknown): unknown {
  if (value === undefined) return undefined;
  try {
    return toPlainData(value);
  } catch (error) {
    if (error instanceof PlainDataError) return undefined;
    throw error;
  }
}

function safeText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "Something that has no text";
  }
}

const builtIns: { readonly [name: string]: new (message: string, options?: ErrorOptions) => Error } = {
  __proto__: null as never,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

function rebuild(error: SerializedError): Error {
  const cause = error.cause ? decodeError(error.cause) : undefined;
  const options = cause === undefined ? undefined : { cause };
  const Known = Object.hasOwn(errorClasses, error.name) ? errorClasses[error.name] : undefined;
  const rebuilt = Known
    ? new Known(error.message, {
        ...options,
        ...(error.code && { code: error.code }),
        ...(error.data && { data: error.data }),
      })
    : new (builtIns[error.name] ?? Error)(error.message, options);
  if (!Known) {
    define(rebuilt, "name", error.name);
    if (error.code !== undefined) define(rebuilt, "code", error.code);
    for (const [key, value] of Object.entries(error.data ?? {})) if (!(key in rebuilt)) define(rebuilt, key, value);
  }
  if (error.stack !== undefined) define(rebuilt, "stack", error.stack);
  return rebuilt;
}

function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    configurable: true,
    writable: true,
    enumerable: key !== "name" && key !== "stack",
  });
}
