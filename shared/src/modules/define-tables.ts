/**
 * What the server may know of a table: its module and its structural fields, each with the reason why it is readable.
 * Every other field is encrypted. This file and the `tables.ts` of each module open no value, so the API may import them.
 */
export interface TableDeclaration {
  /** Module that owns the table. */
  readonly module: string;
  /** Structural fields with the reason why merging or ordering needs them in plaintext. */
  readonly structural: Readonly<Record<string, string>>;
  /** Of whom the table holds exactly one record; its id is derived from that owner (`singleton-id.ts`). */
  readonly singleton?: SingletonOwner;
}

/** Whose record a singleton is: the account's, kept in its personal space, or the space's. */
export type SingletonOwner = 'account' | 'space';

/** Structural fields that every table has. */
export const commonStructural = {
  createdAt: 'orders records that were made on different devices',
  deletedAt: 'merging a deletion with edits is decided by the server',
} as const;

/** Declares the tables of a module: names and structural fields, and which of them hold one record of each owner. */
export function defineTables<const Tables extends Record<string, Record<string, string>>>(
  module: string,
  tables: Tables,
  singletons: { readonly [Name in keyof Tables]?: SingletonOwner } = {},
): { readonly [Name in keyof Tables]: TableDeclaration } {
  const declared = Object.entries(tables).map(([name, structural]): [string, TableDeclaration] => {
    const singleton = singletons[name];
    return [name, { module, structural: { ...commonStructural, ...structural }, ...(singleton ? { singleton } : {}) }];
  });
  return Object.fromEntries(declared) as { readonly [Name in keyof Tables]: TableDeclaration };
}

/** Whether a field of a declared table is structural; unknown tables have none but the common ones. */
export const isStructural = (table: TableDeclaration | undefined, field: string): boolean =>
  Object.hasOwn(table?.structural ?? commonStructural, field);
