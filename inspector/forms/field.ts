/** The fields of a form: what a JSON Schema says, as far as a form can ask for it. Parts are made when they are looked at: a schema may contain itself. */
import type { Json } from "tickwork/client";

interface FieldBase {
  readonly title?: string;
  readonly description?: string;
  /** Present when the schema has a default. */
  readonly default?: Json;
  readonly isNullable?: boolean;
  /** What is typed is not shown, and not kept in a draft. */
  readonly isSecret?: boolean;
}

export interface TextField extends FieldBase {
  readonly kind: "text";
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** The value is a Date, not its text. */
  readonly isDate?: boolean;
}

export interface NumberField extends FieldBase {
  readonly kind: "number";
  readonly isInteger: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

export interface BooleanField extends FieldBase {
  readonly kind: "boolean";
}

/** One of some values; of a single one, which is then given. */
export interface ChoiceField extends FieldBase {
  readonly kind: "choice";
  readonly options: readonly Option[];
}

export interface Option {
  readonly value: Json;
  readonly title?: string;
}

/** `first` are the fields of its first items, `rest` that of each other one; null: there are no others. */
export interface ListField extends FieldBase {
  readonly kind: "list";
  readonly first: readonly Lazy<Field>[];
  readonly rest: Lazy<Field> | null;
  readonly minItems: number;
  readonly maxItems: number;
  readonly areUnique?: boolean;
}

export interface ObjectField extends FieldBase {
  readonly kind: "object";
  readonly members: readonly Member[];
  /** Of members with names of their own; null: there are none. */
  readonly extra: { readonly name: Lazy<Field>; readonly value: Lazy<Field> } | null;
}

export interface Member {
  readonly name: string;
  readonly field: Lazy<Field>;
  readonly isRequired: boolean;
}

export interface UnionField extends FieldBase {
  readonly kind: "union";
  readonly variants: readonly Variant[];
}

export interface Variant {
  readonly title: string;
  readonly field: Lazy<Field>;
}

/** Anything: typed as JSON. */
export interface JsonField extends FieldBase {
  readonly kind: "json";
}

export type Field =
  | TextField
  | NumberField
  | BooleanField
  | ChoiceField
  | ListField
  | ObjectField
  | UnionField
  | JsonField;

export type Lazy<T> = () => T;

/** The field of the item at an index; null: there is none. */
export function itemField(field: ListField, index: number): Field | null {
  return (field.first[index] ?? field.rest)?.() ?? null;
}
