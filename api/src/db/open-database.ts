import { ok, type Result } from '@mana/shared/base/result';
import type { Config } from '../config.ts';
import type { Database } from './database.ts';
import { openPgliteDatabase } from './pglite-database.ts';
import { openPostgresDatabase } from './postgres-database.ts';

/** PostgreSQL where an address is configured, else the embedded database. */
export const openDatabase = async (config: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Result<Database, string>> =>
  config.databaseUrl ? ok(await openPostgresDatabase(config.databaseUrl)) : openPgliteDatabase(config.dataDir);
