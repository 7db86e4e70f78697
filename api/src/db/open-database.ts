import { ok, type Result } from '@mana/shared/base/result';
import type { Config } from '../config.ts';
import type { Database } from './database.ts';
import { openPgliteDatabase } from './pglite-database.ts';
import { openPostgresDatabase } from './postgres-database.ts';

/** PostgreSQL where an address is configured, else the embedded database. */
export async function openDatabase({ databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Result<Database, string>> {
  if (databaseUrl) return ok(await openPostgresDatabase(databaseUrl));
  const opened = await openPgliteDatabase(dataDir);
  return opened.ok ? ok(opened.value.db) : opened;
}
