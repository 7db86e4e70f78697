import { err, ok, type Result } from '#base/result.ts';
import { openBytes, sealBytes } from '#crypto/local-sealing.ts';
import { createDeviceClock } from './device-clock.ts';
import type { StoreFailure } from './failures.ts';
import { createLazyStoreOutbox } from './lazy-store-outbox.ts';
import { LiveState } from './live-state.ts';
import { newDeviceId } from './new-device-id.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { Committed } from './record-commit.ts';
import { createRecords } from './records.ts';
import { createLocalSealer } from './sealed-bytes.ts';
import { createSealedLogs } from './sealed-logs.ts';
import { pauseForEvents } from './slices.ts';
import type { StorageFailure, SyncPlace } from './storage.ts';
import {
  createOwnEdits,
  declaredCheck,
  fingerprintOf,
  idSource,
  structuralCheck,
  toStoreFailure,
  type StoreCore,
  type StoreDeps,
} from './store-core.ts';
import { createStoreHistory } from './store-history.ts';
import { createStoreWrites } from './store-writes.ts';
import { storesBySpace } from './store-in-space.ts';
import type { TableView } from './store.ts';

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

/** What the parts of the store share; the records exist already. */
function createCore(
  deps: StoreDeps,
  parts: Pick<StoreCore, 'records' | 'sealer' | 'logs' | 'slices'> & { readonly live: LiveState },
): StoreCore {
  const { live, ...shared } = parts;
  const { records } = parts;
  const tables = new Map(deps.tables.map((table) => [table.name, table]));
  const deviceClock = createDeviceClock(deps.clock, records.place().offsetMs);
  return {
    ...shared,
    ...createOwnEdits(deps.self, records),
    self: deps.self,
    homeSpace: deps.homeSpace,
    storage: deps.storage,
    deviceClock,
    tables,
    warn: deps.warn ?? (() => undefined),
    newId: idSource(deps),
    date() {
      const { ms, trusted } = deviceClock.read();
      return { at: new Date(ms).toISOString(), ...(trusted ? {} : { undated: true as const }) };
    },
    isStructural: structuralCheck(tables),
    isDeclared: declaredCheck(tables),
    fingerprint: fingerprintOf(deps.tables),
    currentEpoch: (space) => deps.keyring.currentEpoch(space),
    notify: () => live.logsWritten(),
    openTables: (space) => live.openTables(space),
    seen: (key) => live.seen(key),
  };
}

const loadTakeOver = () => import('./take-over.ts'); // only a guest's move asks for it

/** Moving what one database holds into another. */
const takingOver = (core: StoreCore): Pick<OutboxStore, 'takeOver' | 'openLogs' | 'takeOverLogs'> => ({
  takeOver: async (records) => (await loadTakeOver()).takeOver(core, records),
  openLogs: async () => (await loadTakeOver()).openLogs(core),
  takeOverLogs: async (logs) => (await loadTakeOver()).takeOverLogs(core, logs),
});

/** Opens the local database of one account: the one door to what a person wrote. */
export async function openStore(deps: StoreDeps): Promise<Result<OutboxStore, StoreFailure>> {
  const { storage, homeSpace, self, tabs } = deps;
  const place = await openPlace(deps);
  if (!place.ok) return err(toStoreFailure(place.error));
  const waiting = await storage.transaction('read', ['outbox'], (tx) => tx.outbox(Infinity));
  if (!waiting.ok) return err(toStoreFailure(waiting.error));

  const { pause = pauseForEvents, warn = () => undefined, sealing = { sealBytes, openBytes } } = deps;
  const monotonicMs = (): number => deps.clock.monotonicMs();
  const sealer = createLocalSealer({ keyring: deps.keyring, random: deps.random, ...sealing });
  const live = new LiveState({ storage, tabs, monotonicMs, pause }, waiting.value);
  const onCommit = (committed: Committed): Promise<void> => live.commit(committed);
  const records = createRecords({ storage, sealer, monotonicMs, pause, warn, onCommit }, place.value);
  live.follow(records);
  const core = createCore(deps, { slices: { monotonicMs, pause }, records, sealer, logs: createSealedLogs(storage, sealer), live });
  const writes = createStoreWrites(core);

  const store: OutboxStore = {
    homeSpace,
    space: homeSpace,
    inSpace: storesBySpace(() => store),
    self,
    ...writes,
    ...createStoreHistory(core, writes.write),
    ...createLazyStoreOutbox(core, deps.random),
    ...takingOver(core),
    table: (table, space = homeSpace) => live.view(records, table, space) as TableView<never>,
    whenComplete: (table, space = homeSpace) => live.view(records, table, space).whenComplete,
    subscribe: (listener) => live.subscribe(listener),
    logsVersion: () => live.logsVersion(),
    pendingCount: () => live.pending(),
    async close() {
      await storage.close();
      live.close();
      records.forget();
      sealer.forget();
    },
  };
  return ok(store);
}
