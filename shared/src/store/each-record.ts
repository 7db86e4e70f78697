import { ok, type Result } from '#base/result.ts';
import type { RecordState } from './record-state.ts';
import type { RecordDraft } from './record-commit.ts';
import type { StorageFailure } from './storage.ts';
import type { StoreCore } from './store-core.ts';
import type { StoredRecord } from './stored-record.ts';

/** Records changed by one transaction. */
const batchSize = 200;

type Stored = Promise<Result<void, StorageFailure>>;

/** Changes all records with waiting edits, batch by batch. */
export async function eachWaiting(core: StoreCore, change: (record: StoredRecord) => RecordState): Stored {
  const rows = await core.storage.transaction('read', ['outbox'], (tx) => tx.outbox(Infinity));
  return rows.ok
    ? eachRecord(
        core,
        rows.value.map((row) => row.key),
        change,
      )
    : rows;
}

/** Changes records, batch by batch. */
export async function eachRecord(core: StoreCore, keys: readonly string[], change: (record: StoredRecord) => RecordState): Stored {
  for (let start = 0; start < keys.length; start += batchSize) {
    const changed = await core.records.update(keys.slice(start, start + batchSize), async (stored) => {
      const drafts = stored.map((from): RecordDraft => ({ from, state: change(from) })).filter(({ from, state }) => state !== from.state);
      return ok({ commit: { drafts }, value: undefined });
    });
    if (!changed.ok) return changed;
  }
  return ok(undefined);
}

/** Whether an operation left, or may have left, without an answer so far. */
export const isSent = (record: StoredRecord, op: string): boolean => record.wires.some((wire) => wire.op === op && wire.sent);
