import { maxStamp, stampDevice, ZERO_STAMP, type Stamp } from '#base/hybrid-clock.ts';
import { compareFields } from '#wire/merge.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import type { WireField } from '#wire/record.ts';
import type { PushResult } from '#wire/sync.ts';
import { lossOf, type Loss } from './losses.ts';
import { ivOf, mergeNews, type OwnEdits } from './remote-merge.ts';
import type { StoredRecord } from './stored-record.ts';
import { orderedHeld, raiseField, type HeldField, type PendingField, type PendingOp, type RecordState } from './record-state.ts';
import type { WireOp } from './storage.ts';

/** An operation that is out of the outbox because it was refused for good. */
export interface Refused {
  readonly op: PendingOp;
  readonly code: string;
}

/** A record in the middle of taking in an answer. */
interface Settling {
  state: RecordState;
  wires: readonly WireOp[];
  readonly losses: Loss[];
  readonly refused: Refused[];
  measure: boolean;
}

/** What is known about the answer. */
export interface AnswerContext {
  /** Whether it answers the latest push: only then a refusal counts, for the same edit may be on its way again. */
  readonly isLatest: boolean;
  /** Winners that opened, by the result that named them. */
  readonly winners: ReadonlyMap<PushResult, HeldField>;
  readonly own: OwnEdits;
}

/** What an answer makes of a record. */
export type Settled = Readonly<Settling>;

const without = <T>(fields: Readonly<Record<string, T>>, names: { has(name: string): boolean }): Record<string, T> =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => !names.has(key)));

function dropField(settling: Settling, op: string, name: string): void {
  const pending = settling.state.pending
    .map((waiting) => (waiting.op === op ? { ...waiting, fields: without(waiting.fields, new Set([name])) } : waiting))
    .filter((waiting) => Object.keys(waiting.fields).length > 0);
  settling.state = { ...settling.state, pending };
}

const heldOf = (field: PendingField, wire: WireField, isSealed: boolean): HeldField => ({
  v: field.v,
  at: wire.at,
  actor: wire.actor,
  origin: wire.origin,
  epoch: wire.epoch,
  iv: isSealed && typeof wire.v === 'string' ? ivOf(wire.v) : '',
});

/** One field of an operation that the server has decided on. */
interface Decided {
  readonly op: PendingOp;
  readonly name: string;
  readonly result: PushResult;
  readonly held: HeldField;
}

/** The server has these fields of an operation; they are acknowledged with the envelopes that were sent. */
function applied(settling: Settling, { op, held }: { op: PendingOp; held: ReadonlyMap<string, HeldField> }, own: OwnEdits): void {
  const { state } = settling;
  const acked = { ...state.acked };
  const index = state.pending.findIndex((waiting) => waiting.op === op.op);
  let base: Stamp = ZERO_STAMP;
  for (const [name, field] of held) {
    const before = acked[name];
    base = maxStamp(base, field.at);
    if (!before || compareFields(orderedHeld(field), orderedHeld(before)) >= 0) acked[name] = field;
    // It won at the server, and something newer had already come in: that has beaten it.
    else if (!op.housekeeping && !state.pending.some((waiting, place) => place > index && Object.hasOwn(waiting.fields, name))) {
      settling.losses.push(...lossOf(state, { name, lost: field, winner: before, notice: !own.isOwnDevice(stampDevice(before.at)) }));
    }
  }
  // Edits that wait behind it were made on it: re-stamping must not bring them below.
  const pending = state.pending
    .map((waiting, place) => (place > index ? { ...waiting, base: maxStamp(waiting.base, base) } : waiting))
    .map((waiting, place) => (place === index ? { ...waiting, fields: without(waiting.fields, held) } : waiting))
    .filter((waiting) => Object.keys(waiting.fields).length > 0);
  settling.state = { ...state, acked, pending };
}

/** A winner may stand in another field than the one it was named for, and replace something there. */
function takeWinner(settling: Settling, { name, winner, own }: { name: string; winner: HeldField; own: OwnEdits }): void {
  const merged = mergeNews(settling.state, new Map([[name, winner]]), own);
  settling.state = merged.state;
  settling.losses.push(...merged.losses);
}

/** Whether the person has written the field again since. */
const isOverwritten = (state: RecordState, name: string): boolean => state.pending.some((waiting) => Object.hasOwn(waiting.fields, name));

/** Whether the winner that the server names really wins: a verdict without one is a lie or a fault, and the edit is kept aside. */
function isProven({ name, result, held }: Decided, winner: HeldField | undefined): winner is HeldField {
  if (!winner || !result.winner) return false;
  if (result.winner.field === name) return compareFields(orderedHeld(winner), orderedHeld(held)) > 0;
  if (result.winner.field === DELETED_AT && result.status === 'deleted') return winner.v !== null;
  // A field yields to a younger deletion or restoration, a deletion to any younger field.
  return (result.winner.field === DELETED_AT || name === DELETED_AT) && winner.at > held.at;
}

function lost(settling: Settling, decided: Decided, context: AnswerContext): void {
  const { op, name, result, held } = decided;
  const winner = context.winners.get(result);
  if (!isProven(decided, winner) || !result.winner) {
    setAside(settling, op, 'VERDICT_WITHOUT_PROOF');
    return;
  }
  if (yieldsAgain(decided)) settling.state = withoutDeletion(settling.state, held);
  // Before the edit leaves: what it had replaced itself is the person's own older edit, and no loss.
  takeWinner(settling, { name: result.winner.field, winner, own: context.own });
  dropField(settling, op.op, name);
  if (isBuried(decided)) {
    keepBuried(settling, decided, { winner, own: context.own });
    return;
  }
  if (isOverwritten(settling.state, name)) return;
  settling.losses.push(...lossOf(settling.state, { name, lost: held, winner, notice: deservesNotice(decided, winner, context.own) }));
}

/** Whether the whole record was deleted, or restored, above the field. */
const isBuried = ({ name, result }: Decided): boolean => result.winner?.field === DELETED_AT && name !== DELETED_AT;

/** What a deletion buries is kept here, for the day somebody restores the record. */
function keepBuried(settling: Settling, decided: Decided, { winner, own }: { winner: HeldField; own: OwnEdits }): void {
  const { name, result, held } = decided;
  const known = settling.state.acked[name]?.v ?? null;
  if (result.status === 'superseded') settling.state = raiseField(settling.state, name, held);
  if (isOverwritten(settling.state, name)) return;
  const notice = deservesNotice(decided, winner, own);
  settling.losses.push(...lossOf(settling.state, { name, lost: held, notice, ...recordWinner(winner, known) }));
}

/** Whether the field was acknowledged once and is only offered again. */
const isOffer = ({ op, name }: Decided): boolean => op.fields[name]?.sealed !== undefined;

/** Whether it is a deletion that is offered again and yields to something newer. */
const yieldsAgain = (decided: Decided): boolean =>
  isOffer(decided) && decided.name === DELETED_AT && decided.result.winner?.field !== DELETED_AT;

/** A deletion that a server acknowledged once, and that has to yield where it is offered again, is none. */
function withoutDeletion(state: RecordState, deletion: HeldField): RecordState {
  return state.acked[DELETED_AT]?.at === deletion.at ? { ...state, acked: without(state.acked, new Set([DELETED_AT])) } : state;
}

/** Somebody else replaced what nobody had acknowledged; of what is only offered again, what was made in this session. */
function deservesNotice(decided: Decided, winner: HeldField, own: OwnEdits): boolean {
  if (own.isOwnDevice(stampDevice(winner.at))) return false;
  return !isOffer(decided) || (own.isOfSession(decided.held.at) && winner.actor !== own.self);
}

/** What won where the whole record was deleted, or restored: then the field was written again, and what it says arrives with the next page. */
const recordWinner = (winner: HeldField, known: HeldField['v']): { winner: HeldField; byDeletion: boolean } =>
  winner.v === null ? { winner: { ...winner, v: known }, byDeletion: false } : { winner, byDeletion: true };

function setAside(settling: Settling, op: PendingOp, code: string): void {
  const whole = settling.state.pending.find((waiting) => waiting.op === op.op);
  if (!whole) return;
  settling.refused.push({ op: whole, code });
  settling.state = { ...settling.state, pending: settling.state.pending.filter((waiting) => waiting !== whole) };
}

/** The operation as it waits after a refusal: too late in time, or to be sealed under the newest key (where its envelopes were fixed, too). */
function refused(op: PendingOp, status: 'clock' | 'epoch' | 'held'): PendingOp {
  if (status === 'clock') return op.fixed ? op : { ...op, late: true };
  if (status === 'held') return op;
  return { ...op, fields: Object.fromEntries(Object.entries(op.fields).map(([name, { sealed: _, ...field }]) => [name, field])) };
}

function refuse(settling: Settling, op: PendingOp, status: 'clock' | 'epoch' | 'held'): void {
  const changed = settling.state.pending.map((waiting) => (waiting.op === op.op ? refused(waiting, status) : waiting));
  settling.state = { ...settling.state, pending: changed };
  settling.measure ||= status === 'clock';
  settling.wires =
    status === 'held'
      ? settling.wires.map((wire) => (wire.op === op.op ? { ...wire, sent: false } : wire))
      : settling.wires.filter((wire) => wire.op !== op.op);
}

const isRefusal = ({ status }: PushResult): boolean => status === 'superseded' || status === 'deleted' || status === 'rejected';

/** Housekeeping that came too late, or is not wanted: nothing of it was anybody's edit, so nothing is lost. */
function dropHousekeeping(
  settling: Settling,
  op: PendingOp,
  { result, context }: { readonly result: PushResult; readonly context: AnswerContext },
): void {
  const winner = context.winners.get(result);
  if (winner && result.winner) takeWinner(settling, { name: result.winner.field, winner, own: context.own });
  const names = result.field === undefined ? Object.keys(op.fields) : [result.field];
  for (const name of names) dropField(settling, op.op, name);
}

interface AnswerParts {
  readonly context: AnswerContext;
  readonly isSealed: (name: string) => boolean;
}

function settleResult(settling: Settling, result: PushResult, parts: AnswerParts): void {
  const op = settling.state.pending.find((waiting) => waiting.op === result.op);
  const wire = settling.wires.find((form) => form.op === result.op);
  if (!op || !wire) return;
  if (op.housekeeping && isRefusal(result)) return dropHousekeeping(settling, op, { result, context: parts.context });
  switch (result.status) {
    case 'applied':
    case 'superseded':
      return decide(settling, result, { ...parts, op, wire });
    case 'deleted':
      return parts.context.isLatest ? decide(settling, result, { ...parts, op, wire }) : undefined;
    case 'rejected':
      return parts.context.isLatest ? setAside(settling, op, result.code ?? 'REJECTED') : undefined;
    default:
      return parts.context.isLatest ? refuse(settling, op, result.status) : undefined;
  }
}

function decide(settling: Settling, result: PushResult, parts: AnswerParts & { readonly op: PendingOp; readonly wire: WireOp }): void {
  const { op, wire, context, isSealed } = parts;
  const names = result.field === undefined ? Object.keys(op.fields) : [result.field];
  const held = new Map<string, HeldField>();
  for (const name of names) {
    const [field, sent] = [op.fields[name], wire.fields[name]];
    if (field && sent) held.set(name, heldOf(field, sent, isSealed(name)));
  }
  if (result.status === 'applied') return applied(settling, { op, held }, context.own);
  for (const [name, field] of held) lost(settling, { op, name, result, held: field }, context);
}

/**
 * Takes the results of a push into one record.
 * Invariant 1: an applied field is acknowledged with the envelope that was sent. Invariant 2: a losing edit of a person is in `losses`,
 * a refused one in `refused`: nothing else leaves the outbox. Invariant 3: a refusal that does not answer the latest push changes nothing.
 */
export function settleRecord(record: StoredRecord, results: readonly PushResult[], parts: AnswerParts): Settled {
  const settling: Settling = { state: record.state, wires: record.wires, losses: [], refused: [], measure: false };
  const highest = results.reduce((seq, result) => Math.max(seq, result.seq), record.state.seq);
  for (const result of results) settleResult(settling, result, parts);
  return { ...settling, state: { ...settling.state, seq: highest } };
}
