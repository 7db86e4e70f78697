/**
 * What the server may know of a table: its module and its structural fields, each with the reason why it is readable.
 * Every other field is encrypted. This file and the `tables.ts` of each module open no value, so the API may import them.
 */
export interface TableDeclaration {
  /** Module that owns the table. */
  readonly module: string;
  /** Structural fields with the reason why merging or ordering needs them in plaintext. */
  readonly structural: Readonly<Record<string, string>>;
}

/** Structural fields that every table has. */
export const commonStructural = {
  createdAt: 'orders records that were made on different devices',
  deletedAt: 'merging a deletion with edits is decided by the server',
} as const;

/** Declares the tables of a module: names and structural fields. */
export function defineTables<const Tables extends Record<string, Record<string, string>>>(
  module: string,
  tables: Tables,
): { readonly [Name in keyof Tables]: TableDeclaration } {
  const declared = Object.entries(tables).map(([name, structural]) => [
    name,
    { module, structural: { ...commonStructural, ...structural } },
  ]);
  return Object.fromEntries(declared) as { readonly [Name in keyof Tables]: TableDeclaration };
}

/** Whether a field of a declared table is structural; unknown tables have none but the common ones. */
export const isStructural = (table: TableDeclaration | undefined, field: string): boolean =>
  Object.hasOwn(table?.structural ?? commonStructural, field);
