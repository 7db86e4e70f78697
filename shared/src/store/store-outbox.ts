import { ok, type Result } from '#base/result.ts';
import type { Random } from '#base/random.ts';
import type { PushResult } from '#wire/sync.ts';
import type { WireRecord } from '#wire/record.ts';
import type { Loss } from './losses.ts';
import type { AnsweredPush, Arrival, OutboxStore } from './outbox-store.ts';
import { settleRecord } from './push-answer.ts';
import { emptyState, recordKey, type HeldField, type RecordState } from './record-state.ts';
import type { Commit, LogWrite, RecordDraft } from './record-commit.ts';
import { inSlices } from './slices.ts';
import type { StoredRecord } from './stored-record.ts';
import { newDeviceId } from './new-device-id.ts';
import { mergeNews, openNews } from './remote-merge.ts';
import { resealSlice } from './reseal.ts';
import { restampState } from './restamp.ts';
import { eachWaiting, isSent } from './each-record.ts';
import { digestSpace } from './space-digest.ts';
import { emptyBin } from './empty-bin.ts';
import { startOver } from './start-over.ts';
import { noteUnread, rereadUnread } from './unread.ts';
import { lossLog, type StoreCore } from './store-core.ts';
import { refusedLog } from './store-history.ts';
import { CHANGES_KEPT_MS, HISTORY_KEPT_MS } from './sealed-logs.ts';
import type { StorageFailure, SyncPlace } from './storage.ts';

/** Records taken in by one transaction: its rows are written while a page stays responsive. */
const arrivalBatch = 250;

/** The sync side of a store. */
export type StoreOutbox = Omit<OutboxStore, keyof import('./store.ts').Store | 'takeOver' | 'openLogs' | 'takeOverLogs'>;

/** The sync side of a store: what waits, and the way in for what arrives. */
export const createStoreOutbox = (core: StoreCore, random: Random): StoreOutbox => ({
  deviceClock: core.deviceClock,
  place: core.records.place,
  takePlace: core.records.takePlace,
  openTables: core.openTables,
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
  digestSpace: (space, exceptTable) => digestSpace(core, space, exceptTable),
  async rereadUnread() {
    const place = core.records.place();
    return rereadUnread(core, place) === place ? ok(undefined) : movePlace(core, (was) => rereadUnread(core, was));
  },
  resealSlice: (slice) => resealSlice(core, slice),
  emptyBin: (space) => emptyBin(core, { space, movePlace: (change) => movePlace(core, change) }),
  startOver: (generation, shared) => startOver(core, { generation, shared, movePlace: (change) => movePlace(core, change) }),
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
  const context = { ...core, open: push.open };
  const winners = new Map<PushResult, HeldField>();
  for (const result of results) {
    if (!result.winner) continue;
    const { field, ...wire } = result.winner;
    // Opened against an empty record: the winner counts as proof also when it is known already.
    const news = await openNews({ ...record.state, acked: {} }, { [field]: wire }, context);
    const winner = news.fields.get(field);
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
  let hasUnread = false;
  for (let start = 0; start < records.length; start += arrivalBatch) {
    const isLast = start + arrivalBatch >= records.length;
    const atEnd = (was: SyncPlace): SyncPlace => {
      const noted = hasUnread ? noteUnread(core, arrival.space, was) : was;
      return place?.(noted) ?? noted;
    };
    const moveAfter = (isUnread: boolean): typeof place => {
      hasUnread ||= isUnread;
      return isLast ? atEnd : undefined;
    };
    const applied = await applyBatch(core, arrival, { batch: records.slice(start, start + arrivalBatch), moveAfter });
    if (!applied.ok) return applied;
  }
  return ok(undefined);
}

interface Batch {
  readonly batch: readonly WireRecord[];
  /** The move of the place that belongs to this batch, told whether something in it could not be read. */
  readonly moveAfter: (hasUnread: boolean) => Arrival['place'];
}

async function applyBatch(core: StoreCore, arrival: Arrival, { batch, moveAfter }: Batch): Stored {
  const context = { ...core, open: arrival.open };
  const keyed = batch.map((record) => ({ key: recordKey(record.space, record.table, record.id), record }));
  // Before the first exchange was complete there is hardly a record here: nothing need be read for what arrives.
  const isFirst = core.records.place().lastSyncedAt === null;
  const prepare = async (stored: readonly StoredRecord[]): Promise<Result<{ commit: Commit; value: undefined }, never>> => {
    const states = new Map(stored.map((record) => [record.key, record.state]));
    const stateOf = (key: string): RecordState => states.get(key) ?? emptyState('', '', '');
    const arrived = await inSlices(
      keyed,
      async ({ key, record }) => ({ key, record, news: await openNews(stateOf(key), record.fields, context) }),
      core.slices,
    );
    const losses: Loss[] = [];
    for (const { key, record, news } of arrived) {
      const merged = mergeNews(stateOf(key), news.fields, core.own);
      losses.push(...merged.losses);
      states.set(key, withSeq(merged.state, record.seq));
    }
    const drafts = stored
      .map((from): RecordDraft => ({ from, state: stateOf(from.key) }))
      .filter(({ from, state }) => state !== from.state);
    const move = moveAfter(arrived.some(({ news }) => news.hasUnread));
    return ok({ commit: { drafts, logs: await lossLog(core, losses), ...(move ? { place: move } : {}) }, value: undefined });
  };
  const keys = [...new Set(keyed.map(({ key }) => key))];
  return core.records.update(keys, prepare, { isNew: () => isFirst });
}

/** A record of which nothing could be opened leaves no trace. */
const withSeq = (state: RecordState, seq: number): RecordState =>
  seq > state.seq && Object.keys(state.acked).length > 0 ? { ...state, seq } : state;

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
