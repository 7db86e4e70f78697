import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Glob } from 'bun';
import { expect, test } from 'bun:test';
import { migrationsFolder, readJournal, refuseSkipped } from './migrations.ts';

test('the journal counts up and its times rise: the migrator skips what is out of order', () => {
  const journal = readJournal();
  expect(journal.map(({ idx }) => idx)).toEqual(journal.map((_, place) => place));
  expect(journal.map(({ when }) => when)).toEqual(journal.map(({ when }) => when).toSorted((a, b) => a - b));
  expect(new Set(journal.map(({ when }) => when)).size).toBe(journal.length);
});

test('every migration of the folder is in the journal, and the other way round', () => {
  const files = readdirSync(migrationsFolder).filter((name) => name.endsWith('.sql'));
  expect(files.toSorted()).toEqual(
    readJournal()
      .map(({ tag }) => `${tag}.sql`)
      .toSorted(),
  );
});

test('a database that lacks a migration, or has one too many, is refused', () => {
  const count = readJournal().length;
  expect(() => refuseSkipped(count - 1)).toThrow('skipped');
  expect(() => refuseSkipped(count + 1)).toThrow('newer');
  expect(() => refuseSkipped(count)).not.toThrow();
});

const source = join(import.meta.dir, '..');

test('the migrations make what the code declares', async () => {
  const tables = await Promise.all([...new Glob('*/*.table.ts').scanSync(source)].map((path) => import(join(source, path))));
  const latest = readJournal().at(-1)?.idx ?? 0;
  const snapshot = JSON.parse(readFileSync(join(migrationsFolder, 'meta', `${String(latest).padStart(4, '0')}_snapshot.json`), 'utf8'));
  const declared = generateDrizzleJson({ ...Object.assign({}, ...tables) }, snapshot.id, ['auth', 'sync']);
  expect(await generateMigration(snapshot, declared)).toEqual([]);
});

test('enums live in their schema, never in public', () => {
  const sql = readJournal()
    .map(({ tag }) => readFileSync(join(migrationsFolder, `${tag}.sql`), 'utf8'))
    .join('\n');
  expect(sql).not.toContain('"public"');
  expect(sql.match(/CREATE TYPE "(auth|sync)"\./g)?.length).toBe(sql.match(/CREATE TYPE /g)?.length);
});
