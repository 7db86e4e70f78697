import { readdirSync, readFileSync } from 'node:fs';
import { createKeyring } from '#crypto/keyring.ts';
import type { JsonValue } from '#modules/field-kinds.ts';
import { allTableSchemas } from '#modules/all-modules.ts';
import { allTables } from '#modules/all-tables.ts';
import { openDexieStorage } from '#store/dexie-storage.ts';
import { openStore } from '#store/open-store.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import type { DatabaseDump } from './database-dump.ts';
import { createFakeClock, createFakeTime } from './fake-clock.ts';
import { createSeededRandom } from './seeded-random.ts';

/** Where the databases of released versions lie. */
export const releasedFolder = new URL('../store/fixtures/', import.meta.url);

/** A database as a released version of the app left it, with what must be seen in it for ever. */
export interface ReleasedDatabase {
  readonly dump: DatabaseDump;
  /** Tables and fields as they were declared. */
  readonly declarations: Readonly<Record<string, { readonly structural: readonly string[]; readonly fields: readonly string[] }>>;
  readonly expected: {
    /** A live record of each table, every field with a value of its own. */
    readonly records: Readonly<Record<string, { readonly id: string; readonly values: Readonly<Record<string, JsonValue>> }>>;
    readonly binnedId: string;
    readonly unsent: number;
    readonly lost: readonly JsonValue[];
    readonly draft: string;
    readonly undo: {
      readonly changeId: string;
      readonly table: string;
      readonly id: string;
      readonly field: string;
      readonly before: JsonValue;
    };
  };
}

const fileName = /^database-(\d+)\.json$/;

/** Every released database, the oldest first. */
export const releasedDatabases = (): readonly { readonly version: number; readonly released: ReleasedDatabase }[] =>
  readdirSync(releasedFolder)
    .flatMap((name) => {
      const version = fileName.exec(name)?.[1];
      if (version === undefined) return [];
      return [{ version: Number(version), released: JSON.parse(readFileSync(new URL(name, releasedFolder), 'utf8')) as ReleasedDatabase }];
    })
    .toSorted((a, b) => a.version - b.version);

/** Space, account and keys of all released databases. */
export const releasedSpace = '01890000-0000-7000-8000-0000000000aa';
export const releasedAccount = '01890000-0000-7000-8000-0000000000bb';
const releasedKey = (first: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length: 32 }, (_, index) => first + index);

/** Opens a database as the app of today does, with the keys of all released databases. */
export async function openReleasedStore(name: string): Promise<OutboxStore> {
  const storage = await openDexieStorage(name);
  if (!storage.ok) throw new Error(storage.error);
  const opened = await openStore({
    storage: storage.value,
    keyring: await createKeyring({ accountKey: releasedKey(1), spaceKeys: [{ space: releasedSpace, epoch: 1, key: releasedKey(101) }] }),
    clock: createFakeClock(createFakeTime()),
    random: createSeededRandom(1),
    self: `user:${releasedAccount}`,
    homeSpace: releasedSpace,
    tables: allTableSchemas,
  });
  if (!opened.ok) throw new Error(opened.error.code);
  for (const table of allTableSchemas) await opened.value.whenComplete(table);
  return opened.value;
}

/** Tables and fields as they are declared today. */
export const declarationsNow = (): ReleasedDatabase['declarations'] =>
  Object.fromEntries(
    allTableSchemas.map(({ name, fields }) => [
      name,
      { structural: Object.keys(allTables[name]?.structural ?? {}).toSorted(), fields: Object.keys(fields).toSorted() },
    ]),
  );
