import { err, ok } from '#base/result.ts';
import {
  RowExists,
  type LogRow,
  type OutboxRow,
  type RecordRow,
  type Storage,
  type StorageRows,
  type StorageTable,
  type StorageTransaction,
} from './storage.ts';

type Rows = Map<string, StorageRows[StorageTable]>;

/** What a memory storage holds; outlives the storages opened on it, as a disk outlives a process. */
export interface MemoryDisk {
  readonly tables: Record<StorageTable, Rows>;
  /** End of the last transaction: transactions run one after the other. */
  tail: Promise<void>;
}

/** An empty disk. */
export const createMemoryDisk = (): MemoryDisk => ({
  tables: {
    records: new Map(),
    outbox: new Map(),
    history: new Map(),
    changes: new Map(),
    quarantine: new Map(),
    drafts: new Map(),
    meta: new Map(),
  },
  tail: Promise.resolve(),
});

/** A disk with the same rows; nothing that happens to one shows on the other. */
export const copyMemoryDisk = ({ tables }: MemoryDisk): MemoryDisk => ({
  tables: {
    records: new Map(tables.records),
    outbox: new Map(tables.outbox),
    history: new Map(tables.history),
    changes: new Map(tables.changes),
    quarantine: new Map(tables.quarantine),
    drafts: new Map(tables.drafts),
    meta: new Map(tables.meta),
  },
  tail: Promise.resolve(),
});

const newestFirst = (a: RecordRow, b: RecordRow): number =>
  a._updatedAtIndex === b._updatedAtIndex ? compareText(b.key, a.key) : compareText(b._updatedAtIndex, a._updatedAtIndex);

const compareText = (a: string, b: string): number => (a === b ? 0 : a > b ? 1 : -1);

/** One transaction: reads see its own writes, and nothing reaches the disk before `commit`. */
function createTransaction(disk: MemoryDisk): { tx: StorageTransaction; commit: () => void } {
  const written: { table: StorageTable; key: string; row: StorageRows[StorageTable] | undefined }[] = [];
  const pending = new Map<string, StorageRows[StorageTable] | undefined>();
  const set = (table: StorageTable, key: string, row: StorageRows[StorageTable] | undefined): void => {
    written.push({ table, key, row });
    pending.set(`${table}\n${key}`, row);
  };
  const get = (table: StorageTable, key: string): StorageRows[StorageTable] | undefined =>
    pending.has(`${table}\n${key}`) ? pending.get(`${table}\n${key}`) : disk.tables[table].get(key);
  const all = (table: StorageTable): StorageRows[StorageTable][] => {
    const rows = new Map(disk.tables[table]);
    for (const entry of written) {
      if (entry.table !== table) continue;
      if (entry.row) rows.set(entry.key, entry.row);
      else rows.delete(entry.key);
    }
    return [...rows.values()];
  };
  const tx: StorageTransaction = {
    getMany: async <T extends StorageTable>(table: T, keys: readonly string[]) =>
      keys.map((key) => get(table, key) as StorageRows[T] | undefined),
    putMany: async (table, rows) => rows.forEach((row) => set(table, row.key, row)),
    addMany: async (table, rows) => {
      for (const row of rows) {
        if (get(table, row.key)) throw new RowExists();
        set(table, row.key, row);
      }
    },
    deleteMany: async (table, keys) => keys.forEach((key) => set(table, key, undefined)),
    newest: async ({ scope, after, limit }) => {
      const rows = (all('records') as RecordRow[]).filter((row) => row.scope === scope).toSorted(newestFirst);
      return (after ? rows.filter((row) => newestFirst(row, after) > 0) : rows).slice(0, limit);
    },
    recordKeys: async ({ prefix, after = '', limit }) =>
      all('records')
        .map((row) => row.key)
        .filter((key) => key.startsWith(prefix) && key > after)
        .toSorted(compareText)
        .slice(0, limit),
    countRecords: async (prefix) => all('records').filter((row) => row.key.startsWith(prefix)).length,
    outbox: async (limit) =>
      (all('outbox') as OutboxRow[]).toSorted((a, b) => compareText(a.order, b.order) || compareText(a.key, b.key)).slice(0, limit),
    log: async (table) => (all(table) as LogRow[]).toSorted((a, b) => compareText(b.at, a.at) || compareText(b.key, a.key)),
  };
  const commit = (): void => {
    for (const { table, key, row } of written) {
      if (row) disk.tables[table].set(key, row);
      else disk.tables[table].delete(key);
    }
  };
  return { tx, commit };
}

/** A storage that forgets with its disk: for tests, and where a browser offers no database. */
export function createMemoryStorage(disk: MemoryDisk = createMemoryDisk()): Storage {
  let closed = false;
  return {
    async transaction(_mode, _tables, work) {
      const before = disk.tail;
      let release: () => void = () => undefined;
      disk.tail = new Promise((resolve) => (release = resolve));
      await before;
      try {
        if (closed) return err('DATABASE_CLOSED');
        const { tx, commit } = createTransaction(disk);
        const value = await work(tx);
        if (closed) return err('DATABASE_CLOSED');
        commit();
        return ok(value);
      } finally {
        release();
      }
    },
    async close() {
      closed = true;
    },
  };
}
