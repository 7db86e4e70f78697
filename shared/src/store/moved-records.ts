import type { OpenRecord, Write } from './store.ts';

/** A record that moves, with what it says there where that differs: a reference to what stays behind, for instance. */
export interface MovedRecord {
  readonly record: Pick<OpenRecord<object>, 'id' | 'space' | 'table' | 'values' | 'createdAt'>;
  readonly instead?: Readonly<Record<string, unknown>>;
}

/**
 * The writes that move records into another space: each is written there whole, under its id, and deleted where it was. In one batch they are
 * one transaction and one undo; what is written there leaves the device first, so that nothing is gone from one space before it is in the other.
 */
export const moveWrites = (records: readonly MovedRecord[], to: string): readonly Write[] => [
  ...records.map(({ record: { id, table, values, createdAt }, instead }): Write => {
    return { kind: 'put', table, id, space: to, values: { ...values, createdAt, ...instead } };
  }),
  ...records.map(({ record: { id, table, space } }): Write => ({ kind: 'remove', table, id, space })),
];
