import { ZERO_STAMP, type DeviceId } from '#base/hybrid-clock.ts';
import { bytesToHex } from '#base/bytes.ts';
import { ok, type Result } from '#base/result.ts';
import type { Random } from '#base/random.ts';
import type { PushResult } from '#wire/sync.ts';
import type { WireRecord } from '#wire/record.ts';
import type { Loss } from './losses.ts';
import type { AnsweredPush, Arrival, OutboxStore } from './outbox-store.ts';
import { settleRecord } from './push-answer.ts';
import { emptyState, recordKey, SEED_EPOCH, type HeldField, type PendingField, type PendingOp, type RecordState } from './record-state.ts';
import type { LogWrite, RecordDraft } from './records.ts';
import type { StoredRecord } from './stored-record.ts';
import { mergeNews, openNews } from './remote-merge.ts';
import { restampState } from './restamp.ts';
import { lossLog, type StoreCore } from './store-core.ts';
import { refusedLog } from './store-history.ts';
import { CHANGES_KEPT_MS, HISTORY_KEPT_MS } from './sealed-logs.ts';
import type { StorageFailure, SyncPlace } from './storage.ts';

/** Records taken in by one transaction: its rows are written while a page stays responsive. */
const arrivalBatch = 250;
/** Records re-stamped or offered again by one transaction. */
const restampBatch = 200;

/** The sync side of a store. */
export type StoreOutbox = Omit<OutboxStore, keyof import('./store.ts').Store | 'takeOver' | 'openLogs' | 'takeOverLogs'>;

/** Draws the name of a local database. */
export const newDeviceId = (random: Random): DeviceId => bytesToHex(random.bytes(8)) as DeviceId;

/** The sync side of a store: what waits, and the way in for what arrives. */
export const createStoreOutbox = (core: StoreCore, random: Random): StoreOutbox => ({
  deviceClock: core.deviceClock,
  place: core.records.place,
  movePlace: (change) => movePlace(core, change),
  isStructural: core.isStructural,
  waiting: (limit) => readWaiting(core, limit),
  async markSent(entries) {
    const written = await core.records.writeWires(entries, (place) => ({ ...place, pushNumber: place.pushNumber + 1 }));
    if (!written.ok) return written;
    const { device, pushNumber, generation } = core.records.place();
    return ok(written.value ? { device, n: pushNumber, generation } : undefined);
  },
  settle: (push) => settlePush(core, withUnnamed(push)),
  applyRemote: (arrival) => applyArrival(core, arrival),
  async restampWaiting() {
    const restamped = await restampAll(core);
    return restamped.ok ? pruneLogs(core) : restamped;
  },
  becomeNewDevice: () =>
    movePlace(core, (place) => ({
      ...place,
      device: newDeviceId(random),
      earlierDevices: [...place.earlierDevices, place.device],
      pushNumber: 0,
    })),
  startOver: (generation, sharedSeq) => startOver(core, generation, sharedSeq),
});

type Stored = Promise<Result<void, StorageFailure>>;

const movePlace = (core: StoreCore, place: (was: SyncPlace) => SyncPlace): Stored =>
  core.records.update([], async () => ok({ commit: { drafts: [], place }, value: undefined }));

async function readWaiting({ storage, records }: StoreCore, limit: number): Promise<Result<StoredRecord[], StorageFailure>> {
  const rows = await storage.transaction('read', ['outbox'], (tx) => tx.outbox(limit));
  if (!rows.ok) return rows;
  const loaded = await records.load(rows.value.map((row) => row.key));
  return loaded.ok ? ok(loaded.value.filter((record) => record.state.pending.length > 0)) : loaded;
}

/** Results for operations that a refusal of the whole push did not name. */
function withUnnamed(push: AnsweredPush): AnsweredPush {
  const { status } = push.answer;
  if (status !== 'clock' && status !== 'epoch') return push;
  const named = new Set(push.answer.results.map((result) => result.op));
  const unnamed = [...push.keyByOp.keys()].filter((op) => !named.has(op)).map((op): PushResult => ({ op, status: 'held', seq: 0 }));
  return { ...push, answer: { ...push.answer, results: [...push.answer.results, ...unnamed] } };
}

function resultsByKey({ answer, keyByOp }: AnsweredPush): Map<string, PushResult[]> {
  const grouped = new Map<string, PushResult[]>();
  for (const result of answer.results) {
    const key = keyByOp.get(result.op);
    if (key === undefined) continue;
    const group = grouped.get(key) ?? [];
    group.push(result);
    grouped.set(key, group);
  }
  return grouped;
}

async function settlePush(core: StoreCore, push: AnsweredPush): Promise<Result<{ measure: boolean }, StorageFailure>> {
  const place = core.records.place();
  if (push.device !== place.device) return ok({ measure: false });
  const grouped = resultsByKey(push);
  const isLatest = push.n === place.pushNumber;
  return core.records.update([...grouped.keys()], async (stored) => {
    const settled = await Promise.all(
      stored.map((from) => settleOne(core, from, { push, isLatest, results: grouped.get(from.key) ?? [] })),
    );
    const drafts = settled.map(({ draft }) => draft);
    const logs = settled.flatMap((each) => each.logs);
    const isOfThisLife = push.answer.generation === place.generation;
    const commit = { drafts, logs, ...(isOfThisLife ? { place: placeBehind(push.answer) } : {}) };
    return ok({ commit, value: { measure: settled.some(({ measure }) => measure) } });
  });
}

interface RecordAnswer {
  readonly push: AnsweredPush;
  readonly isLatest: boolean;
  readonly results: readonly PushResult[];
}

async function settleOne(
  core: StoreCore,
  from: StoredRecord,
  answer: RecordAnswer,
): Promise<{ draft: RecordDraft; logs: LogWrite[]; measure: boolean }> {
  const context = { isLatest: answer.isLatest, winners: await openWinners(core, from, answer), own: core.own };
  const isSealed = (name: string): boolean => !core.isStructural(from.state.table, name);
  const { state, wires, losses, refused, measure } = settleRecord(from, answer.results, { context, isSealed });
  const logs = [...(await lossLog(core, losses)), ...(await refusedLog(core, from.state, refused))];
  return { draft: { from, state, wires }, logs, measure };
}

/** Opens the winners that results name, each at its place in the record. */
async function openWinners(core: StoreCore, record: StoredRecord, { push, results }: RecordAnswer): Promise<Map<PushResult, HeldField>> {
  const context = { isStructural: core.isStructural, open: push.open, warn: core.warn };
  const winners = new Map<PushResult, HeldField>();
  for (const result of results) {
    if (!result.winner) continue;
    const { field, ...wire } = result.winner;
    // Opened against an empty record: the winner counts as proof also when it is known already.
    const news = await openNews({ ...record.state, acked: {} }, { [field]: wire }, context);
    const winner = news.get(field);
    if (winner) winners.set(result, winner);
  }
  return winners;
}

/** Own changes move the cursor where nothing else lies between; a complete exchange is dated by the server. */
const placeBehind =
  ({ spaces, now }: AnsweredPush['answer']) =>
  (place: SyncPlace): SyncPlace => {
    const cursors = { ...place.cursors };
    for (const [space, { before, after }] of Object.entries(spaces)) {
      const at = cursors[space] ?? 0;
      if (at >= before && at < after) cursors[space] = after;
    }
    return { ...place, cursors, lastSyncedAt: now > 0 ? new Date(now).toISOString() : place.lastSyncedAt };
  };

async function applyArrival(core: StoreCore, arrival: Arrival): Stored {
  const { records, place } = arrival;
  if (records.length === 0) return place ? movePlace(core, place) : ok(undefined);
  for (let start = 0; start < records.length; start += arrivalBatch) {
    const isLast = start + arrivalBatch >= records.length;
    const applied = await applyBatch(core, arrival, { batch: records.slice(start, start + arrivalBatch), isLast });
    if (!applied.ok) return applied;
  }
  return ok(undefined);
}

async function applyBatch(core: StoreCore, arrival: Arrival, { batch, isLast }: { batch: readonly WireRecord[]; isLast: boolean }): Stored {
  const context = { isStructural: core.isStructural, open: arrival.open, warn: core.warn };
  const keyed = batch.map((record) => ({ key: recordKey(record.space, record.table, record.id), record }));
  return core.records.update([...new Set(keyed.map(({ key }) => key))], async (stored) => {
    const states = new Map(stored.map((record) => [record.key, record.state]));
    const stateOf = (key: string): RecordState => states.get(key) ?? emptyState('', '', '');
    const arrived = await Promise.all(
      keyed.map(async ({ key, record }) => ({ key, record, news: await openNews(stateOf(key), record.fields, context) })),
    );
    const losses: Loss[] = [];
    for (const { key, record, news } of arrived) {
      const merged = mergeNews(stateOf(key), news, core.own);
      losses.push(...merged.losses);
      states.set(key, withSeq(merged.state, record.seq));
    }
    const drafts = stored
      .map((from): RecordDraft => ({ from, state: stateOf(from.key) }))
      .filter(({ from, state }) => state !== from.state);
    const place = isLast && arrival.place ? { place: arrival.place } : {};
    return ok({ commit: { drafts, logs: await lossLog(core, losses), ...place }, value: undefined });
  });
}

/** A record of which nothing could be opened leaves no trace. */
const withSeq = (state: RecordState, seq: number): RecordState =>
  seq > state.seq && Object.keys(state.acked).length > 0 ? { ...state, seq } : state;

/** Changes all records with waiting edits, batch by batch. */
async function eachWaiting(core: StoreCore, change: (record: StoredRecord) => RecordState): Stored {
  const rows = await core.storage.transaction('read', ['outbox'], (tx) => tx.outbox(Infinity));
  return rows.ok
    ? eachRecord(
        core,
        rows.value.map((row) => row.key),
        change,
      )
    : rows;
}

async function eachRecord(core: StoreCore, keys: readonly string[], change: (record: StoredRecord) => RecordState): Stored {
  for (let start = 0; start < keys.length; start += restampBatch) {
    const changed = await core.records.update(keys.slice(start, start + restampBatch), async (stored) => {
      const drafts = stored.map((from): RecordDraft => ({ from, state: change(from) })).filter(({ from, state }) => state !== from.state);
      return ok({ commit: { drafts }, value: undefined });
    });
    if (!changed.ok) return changed;
  }
  return ok(undefined);
}

const isSent = (record: StoredRecord, op: string): boolean => record.wires.some((wire) => wire.op === op && wire.sent);

function restampAll(core: StoreCore): Stored {
  const context = {
    nowMs: core.deviceClock.read().ms,
    offsetMs: core.deviceClock.offsetMs(),
    device: core.records.place().device,
    newOp: core.newId,
  };
  return eachWaiting(core, (record) => {
    const state = restampState(record.state, { ...context, isSent: (op) => isSent(record, op) });
    if (state !== record.state) core.remember(state.pending.flatMap((op) => Object.values(op.fields).map((field) => field.at)));
    return state;
  });
}

/** Entries are dropped by age only by a clock that was measured: one that runs years ahead would drop them all. */
async function pruneLogs(core: StoreCore): Stored {
  const nowMs = core.deviceClock.read().ms;
  const pruned = await core.logs.prune('history', { nowMs, keptMs: HISTORY_KEPT_MS });
  return pruned.ok ? core.logs.prune('changes', { nowMs, keptMs: CHANGES_KEPT_MS }) : pruned;
}

async function startOver(core: StoreCore, generation: number, sharedSeq: number): Stored {
  if (generation <= core.records.place().generation) return ok(undefined);
  // What was sent may have been built upon: its stamps stay.
  const fixed = await eachWaiting(core, (record) => {
    const isLoose = (op: PendingOp): boolean => !op.fixed && isSent(record, op.op);
    if (!record.state.pending.some(isLoose)) return record.state;
    return { ...record.state, pending: record.state.pending.map((op) => (isLoose(op) ? { ...op, fixed: true } : op)) };
  });
  if (!fixed.ok) return fixed;
  const keys = await core.storage.transaction('read', ['records'], (tx) => tx.recordKeys());
  const offered = keys.ok ? await eachRecord(core, keys.value, ({ state }) => withOffer(core, state, sharedSeq)) : keys;
  if (!offered.ok) return offered;
  return movePlace(core, (place) => ({
    ...place,
    generation,
    cursors: Object.fromEntries(Object.entries(place.cursors).map(([space, seq]) => [space, Math.min(seq, sharedSeq)])),
  }));
}

/** Puts what was acknowledged beyond `sharedSeq` in front of what waits; what is offered already is not offered twice. */
function withOffer(core: StoreCore, state: RecordState, sharedSeq: number): RecordState {
  const isOffered = state.pending.some((op) => Object.values(op.fields).some((field) => field.sealed));
  const offer = state.seq > sharedSeq && !isOffered ? offerOf(core, state) : undefined;
  return offer ? { ...state, pending: [offer, ...state.pending] } : state;
}

function offerOf(core: StoreCore, state: RecordState): PendingOp | undefined {
  const fields: Record<string, PendingField> = {};
  for (const [name, field] of Object.entries(state.acked)) {
    if (field.epoch === SEED_EPOCH && field.at === ZERO_STAMP) continue;
    const { v, at, actor, origin, epoch, iv } = field;
    fields[name] = { v, at, actor, origin, sealed: { epoch, iv } };
  }
  if (Object.keys(fields).length === 0) return undefined;
  return { op: core.newId(), fields, madeMs: core.deviceClock.read().madeMs, trusted: true, base: ZERO_STAMP, fixed: true };
}
