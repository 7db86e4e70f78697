import 'fake-indexeddb/auto';
import { describe, expect, test } from 'bun:test';
import { allTableSchemas } from '#modules/all-modules.ts';
import { dumpDatabase, loadDatabase, type DatabaseDump } from '#testing/database-dump.ts';
import { declarationsNow, openReleasedStore, releasedDatabases } from '#testing/released-database.ts';
import { openDexieStorage } from './dexie-storage.ts';
import type { OutboxStore } from './outbox-store.ts';

const all = releasedDatabases();
const formOf = ({ version, stores }: DatabaseDump) => ({ version, stores: stores.map(({ rows: _, ...form }) => form) });

const tableOf = (name: string) => {
  const table = allTableSchemas.find((known) => known.name === name);
  if (!table) throw new Error(`The table ${name} was released and is gone`);
  return table;
};
const recordOf = (store: OutboxStore, table: string, id: string) => store.table(tableOf(table)).get(id);

for (const { version, released } of all) {
  describe(`the database of version ${version}`, () => {
    const open = async (name: string): Promise<OutboxStore> => {
      await loadDatabase(name, released.dump);
      return openReleasedStore(name);
    };

    test('opens with every value, edit, loss, draft and way back that it held', async () => {
      const store = await open(`opened-${version}`);
      const { records, binnedId, unsent, lost, draft, undo } = released.expected;
      for (const [table, { id, values }] of Object.entries(records)) expect(recordOf(store, table, id)?.values).toMatchObject(values);
      const bin = store.table(tableOf('notes')).bin();
      expect([bin.map(({ id }) => id), store.pendingCount()]).toEqual([[binnedId], unsent]);
      expect([(await store.history()).map(({ value }) => value), await store.draft('quick-add')]).toEqual([[...lost], draft]);
      expect((await store.undo(undo.changeId)).ok).toBe(true);
      expect(recordOf(store, undo.table, undo.id)?.values).toMatchObject({ [undo.field]: undo.before });
      await store.close();
    });

    test('is of the newest form once it was opened, and takes writes', async () => {
      const store = await open(`upgraded-${version}`);
      expect((await store.write([{ kind: 'put', table: 'notes', values: { title: 'new' } }])).ok).toBe(true);
      await store.close();
      const fresh = await openDexieStorage(`fresh-${version}`);
      if (fresh.ok) await fresh.value.close();
      expect(formOf(await dumpDatabase(`upgraded-${version}`))).toEqual(formOf(await dumpDatabase(`fresh-${version}`)));
    });

    test('holds no field that is gone, or is encrypted where it was structural, or the other way round', () => {
      const now = declarationsNow();
      for (const [table, { structural, fields }] of Object.entries(released.declarations)) {
        expect(
          [...fields, ...structural].filter((field) => ![...(now[table]?.fields ?? []), ...(now[table]?.structural ?? [])].includes(field)),
        ).toEqual([]);
        expect(now[table]?.structural.filter((field) => fields.includes(field))).toEqual(
          structural.filter((field) => fields.includes(field)),
        );
      }
    });
  });
}

test('the form of the database changes only with its version, and every version has a database that it left (`npm run fixture`)', async () => {
  const fresh = await openDexieStorage('today');
  if (fresh.ok) await fresh.value.close();
  const newest = all.at(-1);
  expect(newest && formOf(newest.released.dump)).toEqual(formOf(await dumpDatabase('today')));
});
