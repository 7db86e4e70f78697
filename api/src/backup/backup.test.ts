import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { paths } from '@mana/shared/wire/endpoints';
import type { OwnerConnection } from '../db/owner-connection.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { fieldOf, opOf, push, stampAt } from '../testing/test-ops.ts';
import { signUp, type TestPerson } from '../testing/test-person.ts';
import { listTables, readRows } from './backup.queries.ts';
import { makeBackup } from './make-backup.service.ts';
import { restoreBackup } from './restore-backup.service.ts';

let app: TestApp;
let empty: TestDatabase;
let person: TestPerson;
let scratch: string;
let folder: string;

const connectionOf = (database: TestDatabase): OwnerConnection => ({
  run: (statement) => database.asOwner(statement),
  close: async () => undefined,
});
const depsOf = (database: TestDatabase) => ({ connection: connectionOf(database), dataDir: database.dataDir, clock: app.clock });

beforeAll(async () => {
  app = await createTestApp();
  empty = await createTestDatabase();
  scratch = mkdtempSync(join(tmpdir(), 'mana-backup-'));
  folder = join(scratch, 'kept');
  person = await signUp((request) => app.app.handle(request));
  await push(person, [opOf(person, { title: fieldOf(person, stampAt(app.clock.nowMs()), { v: `enc:1:it's "quoted" \\ and äöü` }) })], {
    n: 1,
  });
}, 120_000);
afterAll(async () => {
  await app.close();
  await empty.close();
  rmSync(scratch, { recursive: true });
});

/** Every row of every table as text; where generations are counted may differ after a restore. */
async function everything(database: TestDatabase): Promise<Record<string, string[]>> {
  const connection = connectionOf(database);
  const held: Record<string, string[]> = {};
  await connection.run('begin');
  for (const table of await listTables(connection)) {
    const rows: string[] = [];
    for await (const batch of readRows(connection, table)) rows.push(...batch);
    if (table !== 'sync.server_state') held[table] = rows.toSorted();
  }
  await connection.run('commit');
  return held;
}

test('what was backed up is back, row by row, with its secrets, as a new generation, and serves', async () => {
  const made = await makeBackup(depsOf(app.database), folder);
  expect(made).toMatchObject({ ok: true, value: { format: 'mana-backup/1', accounts: 1 } });
  for (const name of ['manifest.json', 'root-secrets.json', 'auth.accounts.jsonl'])
    expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  const before = await app.database.asOwner('select generation from sync.server_state');
  const restored = await restoreBackup(depsOf(empty), folder);
  expect(restored).toMatchObject({ ok: true, value: { manifest: { accounts: 1 } } });
  expect(await everything(empty)).toEqual(await everything(app.database));
  expect(readFileSync(join(empty.dataDir, 'root-secrets.json'), 'utf8')).toBe(
    readFileSync(join(app.database.dataDir, 'root-secrets.json'), 'utf8'),
  );
  const [state] = await empty.asOwner('select generation, earlier_generations from sync.server_state');
  expect(Number(state?.['generation'])).toBeGreaterThan(Number(before[0]?.['generation']));
  expect(state?.['earlier_generations']).toContain(Number(before[0]?.['generation']));
});

test('a backup goes only into an instance without accounts', async () => {
  expect(await restoreBackup(depsOf(app.database), folder)).toEqual({ ok: false, error: expect.stringContaining('1 accounts already') });
  expect((await person.browser.send('GET', paths.spaces)).status).toBe(200);
});

test('an instance without accounts never takes the place of a good backup, nor does a backup that of other files', async () => {
  const other = await createTestDatabase();
  writeFileSync(join(other.dataDir, 'root-secrets.json'), '{}');
  const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8');
  expect(await makeBackup(depsOf(other), folder)).toEqual({ ok: false, error: expect.stringContaining('left as it is') });
  expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toBe(manifest);
  writeFileSync(join(scratch, 'notes.txt'), 'mine');
  expect(await makeBackup(depsOf(app.database), scratch)).toEqual({ ok: false, error: expect.stringContaining('holds no backup') });
  expect(readFileSync(join(scratch, 'notes.txt'), 'utf8')).toBe('mine');
  await other.close();
});

test('a later backup takes the place of an earlier one whole', async () => {
  await signUp((request) => app.app.handle(request));
  expect(await makeBackup(depsOf(app.database), folder)).toMatchObject({ ok: true, value: { accounts: 2 } });
  expect([existsSync(`${folder}.part`), existsSync(`${folder}.old`)]).toEqual([false, false]);
});

test('a damaged or missing file is named, and nothing is restored', async () => {
  const other = await createTestDatabase();
  appendFileSync(join(folder, 'sync.records.jsonl'), '{}\n');
  expect(await restoreBackup(depsOf(other), folder)).toEqual({ ok: false, error: expect.stringContaining('sync.records.jsonl') });
  rmSync(join(folder, 'sync.records.jsonl'));
  expect(await restoreBackup(depsOf(other), folder)).toEqual({ ok: false, error: expect.stringContaining('is missing') });
  rmSync(join(folder, 'manifest.json'));
  expect(await restoreBackup(depsOf(other), folder)).toEqual({ ok: false, error: expect.stringContaining('manifest.json') });
  expect(await other.asOwner('select 1 from auth.accounts')).toEqual([]);
  await other.close();
});
