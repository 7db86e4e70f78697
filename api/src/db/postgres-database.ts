import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { become, type Database, type Notices } from './database.ts';
import { migrationsFolder, refuseSkipped } from './migrations.ts';

const poolSize = 10; // connections of one process; a push holds one for a few milliseconds
const connectTimeoutSec = 5;
const longestPauseSec = 0.25; // between tries to connect: whoever asks while the database is away hears so at once, not after the driver's 20 s
const migrationLock = 7_219_046; // any number that nothing else on the database locks
const channel = 'mana_live';

const optionsOf = (max: number) => ({
  max,
  connect_timeout: connectTimeoutSec,
  backoff: (tries: number) => Math.min(0.01 * 2 ** tries, longestPauseSec),
  onnotice: () => undefined,
});

/** Opens a PostgreSQL database and brings it up to date; one process migrates while others wait. */
export async function openPostgresDatabase(url: string): Promise<Database> {
  await bringUpToDate(url);
  const client = postgres(url, optionsOf(poolSize));
  const orm = drizzle({ client: preparing(client) });
  return {
    as: (identity, work) =>
      orm.transaction(async (transaction) => {
        await become(transaction, identity);
        return work(transaction);
      }),
    notices: noticesOf(client),
    lanes: poolSize,
    close: () => client.end({ timeout: 5 }),
  };
}

/** drizzle has each statement parsed and described anew, which takes two round trips; prepared it takes one, with a plan that is kept. */
function preparing(client: Pick<postgres.Sql, 'unsafe'> & Partial<postgres.Sql>): postgres.Sql {
  const wrapped = {
    options: client.options,
    unsafe: (text: string, params: never[]) => client.unsafe(text, params, { prepare: true }),
    begin: (work: (transaction: postgres.Sql) => unknown) => client.begin?.((transaction) => work(preparing(transaction))),
  };
  return wrapped as unknown as postgres.Sql;
}

async function bringUpToDate(url: string): Promise<void> {
  const client = postgres(url, optionsOf(1));
  try {
    await client`select pg_advisory_lock(${migrationLock})`;
    await migrate(drizzle(client), { migrationsFolder });
    const [applied] = await client<{ count: number }[]>`select count(*)::int as count from drizzle.__drizzle_migrations`;
    refuseSkipped(applied?.count ?? 0);
  } finally {
    await client.end({ timeout: 5 }); // the lock ends with its connection
  }
}

function noticesOf(client: postgres.Sql): Notices {
  return {
    publish: async (payload) => {
      await client.notify(channel, payload);
    },
    subscribe: async (listener, onGap) => {
      let connected = false;
      // Called at each connection: the driver makes a new one when the old one is lost.
      await client.listen(channel, listener, () => {
        if (connected) onGap();
        connected = true;
      });
    },
  };
}
