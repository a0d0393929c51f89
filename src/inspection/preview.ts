/** Short texts and sizes of values that may be huge: work is bounded by what is shown, not by what is there. */

/** The first characters of a value as JSON would write it. */
export function previewOf(value: unknown, length = 120): string {
  const writer = new Preview(length);
  writer.write(value, 0);
  return writer.text;
}

class Preview {
  text = "";
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  /** False once the text is full. */
  #add(part: string): boolean {
    const room = this.#length - this.text.length;
    if (part.length <= room) {
      this.text += part;
      return true;
    }
    if (!this.text.endsWith("…")) this.text = `${this.text}${part.slice(0, Math.max(0, room))}…`;
    return false;
  }

  write(value: unknown, depth: number): boolean {
    if (typeof value === "string") return this.#add(JSON.stringify(value.slice(0, this.#length + 1)));
    if (typeof value === "bigint") return this.#add(`${value}n`);
    if (typeof value !== "object" || value === null) return this.#add(String(value));
    if (value instanceof Date) return this.#add(Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString());
    if (value instanceof Map) return this.#add(`Map(${value.size})`);
    if (value instanceof Set) return this.#add(`Set(${value.size})`);
    if (value instanceof ArrayBuffer) return this.#add(`ArrayBuffer(${value.byteLength})`);
    if (ArrayBuffer.isView(value)) return this.#add(`${value.constructor.name}(${value.byteLength})`);
    if (depth > 4) return this.#add(Array.isArray(value) ? "[…]" : "{…}");
    return Array.isArray(value) ? this.#list(value, depth) : this.#object(value as Record<string, unknown>, depth);
  }

  #list(items: readonly unknown[], depth: number): boolean {
    if (!this.#add("[")) return false;
    for (const [index, item] of items.entries()) {
      if (index > 0 && !this.#add(", ")) return false;
      if (!this.write(item, depth + 1)) return false;
    }
    return this.#add("]");
  }

  #object(object: Record<string, unknown>, depth: number): boolean {
    if (!this.#add("{")) return false;
    let first = true;
    for (const key in object) {
      if (!this.#add(`${first ? "" : ", "}${key}: `) || !this.write(object[key], depth + 1)) return false;
      first = false;
    }
    return this.#add("}");
  }
}

const sizes = new WeakMap<object, number>();

/** About how many characters a value takes as JSON; strings count by their length without being looked at. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 5;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return Math.ceil(value.byteLength * 1.34);
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let size = 2;
  if (Array.isArray(value) || value instanceof Set) for (const item of value) size += sizeOf(item) + 1;
  else if (value instanceof Map) for (const [key, item] of value) size += sizeOf(key) + sizeOf(item) + 4;
  else for (const key in value) size += key.length + 4 + sizeOf((value as Record<string, unknown>)[key]);
  sizes.set(value, size);
  return size;
}
