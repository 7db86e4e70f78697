import { ok, type Result } from '#base/result.ts';
import type { RecordState } from './record-state.ts';
import {
  RowExists,
  type LogRow,
  type LogTable,
  type RecordRow,
  type StorageFailure,
  type StorageTransaction,
  type SyncPlace,
  type WireOp,
} from './storage.ts';
import { outboxDiffers, outboxRowOf, type StoredRecord } from './stored-record.ts';

/** A record's next state. */
export interface RecordDraft {
  readonly from: StoredRecord;
  readonly state: RecordState;
  /** Wire forms to keep; those of operations that no longer wait are dropped. By default the ones it had. */
  readonly wires?: readonly WireOp[];
}

/** Rows of a log that are written or dropped with the records. */
export interface LogWrite {
  readonly table: LogTable;
  readonly put?: readonly LogRow[];
  readonly drop?: readonly string[];
}

/** What one transaction writes. */
export interface Commit {
  readonly drafts: readonly RecordDraft[];
  readonly logs?: readonly LogWrite[];
  /** Changes where this database stands towards the server. */
  readonly place?: (place: SyncPlace) => SyncPlace;
}

/** What a commit did, for views, tabs and sync. */
export interface Committed {
  readonly records: readonly StoredRecord[];
  /** Whether a log that screens show was written; the way back from a change is none. */
  readonly logs: boolean;
  /** Where the database stands now, if that changed. */
  readonly place?: SyncPlace | undefined;
}

/** A record's next state, ready to be written. */
export interface SealedDraft {
  readonly from: StoredRecord;
  readonly record: StoredRecord;
  readonly row: RecordRow;
}

/** Writes what was prepared. False when one of the records is not what it was prepared on: then nothing was written. */
export async function writeSealed(tx: StorageTransaction, commit: Commit, sealed: readonly SealedDraft[]): Promise<boolean> {
  const known = sealed.filter(({ from }) => from.rev > 0);
  const before = known.map(({ from }) => from);
  const rows = await tx.getMany(
    'records',
    before.map(({ key }) => key),
  );
  if (!isCurrent(rows, before)) return false;
  // Adding tells by itself whether a record is new: nothing need be read for it.
  await tx.addMany(
    'records',
    sealed.filter(({ from }) => from.rev === 0).map(({ row }) => row),
  );
  await tx.putMany(
    'records',
    known.map(({ row }) => row),
  );
  const changed = sealed.filter((draft) => outboxDiffers(draft.from, draft.record)).map(({ record }) => record);
  await tx.putMany('outbox', changed.flatMap(outboxRowOf));
  await tx.deleteMany(
    'outbox',
    changed.filter(({ outbox }) => !outbox).map(({ key }) => key),
  );
  await writeLogs(tx, commit.logs ?? []);
  return true;
}

/** What a transaction says when a record that was taken for new is there: false, as for any other that is not current. */
export function notCurrent(error: unknown): Result<boolean, StorageFailure> {
  if (error instanceof RowExists) return ok(false);
  throw error;
}

/** Whether stored rows are those that records were loaded from. */
export const isCurrent = (rows: readonly (RecordRow | undefined)[], expected: readonly StoredRecord[]): boolean =>
  expected.every((record, index) => (rows[index]?.rev ?? 0) === record.rev);

async function writeLogs(tx: StorageTransaction, logs: readonly LogWrite[]): Promise<void> {
  for (const log of logs) {
    if (log.put) await tx.putMany(log.table, log.put);
    if (log.drop) await tx.deleteMany(log.table, log.drop);
  }
}
