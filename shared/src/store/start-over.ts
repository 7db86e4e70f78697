import { ZERO_STAMP } from '#base/hybrid-clock.ts';
import type { Result } from '#base/result.ts';
import { eachRecord, eachWaiting, isSent } from './each-record.ts';
import { SEED_EPOCH, type HeldField, type PendingField, type PendingOp, type RecordState } from './record-state.ts';
import type { StorageFailure, SyncPlace } from './storage.ts';
import type { StoreCore } from './store-core.ts';

type Stored = Promise<Result<void, StorageFailure>>;

/** A server that goes on from an earlier point: its generation, and up to where each space's history is shared. */
export interface NewLife {
  readonly generation: number;
  readonly shared: Readonly<Record<string, number>>;
  readonly movePlace: (change: (place: SyncPlace) => SyncPlace) => Stored;
}

/**
 * Goes on with a server that was set back. Within the running generation only the named spaces start over; in another one a space that is
 * not named shares nothing. Invariant 1: what was acknowledged beyond the shared point is offered again, byte for byte.
 * Invariant 2: interrupted anywhere and done again, it offers nothing twice. Invariant 3: stamps of what was sent stay.
 */
export async function startOver(core: StoreCore, { generation, shared, movePlace }: NewLife): Stored {
  const isSameLife = generation === core.records.place().generation;
  const sharedSeqOf = (space: string): number => shared[space] ?? (isSameLife ? Infinity : 0);
  // What was sent may have been built upon: its stamps stay.
  const fixed = await eachWaiting(core, (record) => {
    const isLoose = (op: PendingOp): boolean => !op.fixed && isSent(record, op.op);
    if (!record.state.pending.some(isLoose)) return record.state;
    return { ...record.state, pending: record.state.pending.map((op) => (isLoose(op) ? { ...op, fixed: true } : op)) };
  });
  if (!fixed.ok) return fixed;
  const keys = await core.storage.transaction('read', ['records'], (tx) => tx.recordKeys({ prefix: '' }));
  const offered = keys.ok ? await eachRecord(core, keys.value, ({ state }) => withOffer(core, state, sharedSeqOf(state.space))) : keys;
  if (!offered.ok) return offered;
  return movePlace((place) => ({
    ...place,
    generation,
    cursors: Object.fromEntries(Object.entries(place.cursors).map(([space, seq]) => [space, Math.min(seq, sharedSeqOf(space))])),
  }));
}

/** Puts what was acknowledged beyond `sharedSeq` in front of what waits, and forgets the numbers that a lost history gave it. */
function withOffer(core: StoreCore, state: RecordState, sharedSeq: number): RecordState {
  if (state.seq <= sharedSeq) return state;
  const offer = offerOf(core, state);
  return { ...state, seq: sharedSeq, pending: offer ? [offer, ...state.pending] : state.pending };
}

const isOffered = ({ pending }: RecordState, name: string, { at, epoch, iv }: HeldField): boolean =>
  pending.some(({ fields }) => {
    const field = fields[name];
    return field?.sealed !== undefined && field.at === at && field.sealed.epoch === epoch && field.sealed.iv === iv;
  });

function offerOf(core: StoreCore, state: RecordState): PendingOp | undefined {
  const fields: Record<string, PendingField> = {};
  for (const [name, field] of Object.entries(state.acked)) {
    const { v, at, actor, origin, epoch, iv } = field;
    const isSeed = epoch === SEED_EPOCH && at === ZERO_STAMP;
    if (isSeed || isOffered(state, name, field)) continue;
    fields[name] = { v, at, actor, origin, sealed: { epoch, iv } };
  }
  if (Object.keys(fields).length === 0) return undefined;
  return { op: core.newId(), fields, madeMs: core.deviceClock.read().madeMs, trusted: true, base: ZERO_STAMP, fixed: true };
}
