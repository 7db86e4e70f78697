import { maxStamp, ZERO_STAMP, type Stamp } from '#base/hybrid-clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { StoreFailure } from './failures.ts';
import { sameValue } from './field-values.ts';
import { lossOf, type Loss } from './losses.ts';
import { prepareWrite, type PreparedWrite, type UndoStep, type WriteContext } from './prepare-write.ts';
import {
  fieldNames,
  isDeleted,
  isUntouchedSeed,
  parseRecordKey,
  recordKey,
  SEED_EPOCH,
  shownField,
  shownFields,
  type HeldField,
  type RecordState,
} from './record-state.ts';
import type { LogWrite, RecordDraft } from './record-commit.ts';
import { startSlices } from './slices.ts';
import type { StoredRecord } from './stored-record.ts';
import { lossLog, toStoreFailure, type Seen, type StoreCore } from './store-core.ts';
import type { Change, Store, Write, WriteOptions } from './store.ts';

/** The writing half of a store. */
export type StoreWrites = Pick<Store, 'write' | 'undo' | 'seed' | 'dropUntouchedSeeds'>;

type WithId = Write & { readonly id: string; readonly space: string };

/** Changes that can be undone without reading the log. */
const maxRecentChanges = 200;

const normal = (error: StoreFailure | 'QUOTA_EXCEEDED' | 'DATABASE_CLOSED' | 'DATABASE_NEWER'): StoreFailure =>
  typeof error === 'string' ? toStoreFailure(error) : error;

interface Batch {
  readonly drafts: readonly RecordDraft[];
  readonly steps: readonly UndoStep[];
  readonly losses: readonly Loss[];
  readonly stamps: readonly Stamp[];
}

interface BatchInput {
  readonly records: readonly StoredRecord[];
  readonly writes: readonly WithId[];
  readonly options: WriteOptions;
}

/** Applies writes to loaded records, one after the other, in slices of time; one that fails fails them all. */
async function prepareBatch(core: StoreCore, { records, writes, options }: BatchInput): Promise<Result<Batch, StoreFailure>> {
  const working = new Map(records.map((from) => [from.key, { from, state: from.state }]));
  const reading = core.deviceClock.read();
  const done: PreparedWrite[] = [];
  /** The greatest stamp that this batch gave in each space. */
  const stamped = new Map<string, Stamp>();
  const breathe = startSlices(core.slices);
  for (const write of writes) {
    const table = core.tables.get(write.table);
    const target = working.get(keyOf(write));
    if (!table || !target) return err({ code: 'INVALID_VALUE', path: write.table });
    const context = contextOf(core, { options, reading, from: target.from, after: stampElsewhere(stamped, write) });
    const prepared = prepareWrite({ state: target.state, table, context }, write);
    if (!prepared.ok) return prepared;
    target.state = prepared.value.state;
    done.push(prepared.value);
    stamped.set(write.space, maxStamp(stamped.get(write.space) ?? ZERO_STAMP, prepared.value.at ?? ZERO_STAMP));
    const pause = breathe();
    if (pause) await pause;
  }
  return ok({
    drafts: [...working.values()].filter(({ from, state }) => state !== from.state),
    steps: done.flatMap(({ undo }) => undo ?? []),
    losses: done.flatMap(({ losses }) => losses),
    stamps: done.flatMap(({ at }) => at ?? []),
  });
}

const keyOf = ({ space, table, id }: WithId): string => recordKey(space, table, id);

/** What is deleted stands behind what the batch wrote in other spaces: a record that moves is there before it is gone here. */
function stampElsewhere(stamped: ReadonlyMap<string, Stamp>, { kind, space }: WithId): Stamp {
  if (kind !== 'remove') return ZERO_STAMP;
  return [...stamped].reduce((max, [other, at]) => (other === space ? max : maxStamp(max, at)), ZERO_STAMP);
}

interface ContextParts {
  readonly options: WriteOptions;
  readonly reading: WriteContext['reading'];
  readonly from: StoredRecord;
  readonly after: Stamp;
}

function contextOf(core: StoreCore, { options, reading, from, after }: ContextParts): WriteContext {
  return {
    after,
    actor: options.actor ?? core.self,
    origin: options.origin ?? 'user',
    device: core.records.place().device,
    reading,
    newOp: core.newId,
    isSent: (op) => from.wires.some((wire) => wire.op === op && wire.sent),
  };
}

/** Values that came in from another tab or device while this write was under way, and that it replaces without the person having seen them. */
function unseenLosses({ from, state }: RecordDraft, seen: Seen | undefined): Loss[] {
  if (!seen || from.rev === 0) return [];
  return fieldNames(state).flatMap((name) => {
    const [lost, winner] = [shownField(from.state, name), shownField(state, name)];
    if (!lost || !winner || lost.at === winner.at || sameValue(seen.values[name], lost.v)) return [];
    return lossOf(state, { name, lost, winner, conflict: true });
  });
}

/** The write that takes one step back, where the record still says what the step wrote. */
function reversal(step: UndoStep, record: StoredRecord): WithId[] {
  const { table, id, space } = step;
  // What was deleted or brought back by hand since is left as it is: the other steps of the change are still taken back.
  if (isDeleted(record.state) !== (step.kind === 'removed')) return [];
  if (step.kind === 'created' || step.kind === 'restored') return [{ kind: 'remove', table, id, space }];
  if (step.kind === 'removed') return [{ kind: 'restore', table, id, space }];
  const shown = shownFields(record.state);
  const untouched = Object.entries(step.before).filter(([name]) => name !== 'createdAt' && sameValue(shown[name]?.v, step.after[name]));
  return untouched.length === 0 ? [] : [{ kind: 'patch', table, id, space, values: Object.fromEntries(untouched) }];
}

function seedState(core: StoreCore, state: RecordState, values: Readonly<Record<string, HeldField['v']>>): RecordState {
  const table = core.tables.get(state.table);
  const stamp = { at: ZERO_STAMP, actor: core.self, origin: 'system' as const, epoch: SEED_EPOCH, iv: '' };
  const all = { ...table?.defaults, ...values };
  return { ...state, acked: Object.fromEntries(Object.entries(all).map(([name, v]): [string, HeldField] => [name, { v, ...stamp }])) };
}

/** The part of a store that writes. */
export function createStoreWrites(core: StoreCore): StoreWrites {
  const changes = new ChangeLog(core);
  return {
    write(writes, options = {}) {
      const { space = core.homeSpace } = options;
      const named = writes.map((write): WithId => ({ space, ...write, id: write.id ?? core.newId() }));
      const fresh = new Set(named.filter((_, index) => writes[index]?.id === undefined).map(({ id }) => id));
      return writeAll(core, changes, { writes: named, options, fresh });
    },
    undo: (changeId) => undoChange(core, changes, changeId),
    seed: (seeds) => addSeeds(core, seeds),
    dropUntouchedSeeds: () => dropSeeds(core),
  };
}

/** Remembers how to take changes back; a change and the way back from it are written by one transaction. */
class ChangeLog {
  readonly #core: StoreCore;
  readonly #recent = new Map<string, readonly UndoStep[]>();

  constructor(core: StoreCore) {
    this.#core = core;
  }

  async entry(id: string, steps: readonly UndoStep[]): Promise<LogWrite[]> {
    if (steps.length === 0) return [];
    const { logs, date } = this.#core;
    return [{ table: 'changes', put: [await logs.row('changes', { key: id, ...date() }, steps)] }];
  }

  remember(id: string, steps: readonly UndoStep[]): void {
    if (steps.length === 0) return;
    this.#recent.set(id, steps);
    const oldest = this.#recent.keys().next();
    if (this.#recent.size > maxRecentChanges && !oldest.done) this.#recent.delete(oldest.value);
  }

  async find(id: string): Promise<readonly UndoStep[] | undefined> {
    const recent = this.#recent.get(id);
    if (recent) return recent;
    const found = await this.#core.logs.find<UndoStep[]>('changes', id);
    return found.ok ? found.value : undefined;
  }

  async drop(id: string): Promise<void> {
    this.#recent.delete(id);
    await this.#core.logs.drop('changes', [id]);
  }
}

interface WriteInput extends Omit<BatchInput, 'records'> {
  /** Ids that were drawn for this write: nothing of them can be stored. */
  readonly fresh?: ReadonlySet<string>;
}

async function writeAll(
  core: StoreCore,
  changes: ChangeLog,
  { writes, options, fresh = new Set() }: WriteInput,
): Promise<Result<Change, StoreFailure>> {
  const id = core.newId();
  const keys = [...new Set(writes.map(keyOf))];
  const isNew = (key: string): boolean => fresh.has(parseRecordKey(key).id);
  const seen = new Map(keys.flatMap((key) => (isNew(key) ? [] : [[key, core.seen(key)] as const])));
  const result = await core.records.update(
    keys,
    async (records) => {
      const batch = await prepareBatch(core, { records, writes, options });
      if (!batch.ok) return batch;
      const { drafts } = batch.value;
      const losses = [...batch.value.losses, ...drafts.flatMap((draft) => unseenLosses(draft, seen.get(draft.from.key)))];
      const [lost, wayBack] = await Promise.all([lossLog(core, losses), changes.entry(id, batch.value.steps)]);
      return ok({ commit: { drafts, logs: [...lost, ...wayBack] }, value: batch.value });
    },
    { isNew },
  );
  if (!result.ok) return err(normal(result.error));
  core.remember(result.value.stamps);
  changes.remember(id, result.value.steps);
  return ok({ id, recordIds: [...new Set(writes.map((write) => write.id))] });
}

const nothingToUndo = err({ code: 'NOTHING_TO_UNDO' } as const);

async function undoChange(core: StoreCore, changes: ChangeLog, id: string): Promise<Result<Change, StoreFailure>> {
  const steps = await changes.find(id);
  if (!steps || steps.length === 0) return nothingToUndo;
  const loaded = await core.records.load(steps.map((step) => recordKey(step.space, step.table, step.id)));
  if (!loaded.ok) return err(toStoreFailure(loaded.error));
  const writes = steps.flatMap((step, index) => {
    const record = loaded.value[index];
    return record ? reversal(step, record) : [];
  });
  if (writes.length === 0) return nothingToUndo;
  const change = await writeAll(core, changes, { writes: writes.toReversed(), options: {} });
  if (!change.ok) return change.error.code === 'NO_SUCH_RECORD' ? nothingToUndo : change;
  await changes.drop(id);
  return change;
}

async function addSeeds(core: StoreCore, seeds: Parameters<Store['seed']>[0]): Promise<void> {
  const byKey = new Map(seeds.map((seed) => [recordKey(core.homeSpace, seed.table, seed.id), seed]));
  await core.records.update([...byKey.keys()], async (records) => {
    const drafts = records.flatMap((from): RecordDraft[] => {
      const seed = byKey.get(from.key);
      return seed && from.rev === 0 ? [{ from, state: seedState(core, from.state, seed.values) }] : [];
    });
    return ok({ commit: { drafts }, value: undefined });
  });
}

async function dropSeeds(core: StoreCore): Promise<void> {
  await core.records.update(await seedKeys(core), async (records) => {
    const drafts = records.filter((from) => isUntouchedSeed(from.state)).map((from) => ({ from, state: { ...from.state, acked: {} } }));
    return ok({ commit: { drafts }, value: undefined });
  });
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
