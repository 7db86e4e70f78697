import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Database } from '../db/database.ts';
import { migrationsFolder } from '../db/migrations.ts';
import { openPgliteDatabase } from '../db/pglite-database.ts';
import { openPostgresDatabase } from '../db/postgres-database.ts';

/** A fresh, migrated database for one test file: PGlite, or PostgreSQL where `DATABASE_URL_TEST` names a server. */
export interface TestDatabase {
  readonly db: Database;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  /** Runs statements as the database's owner, past every policy. */
  asOwner(statements: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export const serverUrl = process.env['DATABASE_URL_TEST'];

/** With `via`, PostgreSQL is spoken to at the address that it answers; the owner's own statements go straight to it. */
export async function createTestDatabase(via?: (databaseUrl: string) => Promise<string>): Promise<TestDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mana-test-'));
  return serverUrl ? onPostgres(serverUrl, dataDir, via) : onPglite(dataDir);
}

async function onPostgres(server: string, dataDir: string, via?: (databaseUrl: string) => Promise<string>): Promise<TestDatabase> {
  const databaseUrl = await createPostgresDatabase(server);
  const owner = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  const db = await openPostgresDatabase(via ? await via(databaseUrl) : databaseUrl);
  return {
    db,
    dataDir,
    databaseUrl,
    asOwner: async (statements) => [...(await owner.unsafe(statements))],
    close: async () => {
      await db.close();
      await owner.end();
      await dropPostgresDatabase(server, databaseUrl);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Makes an empty database on the server and returns its address. */
export async function createPostgresDatabase(server: string): Promise<string> {
  const name = `mana_${Buffer.from(crypto.getRandomValues(new Uint8Array(6))).toString('hex')}`;
  const admin = postgres(server, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function dropPostgresDatabase(server: string, databaseUrl: string): Promise<void> {
  const admin = postgres(server, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`drop database ${new URL(databaseUrl).pathname.slice(1)} with (force)`);
  await admin.end();
}

async function onPglite(dataDir: string): Promise<TestDatabase> {
  cpSync(await pgliteTemplate(), dataDir, { recursive: true });
  const opened = await openPgliteDatabase(dataDir);
  if (!opened.ok) throw new Error(opened.error);
  const { db, execute } = opened.value;
  return {
    db,
    dataDir,
    databaseUrl: undefined,
    asOwner: execute,
    close: async () => {
      await db.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A migrated data folder, made once per version of the migrations: making one takes seconds, copying one does not. */
export async function pgliteTemplate(): Promise<string> {
  const digest = createHash('sha256');
  for (const name of readdirSync(migrationsFolder)
    .filter((each) => each.endsWith('.sql'))
    .toSorted()) {
    digest.update(readFileSync(join(migrationsFolder, name)));
  }
  const template = join(tmpdir(), `mana-pglite-${digest.digest('hex').slice(0, 16)}`);
  if (existsSync(template)) return template;
  const draft = mkdtempSync(join(tmpdir(), 'mana-template-'));
  const opened = await openPgliteDatabase(draft);
  if (!opened.ok) throw new Error(opened.error);
  await opened.value.db.close();
  try {
    renameSync(draft, template);
  } catch {
    rmSync(draft, { recursive: true, force: true }); // another test file was faster
  }
  return template;
}
