import { ZERO_STAMP, type Stamp } from '#base/hybrid-clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { DELETED_AT } from '#wire/record.ts';
import type { StoreFailure } from './failures.ts';
import { sameValue } from './field-values.ts';
import { lossOf, type Loss } from './losses.ts';
import { prepareWrite, type UndoStep, type WriteContext } from './prepare-write.ts';
import {
  ackedFloor,
  fieldNames,
  hasContent,
  isUntouchedSeed,
  recordKey,
  SEED_EPOCH,
  shownField,
  shownFields,
  type HeldField,
  type PendingField,
  type PendingOp,
  type RecordState,
} from './record-state.ts';
import type { RecordDraft, StoredRecord } from './records.ts';
import { lossLog, toStoreFailure, type Seen, type StoreCore } from './store-core.ts';
import type { Change, OpenRecord, Store, Write, WriteOptions } from './store.ts';

/** The writing half of a store. */
export type StoreWrites = Pick<Store, 'write' | 'undo' | 'seed' | 'dropUntouchedSeeds'> & {
  takeOver(records: readonly OpenRecord[]): Promise<Result<void, StoreFailure>>;
  /** Resolves when the change log has reached the storage. */
  settled(): Promise<void>;
};

type WithId = Write & { readonly id: string };

/** Records taken over in one transaction: small enough that an interruption loses little. */
const takeOverBatch = 200;
/** Changes that can be undone without reading the log. */
const maxRecentChanges = 200;

const normal = (error: StoreFailure | 'QUOTA_EXCEEDED' | 'DATABASE_CLOSED' | 'DATABASE_NEWER'): StoreFailure =>
  typeof error === 'string' ? toStoreFailure(error) : error;

interface Batch {
  readonly drafts: RecordDraft[];
  readonly steps: UndoStep[];
  readonly losses: Loss[];
  readonly stamps: Stamp[];
}

/** Applies writes to loaded records, one after the other. */
function prepareBatch(
  core: StoreCore,
  input: { records: readonly StoredRecord[]; writes: readonly WithId[]; options: WriteOptions },
): Result<Batch, StoreFailure> {
  const { records, writes, options } = input;
  const byKey = new Map(records.map((record) => [record.key, record]));
  const states = new Map<string, RecordState>();
  const batch = { steps: [] as UndoStep[], losses: [] as Loss[], stamps: [] as Stamp[] };
  const reading = core.deviceClock.read();
  const { device } = core.records.place();
  for (const write of writes) {
    const table = core.tables.get(write.table);
    if (!table) return err({ code: 'INVALID_VALUE', path: write.table });
    const key = recordKey(options.space ?? core.homeSpace, write.table, write.id);
    const record = byKey.get(key);
    const state = states.get(key) ?? record?.state;
    if (!record || !state) return err({ code: 'NO_SUCH_RECORD' });
    const context: WriteContext = {
      actor: options.actor ?? core.self,
      origin: options.origin ?? 'user',
      device,
      reading,
      newOp: core.newId,
      isSent: (op) => record.wires.some((wire) => wire.op === op && wire.sent),
    };
    const prepared = prepareWrite({ state, table, context }, write);
    if (!prepared.ok) return prepared;
    if (!prepared.value.undo) continue;
    states.set(key, prepared.value.state);
    batch.steps.push(prepared.value.undo);
    batch.losses.push(...prepared.value.losses);
    if (prepared.value.at) batch.stamps.push(prepared.value.at);
  }
  const drafts = [...states].flatMap(([key, state]): RecordDraft[] => {
    const from = byKey.get(key);
    return from ? [{ from, state }] : [];
  });
  return ok({ ...batch, drafts });
}

/** Values that came in from another tab or device while this write was under way, and that it replaces without the person having seen them. */
function unseenLosses({ from, state }: RecordDraft, seen: Seen | undefined): Loss[] {
  if (!seen || from.rev === 0) return [];
  return fieldNames(state).flatMap((name) => {
    const [lost, winner] = [shownField(from.state, name), shownField(state, name)];
    if (!lost || !winner || lost.at === winner.at || sameValue(seen.values[name], lost.v)) return [];
    return lossOf(state, { name, lost, winner });
  });
}

/** The write that takes one step back, where the record still says what the step wrote. */
function reversal(step: UndoStep, record: StoredRecord): WithId[] {
  const { table, id } = step;
  if (step.kind === 'created' || step.kind === 'restored') return [{ kind: 'remove', table, id }];
  if (step.kind === 'removed') return [{ kind: 'restore', table, id }];
  const shown = shownFields(record.state);
  const untouched = Object.entries(step.before).filter(([name]) => name !== 'createdAt' && sameValue(shown[name]?.v, step.after[name]));
  return untouched.length === 0 ? [] : [{ kind: 'patch', table, id, values: Object.fromEntries(untouched) }];
}

function seedState(core: StoreCore, state: RecordState, values: Readonly<Record<string, HeldField['v']>>): RecordState {
  const table = core.tables.get(state.table);
  const stamp = { at: ZERO_STAMP, actor: core.self, origin: 'system' as const, epoch: SEED_EPOCH, iv: '' };
  const all = { ...table?.defaults, ...values };
  return { ...state, acked: Object.fromEntries(Object.entries(all).map(([name, v]): [string, HeldField] => [name, { v, ...stamp }])) };
}

/** A record of another database as edits of this person: values first, then, where it was deleted, the deletion. */
function takenOver(core: StoreCore, state: RecordState, record: OpenRecord): RecordState {
  const actor = core.self;
  const base = ackedFloor(state);
  const made = { madeMs: Date.parse(record.updatedAt.slice(0, 24)), trusted: true, base };
  const fields: Record<string, PendingField> = {};
  for (const [name, v] of Object.entries(record.values)) {
    const stamp = record.stamps[name];
    fields[name] = { v, at: (stamp?.at ?? ZERO_STAMP) as Stamp, actor, origin: stamp && stamp.at !== ZERO_STAMP ? stamp.origin : 'system' };
  }
  const first = Object.values(fields).reduce((min, field) => (field.at < min ? field.at : min), record.updatedAt as Stamp);
  fields['createdAt'] = { v: record.createdAt, at: first, actor, origin: first === ZERO_STAMP ? 'system' : 'user' };
  const pending: PendingOp[] = [{ op: core.newId(), fields, ...made }];
  if (record.deletedAt !== null) {
    const deletion: PendingField = { v: record.deletedAt, at: record.updatedAt as Stamp, actor, origin: 'user' };
    pending.push({ op: core.newId(), fields: { [DELETED_AT]: deletion }, ...made });
  }
  return { ...state, pending };
}

/** The part of a store that writes. */
export function createStoreWrites(core: StoreCore): StoreWrites {
  const recent = new Map<string, readonly UndoStep[]>();
  let logging: Promise<unknown> = Promise.resolve();

  // The log of changes follows its write in a transaction of its own: a person waits for the write, not for the way back.
  const keepChange = (id: string, steps: readonly UndoStep[]): void => {
    recent.set(id, steps);
    const oldest = recent.keys().next();
    if (recent.size > maxRecentChanges && !oldest.done) recent.delete(oldest.value);
    logging = logging.then(async () => core.logs.put('changes', [await core.logs.row('changes', { key: id, ...core.date() }, steps)]));
  };

  const writeAll = async (writes: readonly WithId[], options: WriteOptions): Promise<Result<Change, StoreFailure>> => {
    const space = options.space ?? core.homeSpace;
    const keys = [...new Set(writes.map((write) => recordKey(space, write.table, write.id)))];
    const seen = new Map(keys.map((key) => [key, core.seen(key)]));
    const result = await core.records.update(keys, async (records) => {
      const batch = prepareBatch(core, { records, writes, options });
      if (!batch.ok) return batch;
      const { drafts } = batch.value;
      const losses = [...batch.value.losses, ...drafts.flatMap((draft) => unseenLosses(draft, seen.get(draft.from.key)))];
      return ok({ commit: { drafts, logs: await lossLog(core, losses) }, value: batch.value });
    });
    if (!result.ok) return err(normal(result.error));
    core.remember(result.value.stamps);
    const id = core.newId();
    if (result.value.steps.length > 0) keepChange(id, result.value.steps);
    return ok({ id, recordIds: [...new Set(writes.map((write) => write.id))] });
  };

  const drop = async (id: string): Promise<void> => {
    recent.delete(id);
    await core.logs.drop('changes', [id]);
  };

  return {
    write: (writes, options = {}) =>
      writeAll(
        writes.map((write) => ({ ...write, id: write.id ?? core.newId() })),
        options,
      ),
    async undo(changeId) {
      await logging;
      const found = recent.get(changeId) ?? (await core.logs.find<UndoStep[]>('changes', changeId));
      const steps = Array.isArray(found) ? (found as readonly UndoStep[]) : 'ok' in found && found.ok ? found.value : undefined;
      if (!steps) return err({ code: 'NOTHING_TO_UNDO' });
      const space = steps[0]?.space ?? core.homeSpace;
      const loaded = await core.records.load(steps.map((step) => recordKey(step.space, step.table, step.id)));
      if (!loaded.ok) return err(toStoreFailure(loaded.error));
      const writes = steps.flatMap((step, index) => {
        const record = loaded.value[index];
        return record ? reversal(step, record) : [];
      });
      if (writes.length === 0) return err({ code: 'NOTHING_TO_UNDO' });
      const change = await writeAll(writes.toReversed(), { space });
      if (change.ok) await drop(changeId);
      return change.ok || change.error.code !== 'NO_SUCH_RECORD' ? change : err({ code: 'NOTHING_TO_UNDO' });
    },
    async seed(seeds) {
      const keys = seeds.map((seed) => recordKey(core.homeSpace, seed.table, seed.id));
      await core.records.update(keys, async (records) => {
        const drafts = records.flatMap((from, index): RecordDraft[] => {
          const seed = seeds[index];
          return seed && from.rev === 0 ? [{ from, state: seedState(core, from.state, seed.values) }] : [];
        });
        return ok({ commit: { drafts }, value: undefined });
      });
    },
    async dropUntouchedSeeds() {
      const keys = await seedKeys(core);
      await core.records.update(keys, async (records) => {
        const drafts = records.filter((from) => isUntouchedSeed(from.state)).map((from) => ({ from, state: { ...from.state, acked: {} } }));
        return ok({ commit: { drafts }, value: undefined });
      });
    },
    async takeOver(records) {
      for (let start = 0; start < records.length; start += takeOverBatch) {
        const batch = records.slice(start, start + takeOverBatch);
        const result = await core.records.update(
          batch.map((record) => recordKey(core.homeSpace, record.table, record.id)),
          async (stored) => {
            const drafts = stored.flatMap((from, index): RecordDraft[] => {
              const record = batch[index];
              return record && (!hasContent(from.state) || isUntouchedSeed(from.state))
                ? [{ from, state: takenOver(core, from.state, record) }]
                : [];
            });
            return ok({ commit: { drafts }, value: undefined });
          },
        );
        if (!result.ok) return err(normal(result.error));
      }
      return ok(undefined);
    },
    settled: async () => {
      await logging;
    },
  };
}

/** Keys of all seeds: they carry the zero stamp, so they come last in the order of change. */
async function seedKeys(core: StoreCore): Promise<string[]> {
  const keys: string[] = [];
  for (const table of core.tables.keys()) {
    const scope = `${core.homeSpace}/${table}`;
    const read = await core.storage.transaction('read', ['records'], (tx) => tx.newest({ scope, limit: Infinity }));
    if (read.ok) keys.push(...read.value.filter((row) => row._updatedAtIndex === ZERO_STAMP).map((row) => row.key));
  }
  return keys;
}
