import { allTableSchemas } from '#modules/all-modules.ts';
import { notes } from '#modules/notes/notes.ts';
import { tasks } from '#modules/todo/todo.ts';
import { createMemoryDisk, createMemoryStorage, type MemoryDisk } from '#store/memory-storage.ts';
import { openStore } from '#store/open-store.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import type { Storage } from '#store/storage.ts';
import type { TabChannel } from '#store/tab-channel.ts';
import { createFakeClock, createFakeTime } from './fake-clock.ts';
import { createFakeKeyring, fakeLocalSealing } from './fake-sealing.ts';
import { createSeededRandom } from './seeded-random.ts';

/** Space of the test's person. */
export const storeSpace = '01890000-0000-7000-8000-0000000000aa';
/** Actor of the test's person. */
export const storeSelf = 'user:01890000-0000-7000-8000-0000000000bb';

/** What may differ from an empty store of its own. */
export interface TestStoreOptions {
  readonly disk?: MemoryDisk;
  readonly storage?: Storage;
  readonly tabs?: TabChannel;
  readonly seed?: number;
  readonly skewMs?: number;
}

/** A store on memory storage with its tables open. */
export async function openTestStore(options: TestStoreOptions = {}): Promise<{ readonly store: OutboxStore; readonly disk: MemoryDisk }> {
  const { disk = createMemoryDisk(), tabs } = options;
  const opened = await openStore({
    storage: options.storage ?? createMemoryStorage(disk),
    keyring: createFakeKeyring({ [storeSpace]: 1 }),
    clock: createFakeClock(createFakeTime(), options.skewMs ?? 0),
    random: createSeededRandom(options.seed ?? 1),
    self: storeSelf,
    homeSpace: storeSpace,
    tables: allTableSchemas,
    tabs,
    sealing: fakeLocalSealing,
    pause: async () => undefined,
  });
  if (!opened.ok) throw new Error(opened.error.code);
  for (const table of [tasks, notes]) await opened.value.whenComplete(table);
  return { store: opened.value, disk };
}

/** Puts a new record and resolves with its id. */
export async function addRecord(store: OutboxStore, values: Record<string, unknown>, table = 'tasks'): Promise<string> {
  const change = await store.write([{ kind: 'put', table, values }]);
  if (!change.ok) throw new Error(JSON.stringify(change.error));
  return change.value.recordIds[0] ?? '';
}
