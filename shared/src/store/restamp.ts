import { maxStamp, nextStamp, stampMs, ZERO_STAMP, type DeviceId, type Stamp } from '#base/hybrid-clock.ts';
import type { PendingField, PendingOp, RecordState } from './record-state.ts';

/** A stamp this near to its right time keeps its ciphertext, in milliseconds. */
const nearMs = 2_000;

/** What re-stamping needs to know. */
export interface RestampContext {
  readonly nowMs: number;
  /** Server time minus wall clock, in milliseconds. */
  readonly offsetMs: number;
  readonly device: DeviceId;
  /** Operations that are under way: their stamps stay. */
  readonly isSent: (op: string) => boolean;
  readonly newOp: () => string;
}

const stampsOf = (op: PendingOp): Stamp[] =>
  [...new Set(Object.values(op.fields).map((field) => field.at))].filter((at) => at !== ZERO_STAMP).toSorted();

const greatestOf = (op: PendingOp, floor: Stamp): Stamp => Object.values(op.fields).reduce((max, field) => maxStamp(max, field.at), floor);

function restampOp(op: PendingOp, context: RestampContext, { wantedMs, floor }: { wantedMs: number; floor: Stamp }): PendingOp {
  const olds = stampsOf(op);
  const last = olds.at(-1);
  if (last === undefined) return op;
  const shiftMs = wantedMs - stampMs(last);
  const renamed = new Map<Stamp, Stamp>();
  let below = floor;
  for (const old of olds) {
    below = nextStamp(stampMs(old) + shiftMs, context.device, below);
    renamed.set(old, below);
  }
  const first = olds[0] ?? last;
  const isNear = !op.late && first > floor && Math.abs(stampMs(renamed.get(last) ?? last) - stampMs(last)) <= nearMs;
  if (isNear && op.trusted) return op;
  const settled = { ...op, late: false, trusted: true, madeMs: wantedMs };
  if (isNear) return settled;
  const fields = Object.fromEntries(
    Object.entries(op.fields).map(([name, field]): [string, PendingField] => [name, { ...field, at: renamed.get(field.at) ?? field.at }]),
  );
  return { ...settled, op: context.newOp(), fields };
}

/**
 * Gives the unsent edits of a record the stamps they would have had with a right clock.
 * Invariant 1: shifted, never past now (but above what they were made on). Invariant 2: the order of a record's edits stays.
 * Invariant 3: what was sent and not answered, or is fixed, keeps its stamps. Invariant 4: every new stamp is above the edit's base.
 * Invariant 5: doing it again with the same measurement changes nothing.
 */
export function restampState(state: RecordState, context: RestampContext): RecordState {
  const movable = (op: PendingOp): boolean => !op.fixed && !context.isSent(op.op);
  const wanted = state.pending.map((op) => (op.trusted ? op.madeMs : op.madeMs + context.offsetMs));
  let ceilingMs = context.nowMs;
  for (let index = wanted.length - 1; index >= 0; index--) {
    const op = state.pending[index];
    if (op && movable(op)) ceilingMs = Math.min(wanted[index] ?? ceilingMs, ceilingMs);
    wanted[index] = ceilingMs;
  }
  let below: Stamp = ZERO_STAMP;
  let changed = false;
  const pending = state.pending.map((op, index) => {
    const floor = maxStamp(op.base, below);
    const next = movable(op) ? restampOp(op, context, { wantedMs: wanted[index] ?? context.nowMs, floor }) : op;
    below = greatestOf(next, below);
    changed ||= next !== op;
    return next;
  });
  return changed ? { ...state, pending } : state;
}
