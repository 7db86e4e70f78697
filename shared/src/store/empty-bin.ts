import { nextStamp, stampMs, ZERO_STAMP } from '#base/hybrid-clock.ts';
import { ok, type Result } from '#base/result.ts';
import { isStructural } from '#modules/define-tables.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import { eachRecord } from './each-record.ts';
import {
  fieldNames,
  hasContent,
  isDeleted,
  isPurged,
  recordFloor,
  shownField,
  type PendingField,
  type PendingOp,
  type RecordState,
} from './record-state.ts';
import type { BinMark, StorageFailure, SyncPlace } from './storage.ts';
import type { StoreCore } from './store-core.ts';

/** How long the bin holds what was deleted, in milliseconds: 30 days. */
export const BIN_KEPT_MS = 30 * 86_400_000;
/** How often what the bin holds is noted, in milliseconds: a day. */
const MARK_EVERY_MS = 86_400_000;
/** Records looked at by one reading: between two of them a page stays responsive. */
const sliceRecords = 500;

/** A bin, and the way to note where this database stands. */
export interface BinTurn {
  readonly space: string;
  readonly movePlace: (change: (place: SyncPlace) => SyncPlace) => Promise<Result<void, StorageFailure>>;
}

/**
 * Drops the values of what has lain in the bin for its time.
 * Invariant 1: only what this device has known as deleted for that long, by a measured clock and by its own: neither a forged date of a
 * deletion, nor a server's wrong time alone, nor a wrong clock alone takes anything. Invariant 2: it is stamped right above what it drops,
 * so that every later edit or restoration, also one that is not here yet, wins. Invariant 3: what waits to be sent is left.
 */
export async function emptyBin(core: StoreCore, { space, movePlace }: BinTurn): Promise<Result<number, StorageFailure>> {
  const reading = core.deviceClock.read();
  if (!reading.trusted) return ok(0);
  const now = { serverMs: reading.ms, wallMs: reading.ms - core.deviceClock.offsetMs() };
  const place = core.records.place();
  const marks = (place.bins?.[space] ?? []).filter((mark) => mark.generation === place.generation && !isAhead(mark, now));
  const due = marks.findLast((mark) => isOlder(mark, now, BIN_KEPT_MS));
  const dropped = due ? await dropUpTo(core, space, due.seq) : ok(0);
  if (!dropped.ok) return dropped;
  const kept = due ? marks.slice(marks.indexOf(due) + 1) : marks;
  const next = nextMark(place, space, { now, last: marks.at(-1) });
  if (due || next) {
    const noted = await movePlace((was) => ({ ...was, bins: { ...was.bins, [space]: [...kept, ...(next ? [next] : [])] } }));
    if (!noted.ok) return noted;
  }
  return dropped;
}

type Now = Pick<BinMark, 'serverMs' | 'wallMs'>;

const isOlder = (mark: BinMark, now: Now, ageMs: number): boolean =>
  now.serverMs - mark.serverMs >= ageMs && now.wallMs - mark.wallMs >= ageMs;

/** Noted by a clock that has been set back since: it says nothing any more. */
const isAhead = (mark: BinMark, now: Now): boolean => mark.serverMs > now.serverMs || mark.wallMs > now.wallMs;

/** What the bin holds now; none where that was noted lately, or nothing has come since. */
function nextMark(place: SyncPlace, space: string, { now, last }: { now: Now; last: BinMark | undefined }): BinMark | undefined {
  const seq = place.cursors[space] ?? 0;
  if (seq === 0 || place.unread?.[space] !== undefined) return undefined;
  if (last && (last.seq >= seq || !isOlder(last, now, MARK_EVERY_MS))) return undefined;
  return { seq, generation: place.generation, ...now };
}

async function dropUpTo(core: StoreCore, space: string, seq: number): Promise<Result<number, StorageFailure>> {
  let dropped = 0;
  let after: string | undefined;
  for (;;) {
    const range = { prefix: `${space}/`, after, limit: sliceRecords };
    const keys = await core.storage.transaction('read', ['records'], (tx) => tx.recordKeys(range));
    if (!keys.ok) return keys;
    const rows = await core.storage.transaction('read', ['records'], (tx) => tx.getMany('records', keys.value));
    if (!rows.ok) return rows;
    // Opened aside first: what a person works on stays at hand.
    const opened = await core.records.openRows(rows.value.filter((row) => row !== undefined));
    const due = opened.filter(({ state }) => isDue(state, seq)).map(({ key }) => key);
    const written = await eachRecord(core, due, ({ state }) => (isDue(state, seq) ? withoutValues(core, state) : state));
    if (!written.ok) return written;
    dropped += due.length;
    after = keys.value.at(-1);
    if (keys.value.length < sliceRecords) return ok(dropped);
    await core.slices.pause();
  }
}

const isDue = (state: RecordState, seq: number): boolean =>
  state.seq > 0 && state.seq <= seq && state.pending.length === 0 && isDeleted(state) && hasContent(state) && !isPurged(state);

/** The record with its sealed values emptied and its deletion written again, all by one stamp: as a person's deleting for good does it. */
function withoutValues(core: StoreCore, state: RecordState): RecordState {
  const declaration = core.tables.get(state.table)?.declaration;
  const deletion = shownField(state, DELETED_AT);
  const sealed = fieldNames(state).filter((name) => !isStructural(declaration, name));
  if (!declaration || !deletion || sealed.length === 0) return state;
  const floor = recordFloor(state);
  const stamp = { at: nextStamp(stampMs(floor), core.records.place().device, floor), actor: core.self, origin: 'system' as const };
  const emptied = sealed.map((name): [string, PendingField] => [name, { v: null, ...stamp }]);
  const fields = { ...Object.fromEntries(emptied), [DELETED_AT]: { v: deletion.v, ...stamp } };
  const op: PendingOp = {
    op: core.newId(),
    fields,
    madeMs: stampMs(stamp.at),
    trusted: true,
    base: ZERO_STAMP,
    fixed: true,
    housekeeping: true,
  };
  return { ...state, pending: [op] };
}
