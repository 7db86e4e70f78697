/** JSON as a record's field may hold it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * What a field may hold. Checked for every field of every record that is shown, and part of the first screen: plain functions,
 * because a schema library costs a tenth of that screen's scripts and many times the time (docs/decisions/field-kinds.md).
 */
export interface FieldKind<Value extends JsonValue = JsonValue> {
  /** The value as it is kept; undefined when it does not fit. */
  read(value: unknown): Value | undefined;
}

/** The values of a kind. */
export type KindValue<Kind> = Kind extends FieldKind<infer Value> ? Value : never;

const matching = (pattern: RegExp): FieldKind<string> => ({
  read: (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined),
});

/** Any text, up to `max` characters where that is given. */
export const text = ({ max = Infinity }: { readonly max?: number } = {}): FieldKind<string> => ({
  read: (value) => (typeof value === 'string' && value.length <= max ? value : undefined),
});

/** One line that names something: trimmed, never empty, at most `max` characters. */
export const title = (max: number): FieldKind<string> => ({
  read(value) {
    const trimmed = typeof value === 'string' ? value.trim() : '';
    return trimmed !== '' && trimmed.length <= max ? trimmed : undefined;
  },
});

/** A local calendar day, `YYYY-MM-DD`. */
export const day: FieldKind<string> = matching(/^\d{4}-\d{2}-\d{2}$/);

/** A local time of day, `HH:MM`. */
export const timeOfDay: FieldKind<string> = matching(/^\d{2}:\d{2}$/);

/** A moment, ISO 8601 UTC with milliseconds. */
export const instant: FieldKind<string> = matching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);

/** Id of another record: a lower-case UUID. */
export const reference: FieldKind<string> = matching(/^[0-9a-f-]{36}$/);

/** Yes or no. */
export const flag: FieldKind<boolean> = { read: (value) => (typeof value === 'boolean' ? value : undefined) };

/** A whole number from `min` to `max`. */
export const integer = ({ min, max }: { readonly min: number; readonly max: number }): FieldKind<number> => ({
  read: (value) => (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined),
});

/** Texts in an order. */
export const texts: FieldKind<readonly string[]> = {
  read: (value) => (Array.isArray(value) && value.every((item): item is string => typeof item === 'string') ? value : undefined),
};

/** A value of a kind, or null for none. */
export const optional = <Value extends JsonValue>(kind: FieldKind<Value>): FieldKind<Value | null> => ({
  read: (value) => (value === null ? null : kind.read(value)),
});
