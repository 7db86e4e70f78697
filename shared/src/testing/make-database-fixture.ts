// Writes the database that this version of the app leaves, with a record of every table: `npm run fixture`, once per released version.
import 'fake-indexeddb/auto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { ok } from '#base/result.ts';
import type { Stamp } from '#base/hybrid-clock.ts';
import type { JsonValue } from '#modules/field-kinds.ts';
import { allTableSchemas } from '#modules/all-modules.ts';
import { singletonId } from '#modules/singleton-id.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import type { Write } from '#store/store.ts';
import { dumpDatabase } from './database-dump.ts';
import {
  declarationsNow,
  openReleasedStore,
  releasedAccount,
  releasedFolder,
  releasedSpace,
  type ReleasedDatabase,
} from './released-database.ts';

const name = 'fixture';
const dexieVersionFactor = 10;
const listId = '01890000-0000-7000-8000-000000000001';
const taskId = '01890000-0000-7000-8000-000000000002';

/** A value of its own for every field of every table. */
const values: Readonly<Record<string, Readonly<Record<string, JsonValue>>>> = {
  taskLists: { name: 'Garden', order: 'a3' },
  tasks: {
    title: 'Water the ferns',
    notes: 'Not too much.',
    dueDate: '2026-12-01',
    dueTime: '08:30',
    completedAt: '2026-12-01T08:31:00.000Z',
    priority: 2,
    tags: ['home', 'plants'],
    place: 'kitchen',
    listId,
    parentId: taskId,
    order: 'a1V',
  },
  notes: { title: 'Sourdough', body: '- feed the **starter**\n- ümläuts 🌿', tags: ['kitchen'], pinned: true },
  userContext: { callName: 'Rosa', about: 'I bind books.', current: 'Moving house.', answers: 'Short.', avoid: 'Sugar.' },
  kontextDoc: { content: '## People\n\nJo keeps the bees.' },
};

const ids: Readonly<Record<string, string>> = {
  taskLists: listId,
  tasks: taskId,
  notes: '01890000-0000-7000-8000-000000000003',
  userContext: singletonId('userContext', releasedAccount),
  kontextDoc: singletonId('kontextDoc', releasedSpace),
};

async function write(store: OutboxStore, one: Write) {
  const written = await store.write([one]);
  if (!written.ok) throw new Error(JSON.stringify(written.error));
  return written.value;
}

/** An edit that loses to another device's before the person writes again. */
async function lose(store: OutboxStore, id: string): Promise<void> {
  await write(store, { kind: 'put', table: 'notes', id, values: { title: 'mine' } });
  const at = '2099-01-01T00:00:00.000Z-0000-ffffffffffffffff' as Stamp;
  const field = { v: `enc:1:${'A'.repeat(16)}.${'A'.repeat(32)}`, at, actor: store.self, origin: 'user' as const, epoch: 1 };
  const record = { id, space: releasedSpace, table: 'notes', seq: 1, fields: { title: field } };
  await store.applyRemote({ space: releasedSpace, records: [record], open: async () => ok('theirs') });
  await write(store, { kind: 'patch', table: 'notes', id, values: { title: 'mine again' } });
}

async function fill(store: OutboxStore): Promise<ReleasedDatabase['expected']> {
  const records: Record<string, { id: string; values: Readonly<Record<string, JsonValue>> }> = {};
  for (const table of allTableSchemas) {
    const id = ids[table.name] ?? '';
    const known = values[table.name] ?? {};
    const missing = Object.keys(table.fields).filter((field) => !Object.hasOwn(known, field));
    if (id === '' || missing.length > 0) throw new Error(`Give ${table.name} values of its own: ${missing.join(', ')}`);
    await write(store, { kind: 'put', table: table.name, id, values: known });
    records[table.name] = { id, values: known };
  }
  await lose(store, '01890000-0000-7000-8000-000000000004');
  const binnedId = '01890000-0000-7000-8000-000000000005';
  await write(store, { kind: 'put', table: 'notes', id: binnedId, values: { title: 'thrown away' } });
  await write(store, { kind: 'remove', table: 'notes', id: binnedId });
  const undoneId = '01890000-0000-7000-8000-000000000006';
  await write(store, { kind: 'put', table: 'notes', id: undoneId, values: { title: 'before' } });
  const { id: changeId } = await write(store, { kind: 'patch', table: 'notes', id: undoneId, values: { title: 'after' } });
  await store.keepDraft('quick-add', 'half a line');
  const lost = (await store.history()).map(({ value }) => value);
  const undo = { changeId, table: 'notes', id: undoneId, field: 'title', before: 'before' };
  return { records, binnedId, unsent: store.pendingCount(), lost, draft: 'half a line', undo };
}

const store = await openReleasedStore(name);
const expected = await fill(store);
await store.close();
const dump = await dumpDatabase(name);
const file = new URL(`database-${dump.version / dexieVersionFactor}.json`, releasedFolder);
if (existsSync(file)) throw new Error(`${file.pathname} was released and stays as it is: raise the version of the database first`);
mkdirSync(releasedFolder, { recursive: true });
writeFileSync(file, `${JSON.stringify({ dump, declarations: declarationsNow(), expected } satisfies ReleasedDatabase, null, 2)}\n`);
