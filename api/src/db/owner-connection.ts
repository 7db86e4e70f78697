import { ok, type Result } from '@mana/shared/base/result';
import postgres from 'postgres';
import type { Config } from '../config.ts';
import { openPgliteDatabase } from './pglite-database.ts';
import { openPostgresDatabase } from './postgres-database.ts';

/** One connection as the database's owner, past every policy: for whoever runs the instance, never for a request. */
export interface OwnerConnection {
  /** Runs one statement. */
  run(statement: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Opens the instance's database as its owner and brings it up to date; the failure is a sentence for the operator. */
export async function openOwnerConnection({
  databaseUrl,
  dataDir,
}: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Result<OwnerConnection, string>> {
  if (databaseUrl) return ok(await onPostgres(databaseUrl));
  const opened = await openPgliteDatabase(dataDir);
  return opened.ok ? ok({ run: opened.value.execute, close: () => opened.value.db.close() }) : opened;
}

async function onPostgres(url: string): Promise<OwnerConnection> {
  const migrated = await openPostgresDatabase(url);
  await migrated.close();
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  // A role that policies hold for would read nothing and call it everything: with this it fails instead.
  await client.unsafe('set row_security = off');
  return { run: async (statement) => [...(await client.unsafe(statement))], close: () => client.end({ timeout: 5 }) };
}
