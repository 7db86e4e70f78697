import { ZERO_STAMP, type DeviceId } from '#base/hybrid-clock.ts';
import { bytesToHex } from '#base/bytes.ts';
import { ok, type Result } from '#base/result.ts';
import type { Random } from '#base/random.ts';
import type { PushResult } from '#wire/sync.ts';
import type { WireRecord } from '#wire/record.ts';
import type { Loss } from './losses.ts';
import type { AnsweredPush, Arrival, OutboxStore } from './outbox-store.ts';
import { settleRecord } from './push-answer.ts';
import { recordKey, SEED_EPOCH, type HeldField, type PendingField, type PendingOp, type RecordState } from './record-state.ts';
import type { Commit, LogWrite, RecordDraft, StoredRecord } from './records.ts';
import { mergeNews, openNews } from './remote-merge.ts';
import { restampState } from './restamp.ts';
import { lossLog, type StoreCore } from './store-core.ts';
import { refusedLog } from './store-history.ts';
import type { StorageFailure } from './storage.ts';

/** Records taken in by one transaction: its rows are written while a page stays responsive. */
const arrivalBatch = 250;
/** Records re-stamped or offered again by one transaction. */
const restampBatch = 200;

/** The sync side of a store. */
export type StoreOutbox = Omit<OutboxStore, keyof import('./store.ts').Store | 'takeOver'>;

/** Draws the name of a local database. */
export const newDeviceId = (random: Random): DeviceId => bytesToHex(random.bytes(8)) as DeviceId;

const resultsByKey = ({ answer, keyByOp }: AnsweredPush): Map<string, PushResult[]> => {
  const grouped = new Map<string, PushResult[]>();
  for (const result of answer.results) {
    const key = keyByOp.get(result.op);
    if (key) grouped.set(key, [...(grouped.get(key) ?? []), result]);
  }
  return grouped;
};

/** Results for operations that a refusal of the whole push did not name. */
function withUnnamed(push: AnsweredPush): AnsweredPush {
  const { status } = push.answer;
  if (status !== 'clock' && status !== 'epoch') return push;
  const named = new Set(push.answer.results.map((result) => result.op));
  const unnamed = [...push.keyByOp.keys()].filter((op) => !named.has(op)).map((op): PushResult => ({ op, status: 'held', seq: 0 }));
  return { ...push, answer: { ...push.answer, results: [...push.answer.results, ...unnamed] } };
}

/** Opens the winners that results name, each at its place in the record. */
async function openWinners(
  core: StoreCore,
  push: AnsweredPush,
  record: StoredRecord,
  results: readonly PushResult[],
): Promise<Map<PushResult, HeldField>> {
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

/** The sync side of a store: what waits, and the way in for what arrives. */
export function createStoreOutbox(core: StoreCore, random: Random): StoreOutbox {
  const { records, storage } = core;
  const withoutRecords = async (place: Commit['place']): Promise<Result<void, StorageFailure>> =>
    records.update([], async () => ok({ commit: { drafts: [], ...(place ? { place } : {}) }, value: undefined }));

  const applyBatch = async (arrival: Arrival, batch: readonly WireRecord[]): Promise<Result<void, StorageFailure>> => {
    const context = { isStructural: core.isStructural, open: arrival.open, warn: core.warn };
    const keys = batch.map((record) => recordKey(record.space, record.table, record.id));
    return records.update([...new Set(keys)], async (stored) => {
      const states = new Map(stored.map((record) => [record.key, record.state]));
      const losses: Loss[] = [];
      const news = await Promise.all(
        batch.map((record, index) => {
          const state = states.get(keys[index] ?? '');
          return state ? openNews(state, record.fields, context) : new Map<string, HeldField>();
        }),
      );
      batch.forEach((record, index) => {
        const state = states.get(keys[index] ?? '');
        const fields = news[index];
        if (!state || !fields) return;
        const merged = mergeNews(state, fields, core.own);
        losses.push(...merged.losses);
        if (fields.size > 0 || (Object.keys(state.acked).length > 0 && record.seq > state.seq))
          states.set(keys[index] ?? '', { ...merged.state, seq: Math.max(state.seq, record.seq) });
      });
      const drafts = stored.flatMap((from): RecordDraft[] => {
        const state = states.get(from.key);
        return state && state !== from.state ? [{ from, state }] : [];
      });
      const isLast = arrival.records.at(-1) === batch.at(-1);
      const place = isLast && arrival.place ? { place: arrival.place } : {};
      return ok({ commit: { drafts, logs: await lossLog(core, losses), ...place }, value: undefined });
    });
  };

  const eachWaiting = async (change: (record: StoredRecord) => RecordState): Promise<Result<void, StorageFailure>> => {
    const rows = await storage.transaction('read', ['outbox'], (tx) => tx.outbox(Infinity));
    if (!rows.ok) return rows;
    const keys = rows.value.map((row) => row.key);
    for (let start = 0; start < keys.length; start += restampBatch) {
      const result = await records.update(keys.slice(start, start + restampBatch), async (stored) => {
        const drafts = stored.map((from): RecordDraft => ({ from, state: change(from) })).filter(({ from, state }) => state !== from.state);
        core.remember(drafts.flatMap(({ state }) => state.pending.flatMap((op) => Object.values(op.fields).map((field) => field.at))));
        return ok({ commit: { drafts }, value: undefined });
      });
      if (!result.ok) return result;
    }
    return ok(undefined);
  };

  const outbox: StoreOutbox = {
    deviceClock: core.deviceClock,
    place: records.place,
    movePlace: withoutRecords,
    isStructural: core.isStructural,
    async waiting(limit) {
      const rows = await storage.transaction('read', ['outbox'], (tx) => tx.outbox(limit));
      if (!rows.ok) return rows;
      const loaded = await records.load(rows.value.map((row) => row.key));
      return loaded.ok ? ok(loaded.value.filter((record) => record.state.pending.length > 0)) : loaded;
    },
    async markSent(entries) {
      const written = await records.writeWires(entries, (place) => ({ ...place, pushNumber: place.pushNumber + 1 }));
      if (!written.ok) return written;
      const { device, pushNumber, generation } = records.place();
      return ok(written.value ? { device, n: pushNumber, generation } : undefined);
    },
    async settle(unfilled) {
      const push = withUnnamed(unfilled);
      const place = records.place();
      if (push.device !== place.device) return ok({ measure: false });
      const isLatest = push.n === place.pushNumber;
      const grouped = resultsByKey(push);
      return records.update([...grouped.keys()], async (stored) => {
        const logs: LogWrite[] = [];
        let measure = false;
        const drafts: RecordDraft[] = [];
        for (const from of stored) {
          const results = grouped.get(from.key) ?? [];
          const context = { isLatest, winners: await openWinners(core, push, from, results), own: core.own };
          const settled = settleRecord(from, results, { context, isSealed: (name) => !core.isStructural(from.state.table, name) });
          measure ||= settled.measure;
          logs.push(...(await lossLog(core, settled.losses)), ...(await refusedLog(core, from.state, settled.refused)));
          drafts.push({ from, state: settled.state, wires: settled.wires });
        }
        const { spaces } = push.answer;
        const cursors = (at: Readonly<Record<string, number>>): Record<string, number> =>
          Object.fromEntries([
            ...Object.entries(at),
            ...Object.entries(spaces).flatMap(([space, { before, after }]) =>
              (at[space] ?? 0) >= before && (at[space] ?? 0) < after ? [[space, after] as const] : [],
            ),
          ]);
        const isCurrent = push.answer.generation === place.generation;
        return ok({
          commit: { drafts, logs, ...(isCurrent ? { place: (was) => ({ ...was, cursors: cursors(was.cursors) }) } : {}) },
          value: { measure },
        });
      });
    },
    async applyRemote(arrival) {
      if (arrival.records.length === 0) return arrival.place ? withoutRecords(arrival.place) : ok(undefined);
      for (let start = 0; start < arrival.records.length; start += arrivalBatch) {
        const result = await applyBatch(arrival, arrival.records.slice(start, start + arrivalBatch));
        if (!result.ok) return result;
      }
      return ok(undefined);
    },
    async restampWaiting() {
      const context = {
        nowMs: core.deviceClock.read().ms,
        offsetMs: core.deviceClock.offsetMs(),
        device: records.place().device,
        newOp: core.newId,
      };
      return eachWaiting((record) =>
        restampState(record.state, { ...context, isSent: (op) => record.wires.some((wire) => wire.op === op && wire.sent) }),
      );
    },
    becomeNewDevice: () =>
      withoutRecords((place) => ({
        ...place,
        device: newDeviceId(random),
        earlierDevices: [...place.earlierDevices, place.device],
        pushNumber: 0,
      })),
    async startOver(generation, sharedSeq) {
      if (generation <= records.place().generation) return ok(undefined);
      // What was sent may have been built upon: its stamps stay.
      const fixed = await eachWaiting((record) => {
        const sent = new Set(record.wires.filter((wire) => wire.sent).map((wire) => wire.op));
        const isLoose = record.state.pending.some((op) => sent.has(op.op) && !op.fixed);
        return isLoose
          ? { ...record.state, pending: record.state.pending.map((op) => (sent.has(op.op) ? { ...op, fixed: true } : op)) }
          : record.state;
      });
      if (!fixed.ok) return fixed;
      const offered = await offerAgain(core, sharedSeq);
      if (!offered.ok) return offered;
      return withoutRecords((place) => ({
        ...place,
        generation,
        cursors: Object.fromEntries(Object.entries(place.cursors).map(([space, seq]) => [space, Math.min(seq, sharedSeq)])),
      }));
    },
  };
  return outbox;
}

/** Puts what was acknowledged beyond `sharedSeq` in front of the outbox. Done twice, it offers nothing twice. */
async function offerAgain(core: StoreCore, sharedSeq: number): Promise<Result<void, StorageFailure>> {
  const all = await core.storage.transaction('read', ['records'], (tx) => tx.recordKeys());
  if (!all.ok) return all;
  for (let start = 0; start < all.value.length; start += restampBatch) {
    const result = await core.records.update(all.value.slice(start, start + restampBatch), async (stored) => {
      const drafts = stored.flatMap((from): RecordDraft[] => {
        const isOffered = from.state.pending.some((op) => op.fixed && Object.values(op.fields).some((field) => field.sealed));
        const offer = from.state.seq > sharedSeq && !isOffered ? offerOf(core, from.state) : undefined;
        return offer ? [{ from, state: { ...from.state, pending: [offer, ...from.state.pending] } }] : [];
      });
      return ok({ commit: { drafts }, value: undefined });
    });
    if (!result.ok) return result;
  }
  return ok(undefined);
}
