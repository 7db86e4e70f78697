import { PGlite } from '@electric-sql/pglite';
import { isUuid } from '@mana/shared/base/ids';
import { err, ok, type Result } from '@mana/shared/base/result';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockDataFolder } from './data-lock.ts';
import { roleNames, type Database, type Identity, type Transaction } from './database.ts';
import { migrationsFolder, refuseSkipped } from './migrations.ts';
import { createPgliteStatements } from './pglite-statements.ts';

// Plans are kept, and nothing tells that a table has grown since: only ways along an index, in its order, stay cheap.
const plansByIndex = 'set enable_seqscan = off; set enable_bitmapscan = off';

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
  await migrate(drizzle(client), { migrationsFolder });
  const applied = await client.query<{ count: number }>('select count(*)::int as count from drizzle.__drizzle_migrations');
  refuseSkipped(applied.rows[0]?.count ?? 0);
  await client.exec(plansByIndex);
  const db: Database = {
    as: runnerOf(client),
    notices: undefined,
    lanes: 1,
    close: async () => {
      await client.close();
      lock.value.release();
    },
  };
  const execute = async (statements: string) => (await client.exec(statements)).at(-1)?.rows ?? [];
  return ok({ db, execute });
}

/** Runs transactions one after the other, for there is one connection. */
function runnerOf(client: PGlite): Database['as'] {
  const statements = createPgliteStatements(client);
  return (identity, work) =>
    client.runExclusive(async () => {
      await statements.command(beginText(identity));
      const { transaction, end } = openTransaction(statements);
      try {
        const value = await work(transaction);
        await end();
        // A failed statement that the work passed over has undone everything: nobody may take that for done.
        if ((await statements.command('commit')) !== 'COMMIT') throw new Error('The transaction was rolled back');
        return value;
      } catch (thrown) {
        await end();
        await statements.command('rollback');
        throw thrown;
      }
    });
}

/** Begins a transaction in somebody's name, in one call. */
function beginText(identity: Identity): string {
  const account = 'account' in identity ? identity.account : '';
  if (account !== '' && !isUuid(account)) throw new Error('An account id is a UUID');
  return `begin; select set_config('role', '${roleNames[identity.role]}', true), set_config('app.account', '${account}', true)`;
}

/** A transaction whose statements run one after the other; what comes after its end is refused, for it would run in another one. */
function openTransaction(statements: ReturnType<typeof createPgliteStatements>) {
  let isOpen = true;
  let running: Promise<unknown> = Promise.resolve();
  const query: typeof statements.query = (text, params, options) => {
    const result = running.then(() => {
      if (!isOpen) throw new Error('The transaction is over');
      return statements.query(text, params, options);
    });
    running = result.catch(() => undefined);
    return result;
  };
  const transaction: Transaction = drizzle({ client: { query } as unknown as PGlite });
  const end = async () => {
    await running;
    isOpen = false;
  };
  return { transaction, end };
}
