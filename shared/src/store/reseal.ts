import { ZERO_STAMP } from '#base/hybrid-clock.ts';
import { ok, type Result } from '#base/result.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import { isVoid } from '#wire/merge.ts';
import { eachRecord } from './each-record.ts';
import { isDeleted, SEED_EPOCH, shownField, type PendingField, type PendingOp, type RecordState } from './record-state.ts';
import type { ResealSlice, ResealStep } from './outbox-store.ts';
import type { StorageFailure } from './storage.ts';
import type { StoreCore } from './store-core.ts';

/**
 * Queues the values of a slice that an older key sealed, to be sealed under the newest one. Invariant 1: stamp, actor, origin and value stay;
 * by the merge rule the newer key wins over the same write, and loses to every newer one. Invariant 2: done again, or in another tab,
 * it queues nothing twice. What lies in the bin stays as it is: it goes when the bin is emptied, and a restoration writes it whole.
 */
export async function resealSlice(core: StoreCore, { space, before, limit }: ResealSlice): Promise<Result<ResealStep, StorageFailure>> {
  const prefix = `${space}/`;
  const read = await core.storage.transaction('read', ['records'], async (tx) => ({
    slice: await tx.recordKeys({ prefix, after: before?.after, limit }),
    count: before?.total ?? (await tx.countRecords(prefix)),
  }));
  if (!read.ok) return read;
  const { slice, count } = read.value;
  let queued = 0;
  const resealed = await eachRecord(core, slice, ({ state }) => {
    const next = withReseal(core, state);
    if (next !== state) queued += 1;
    return next;
  });
  if (!resealed.ok) return resealed;
  const done = (before?.done ?? 0) + slice.length;
  const isOver = slice.length < limit && queued === 0;
  return ok({ after: isOver ? undefined : (slice.at(-1) ?? before?.after), done, total: Math.max(done, count), queued });
}

function withReseal(core: StoreCore, state: RecordState): RecordState {
  if (isDeleted(state) || state.pending.some(({ housekeeping }) => housekeeping)) return state;
  const epoch = core.currentEpoch(state.space);
  const restoration = shownField(state, DELETED_AT);
  const fields: Record<string, PendingField> = {};
  for (const [name, field] of Object.entries(state.acked)) {
    const { v, at, actor, origin } = field;
    const isOld = field.iv !== '' && field.epoch > SEED_EPOCH && field.epoch < epoch;
    if (isOld && !isVoid(name, field, restoration && { ...restoration, epoch: SEED_EPOCH })) fields[name] = { v, at, actor, origin };
  }
  if (Object.keys(fields).length === 0) return state;
  const { madeMs } = core.deviceClock.read();
  const op: PendingOp = { op: core.newId(), fields, madeMs, trusted: true, base: ZERO_STAMP, fixed: true, housekeeping: true };
  return { ...state, pending: [op, ...state.pending] };
}
