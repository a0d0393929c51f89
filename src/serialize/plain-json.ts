/** What claims to be JSON from outside, before anything else looks at it: copied, bounded, and nothing but JSON. */
import { ContextSerdeError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";

/** Values of all kinds in one file, and characters in its texts and names. A run of a million ticks has less. */
const MOST_VALUES = 30_000_000;
const MOST_CHARACTERS = 2 ** 29;
/** Levels of nesting; event data may have 500 by itself. */
const DEEPEST = 1_000;

/**
 * A copy that shares nothing with what was given and is JSON all through; a key named `__proto__` is data like any
 * other. Throws `ContextSerdeError`: RUN_FILE_TOO_LARGE beyond the limits, RUN_FILE_UNREADABLE for what is no JSON,
 * nested too deeply, or contains itself; both name the place.
 */
export function toPlainJson(value: unknown): Json {
  return new Copy().of(value, 0);
}

/** Throws as `toPlainJson` does, for what `JSON.parse` gave: it may be too large or too deep, and numbers may be endless. */
export function assertPlainJson(value: unknown): asserts value is Json {
  const room = { values: MOST_VALUES, characters: MOST_CHARACTERS };
  if (!isFit(value, 0, room)) new Check().look(value, 0);
}

/** Without a place to name: a hundred thousand ticks are nearly always right. */
function isFit(value: unknown, depth: number, room: { values: number; characters: number }): boolean {
  room.values -= 1;
  if (typeof value === "string") return (room.characters -= value.length) >= 0;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  if (depth > DEEPEST || room.values < 0) return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) if (!isFit(value[index], depth + 1, room)) return false;
    return true;
  }
  for (const key in value) {
    room.values -= 1;
    room.characters -= key.length;
    if (!isFit((value as Record<string, unknown>)[key], depth + 1, room)) return false;
  }
  return true;
}

/** A walk through a value that knows where it is. */
class Walk {
  readonly #path: (string | number)[] = [];
  #values = 0;
  #characters = 0;

  protected enter(key: string | number): void {
    this.#path.push(key);
  }

  protected leave(): void {
    this.#path.pop();
  }

  protected count(characters: number): void {
    this.#values += 1;
    this.#characters += characters;
    if (this.#values <= MOST_VALUES && this.#characters <= MOST_CHARACTERS) return;
    throw new ContextSerdeError(
      `This file is too large to be opened: more than ${MOST_VALUES} values or ${MOST_CHARACTERS} characters, at ${this.#where()}.`,
      { code: "RUN_FILE_TOO_LARGE", data: { path: this.#where(), values: MOST_VALUES, characters: MOST_CHARACTERS } },
    );
  }

  /** What a number must be, and how deep an object may be. */
  protected hold(value: number | object, depth: number): void {
    if (typeof value !== "number") {
      if (depth > DEEPEST) throw this.refuse("it is nested too deeply, or contains itself");
    } else if (!Number.isFinite(value)) throw this.refuse(`${value} is no JSON`);
  }

  protected refuse(why: string): ContextSerdeError {
    return new ContextSerdeError(`This is no exported run: ${why}, at ${this.#where()}.`, {
      code: "RUN_FILE_UNREADABLE",
      data: { path: this.#where() },
    });
  }

  /** Where it stands; of a deep place the beginning. */
  #where(): string {
    return this.#path.slice(0, 8).join(".").slice(0, 200) || "(the whole file)";
  }
}

class Check extends Walk {
  look(value: unknown, depth: number): void {
    this.count(typeof value === "string" ? value.length : 0);
    if (typeof value === "number") this.hold(value, depth);
    if (typeof value !== "object" || value === null) return;
    this.hold(value, depth);
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) this.#at(index, value[index], depth);
      return;
    }
    for (const key of Object.keys(value)) {
      this.count(key.length);
      this.#at(key, (value as Record<string, unknown>)[key], depth);
    }
  }

  #at(key: string | number, value: unknown, depth: number): void {
    this.enter(key);
    this.look(value, depth + 1);
    this.leave();
  }
}

class Copy extends Walk {
  of(value: unknown, depth: number): Json {
    this.count(0);
    switch (typeof value) {
      case "string":
        this.count(value.length);
        return value;
      case "boolean":
        return value;
      case "number":
        this.hold(value, depth);
        return value;
      case "object":
        if (value === null) return null;
        this.hold(value, depth);
        return Array.isArray(value) ? this.#list(value, depth) : this.#object(value, depth);
      default:
        throw this.refuse(`${value === undefined ? "undefined" : `a ${typeof value}`} is no JSON`);
    }
  }

  #list(list: readonly unknown[], depth: number): Json {
    const copy: Json[] = [];
    // Not what is iterated: a hole in a list is no JSON either.
    for (let index = 0; index < list.length; index++) copy.push(this.#at(index, list[index], depth));
    return copy;
  }

  #object(object: object, depth: number): Json {
    const prototype: unknown = Object.getPrototypeOf(object);
    // Of another realm, such as a frame: an object whose prototype is the last one.
    const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
    if (!isPlain) throw this.refuse("an instance of a class is no JSON");
    const copy: { [key: string]: Json } = {};
    for (const [key, item] of Object.entries(object)) {
      if (item === undefined) continue;
      this.count(key.length);
      const value = this.#at(key, item, depth);
      if (key !== "__proto__") copy[key] = value;
      else Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return copy;
  }

  #at(key: string | number, value: unknown, depth: number): Json {
    this.enter(key);
    const copy = this.of(value, depth + 1);
    this.leave();
    return copy;
  }
}
