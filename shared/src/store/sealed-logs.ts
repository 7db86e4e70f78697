import type { StorageFailure, LogRow, LogTable, Storage } from './storage.ts';
import type { LocalSealer } from './sealed-bytes.ts';
import type { Loss } from './losses.ts';
import { ok, type Result } from '#base/result.ts';

/** How long lost values stay, in milliseconds: 90 days. */
export const HISTORY_KEPT_MS = 90 * 86_400_000;
/** How long changes can be undone, in milliseconds: 30 days, as long as the bin. */
export const CHANGES_KEPT_MS = 30 * 86_400_000;

/** Seals and opens entries of history, changes, quarantine and drafts. */
export interface SealedLogs {
  row(table: LogTable, entry: { readonly key: string; readonly at: string }, content: unknown): Promise<LogRow>;
  read<T>(table: LogTable): Promise<Result<{ readonly row: LogRow; readonly content: T }[], StorageFailure>>;
  find<T>(table: LogTable, key: string): Promise<Result<T | undefined, StorageFailure>>;
  put(table: LogTable, rows: readonly LogRow[]): Promise<Result<void, StorageFailure>>;
  drop(table: LogTable, keys: readonly string[]): Promise<Result<void, StorageFailure>>;
  /** Drops entries older than `before` (ISO time). */
  prune(table: LogTable, before: string): Promise<Result<void, StorageFailure>>;
}

/** The name of a lost value: the same loss is written once, however often it is seen. */
export const lossKey = (loss: Loss): string =>
  `${loss.space}/${loss.table}/${loss.recordId}/${loss.field}/${loss.lostStamp.at}/${loss.winner.stamp.at}`;

/** The logs of a local database. */
export function createSealedLogs(storage: Storage, sealer: LocalSealer): SealedLogs {
  const drop: SealedLogs['drop'] = (table, keys) => storage.transaction('write', [table], (tx) => tx.deleteMany(table, keys));
  return {
    row: async (table, { key, at }, content) => ({ key, at, blob: await sealer.sealJson(table, key, content) }),
    async read<T>(table: LogTable) {
      const rows = await storage.transaction('read', [table], (tx) => tx.log(table));
      if (!rows.ok) return rows;
      const opened = await Promise.all(
        rows.value.map(async (row) => ({ row, content: await sealer.openJson<T>(table, row.key, row.blob) })),
      );
      return ok(opened.flatMap(({ row, content }) => (content === undefined ? [] : [{ row, content }])));
    },
    async find<T>(table: LogTable, key: string) {
      const rows = await storage.transaction('read', [table], (tx) => tx.getMany(table, [key]));
      if (!rows.ok) return rows;
      const [row] = rows.value;
      return ok(row && (await sealer.openJson<T>(table, row.key, row.blob)));
    },
    put: (table, rows) => storage.transaction('write', [table], (tx) => tx.putMany(table, rows)),
    drop,
    async prune(table, before) {
      const rows = await storage.transaction('read', [table], (tx) => tx.log(table));
      if (!rows.ok) return rows;
      const old = rows.value.filter((row) => row.at < before).map((row) => row.key);
      return old.length > 0 ? drop(table, old) : ok(undefined);
    },
  };
}
