import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJournal } from './migrations.ts';
import { openPgliteDatabase } from './pglite-database.ts';

const slowMs = 240_000; // a database is made from nothing, on a busy machine
const program = join(import.meta.dir, '../testing/die-in-migration.ts');

/** Runs migrations in a process that dies at the given statement. */
async function migrateAndDie(dataDir: string, statement: number) {
  const child = Bun.spawn([process.execPath, program, join(dataDir, 'db'), String(statement)], { stdout: 'pipe', stderr: 'ignore' });
  const done = await new Response(child.stdout).text();
  await child.exited;
  return { done, signal: child.signalCode };
}

test(
  'a process that is killed in the middle of the migrations leaves a database that the next start brings up to date',
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'mana-killed-'));
    expect(await migrateAndDie(dataDir, 150)).toEqual({ done: '', signal: 'SIGKILL' });
    const opened = await openPgliteDatabase(dataDir);
    if (!opened.ok) throw new Error(opened.error);
    const { db, execute } = opened.value;
    const [applied] = await execute('select count(*)::int as count from drizzle.__drizzle_migrations');
    expect(Number(applied?.['count'])).toBe(readJournal().length);
    const [state] = await execute('select count(*)::int as count from sync.server_state');
    expect(Number(state?.['count'])).toBe(1);
    await db.close();
    rmSync(dataDir, { recursive: true });
  },
  slowMs,
);
