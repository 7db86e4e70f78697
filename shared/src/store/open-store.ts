import { err, ok, type Result } from '#base/result.ts';
import { openBytes, sealBytes } from '#crypto/local-sealing.ts';
import type { Table } from '#modules/define-module.ts';
import { createDeviceClock } from './device-clock.ts';
import type { StoreFailure } from './failures.ts';
import type { OutboxStore } from './outbox-store.ts';
import { parseRecordKey, scopeOf } from './record-state.ts';
import { createRecords, type Committed, type Records } from './records.ts';
import { createLocalSealer } from './sealed-bytes.ts';
import { CHANGES_KEPT_MS, createSealedLogs, HISTORY_KEPT_MS } from './sealed-logs.ts';
import { pauseForEvents } from './slices.ts';
import type { OutboxRow, Storage, StorageFailure, SyncPlace } from './storage.ts';
import { createOwnEdits, idSource, structuralCheck, toStoreFailure, type StoreCore, type StoreDeps } from './store-core.ts';
import { createStoreHistory } from './store-history.ts';
import { createStoreOutbox, newDeviceId } from './store-outbox.ts';
import { createStoreWrites } from './store-writes.ts';
import type { TableView } from './store.ts';
import { createTableView, type FilledView } from './table-view.ts';

export type { StoreDeps } from './store-core.ts';

/** Reads where the database stands; a new one takes a device id, in one transaction, so that two tabs agree. */
async function openPlace({ storage, random }: StoreDeps): Promise<Result<SyncPlace, StorageFailure>> {
  const fresh: SyncPlace = {
    device: newDeviceId(random),
    earlierDevices: [],
    pushNumber: 0,
    generation: 1,
    cursors: {},
    offsetMs: 0,
    lastSyncedAt: null,
  };
  return storage.transaction('write', ['meta'], async (tx) => {
    const [row] = await tx.getMany('meta', ['sync']);
    if (row) return row.place;
    await tx.putMany('meta', [{ key: 'sync', place: fresh }]);
    return fresh;
  });
}

const readOutbox = (storage: Storage): Promise<Result<OutboxRow[], StorageFailure>> =>
  storage.transaction('read', ['outbox'], (tx) => tx.outbox(Infinity));

/** Listeners that are called once for any number of changes in a turn. */
function createAnnouncer(): { subscribe: (listener: () => void) => () => void; announce: () => void; clear: () => void } {
  const listeners = new Set<() => void>();
  let announced = false;
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    announce() {
      if (announced) return;
      announced = true;
      queueMicrotask(() => {
        announced = false;
        for (const listener of [...listeners]) listener();
      });
    },
    clear: () => listeners.clear(),
  };
}

/** Table views, made when first asked for. */
function createViews(
  deps: StoreDeps,
  parts: { records: Records; monotonicMs: () => number },
): {
  view: (table: Table, space: string) => FilledView;
  find: (space: string, table: string) => FilledView | undefined;
  all: () => FilledView[];
} {
  const views = new Map<string, FilledView>();
  const pause = deps.pause ?? pauseForEvents;
  const outboxOf: Parameters<typeof createTableView>[0]['outboxOf'] = (rows) => parts.records.openRows(rows);
  return {
    view(table, space) {
      const scope = scopeOf(space, table.name);
      const known = views.get(scope) ?? createTableView({ storage: deps.storage, ...parts, pause, outboxOf }, table, space);
      views.set(scope, known);
      return known;
    },
    find: (space, table) => views.get(scopeOf(space, table)),
    all: () => [...views.values()],
  };
}

/** Opens the local database of one account: the one door to what a person wrote. */
export async function openStore(deps: StoreDeps): Promise<Result<OutboxStore, StoreFailure>> {
  const { storage, tabs } = deps;
  const place = await openPlace(deps);
  if (!place.ok) return err(toStoreFailure(place.error));
  const waiting = await readOutbox(storage);
  if (!waiting.ok) return err(toStoreFailure(waiting.error));
  const counts = new Map(waiting.value.map((row) => [row.key, row.count]));
  const changes = createAnnouncer();
  const warn = deps.warn ?? (() => undefined);
  const monotonicMs = (): number => deps.clock.monotonicMs();
  const pause = deps.pause ?? pauseForEvents;
  const sealer = createLocalSealer({ keyring: deps.keyring, random: deps.random, ...(deps.sealing ?? { sealBytes, openBytes }) });
  const logs = createSealedLogs(storage, sealer);
  const tables = new Map(deps.tables.map((table) => [table.name, table]));

  const take = ({ records: changed, logs: logsChanged }: Committed): void => {
    for (const { key, outbox } of changed) {
      if (outbox) counts.set(key, outbox.count);
      else counts.delete(key);
    }
    for (const view of views.all()) view.apply(changed);
    if (changed.length > 0 || logsChanged) changes.announce();
  };
  const onCommit = (committed: Committed): void => {
    take(committed);
    if (committed.records.length > 0 || committed.logs)
      tabs?.post({ records: committed.records.map(({ key }) => key), logs: committed.logs });
  };
  const records = createRecords({ storage, sealer, monotonicMs, pause, warn, onCommit }, place.value);
  const views = createViews(deps, { records, monotonicMs });
  tabs?.listen(async (message) => {
    records.evict(message.records);
    const loaded = await records.load(message.records);
    if (loaded.ok) take({ records: loaded.value, logs: message.logs });
  });

  const { own, remember } = createOwnEdits(deps.self, () => records);
  const deviceClock = createDeviceClock(deps.clock, place.value.offsetMs);
  const core: StoreCore = {
    self: deps.self,
    homeSpace: deps.homeSpace,
    storage,
    records,
    logs,
    sealer,
    deviceClock,
    tables,
    own,
    warn,
    remember,
    newId: idSource(deps),
    nowIso: () => new Date(deviceClock.read().ms).toISOString(),
    isStructural: structuralCheck(tables),
    notify: changes.announce,
    seen(key) {
      const { space, table, id } = parseRecordKey(key);
      const view = views.find(space, table);
      return view?.complete ? { values: view.seen(id)?.values ?? {} } : undefined;
    },
  };
  const { settled, ...writes } = createStoreWrites(core);
  const before = (ageMs: number): string => new Date(deviceClock.read().ms - ageMs).toISOString();
  await logs.prune('history', before(HISTORY_KEPT_MS));
  await logs.prune('changes', before(CHANGES_KEPT_MS));

  return ok({
    homeSpace: deps.homeSpace,
    self: deps.self,
    ...writes,
    ...createStoreHistory(core, writes.write),
    ...createStoreOutbox(core, deps.random),
    table: (table, space = deps.homeSpace) => views.view(table, space) as TableView<never>,
    whenComplete: (table, space = deps.homeSpace) => views.view(table, space).whenComplete,
    subscribe: changes.subscribe,
    pendingCount: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    async close() {
      await settled();
      await storage.close();
      tabs?.close();
      for (const view of views.all()) view.close();
      changes.clear();
      records.forget();
      sealer.forget();
    },
  });
}
