/** A value as SQLite keeps it. */
export type SqliteValue = string | number | null | Uint8Array;
type Row = Record<string, SqliteValue>;

interface Statement {
  readonly columnNames: readonly string[];
  all(...values: readonly SqliteValue[]): Row[];
  get(...values: readonly SqliteValue[]): Row | null;
  run(...values: readonly SqliteValue[]): { readonly changes: number };
}

/** SQLite as Bun brings it along: the peers' own drivers want a compiler. */
export interface Sqlite {
  /** A statement, prepared once. */
  query(sql: string): Statement;
  transaction(work: () => unknown): () => unknown;
  serialize(): Uint8Array;
  close(): void;
}

/** Opens a database; `:memory:` is one. */
export async function sqliteOpener(): Promise<(path: string) => Sqlite> {
  const name = 'bun:sqlite';
  const { Database } = (await import(name)) as { Database: new (path: string) => Sqlite };
  return (path) => new Database(path);
}
