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
  row(table: LogTable, entry: Omit<LogRow, 'blob'>, content: unknown): Promise<LogRow>;
  read<T>(table: LogTable): Promise<Result<{ readonly row: LogRow; readonly content: T }[], StorageFailure>>;
  find<T>(table: LogTable, key: string): Promise<Result<T | undefined, StorageFailure>>;
  put(table: LogTable, rows: readonly LogRow[]): Promise<Result<void, StorageFailure>>;
  drop(table: LogTable, keys: readonly string[]): Promise<Result<void, StorageFailure>>;
  /** Dates what was written by an unmeasured clock, and drops what is older than `keptMs`. `nowMs` must come from a measured clock. */
  prune(table: LogTable, age: { readonly nowMs: number; readonly keptMs: number }): Promise<Result<void, StorageFailure>>;
}

/** The name of a lost value: the same loss is written once, however often it is seen. */
export const lossKey = (loss: Loss): string =>
  `${loss.space}/${loss.table}/${loss.recordId}/${loss.field}/${loss.lostStamp.at}/${loss.winner.stamp.at}`;

/** The logs of a local database. */
export function createSealedLogs(storage: Storage, sealer: LocalSealer): SealedLogs {
  const drop: SealedLogs['drop'] = (table, keys) => storage.transaction('write', [table], (tx) => tx.deleteMany(table, keys));
  return {
    row: async (table, entry, content) => ({ ...entry, blob: await sealer.sealJson(table, entry.key, content) }),
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
    prune(table, { nowMs, keptMs }) {
      const [now, oldest] = [nowMs, nowMs - keptMs].map((ms) => new Date(ms).toISOString());
      return storage.transaction('write', [table], async (tx) => {
        const rows = await tx.log(table);
        const undated = rows.filter((row) => row.undated);
        await tx.putMany(
          table,
          undated.map(({ key, blob }) => ({ key, blob, at: now ?? '' })),
        );
        await tx.deleteMany(
          table,
          rows.filter((row) => !row.undated && row.at < (oldest ?? '')).map((row) => row.key),
        );
      });
    },
  };
}
