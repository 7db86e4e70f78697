import { PGlite } from '@electric-sql/pglite';
import { err, ok, type Result } from '@mana/shared/base/result';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockDataFolder } from './data-lock.ts';
import { become, type Database } from './database.ts';
import { migrationsFolder, refuseSkipped } from './migrations.ts';

export interface PgliteDatabase {
  readonly db: Database;
  /** Runs statements as the database's owner, past every policy. */
  execute(statements: string): Promise<Record<string, unknown>[]>;
}

/** Opens the embedded database in the data folder and brings it up to date; the failure is a sentence for the operator. */
export async function openPgliteDatabase(dataDir: string): Promise<Result<PgliteDatabase, string>> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = lockDataFolder(dataDir);
  if (!lock.ok) return err(lock.error);
  const client = await PGlite.create(join(dataDir, 'db'));
  const orm = drizzle(client);
  await migrate(orm, { migrationsFolder });
  const applied = await client.query<{ count: number }>('select count(*)::int as count from drizzle.__drizzle_migrations');
  refuseSkipped(applied.rows[0]?.count ?? 0);
  const db: Database = {
    as: (identity, work) =>
      orm.transaction(async (transaction) => {
        await become(transaction, identity);
        return work(transaction);
      }),
    notices: undefined,
    close: async () => {
      await client.close();
      lock.value.release();
    },
  };
  const execute = async (statements: string) => (await client.exec(statements)).at(-1)?.rows ?? [];
  return ok({ db, execute });
}
