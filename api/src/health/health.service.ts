import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJournal } from '../db/migrations.ts';
import type { Deps } from '../deps.ts';
import { countAppliedMigrations } from './health.queries.ts';

const databaseTimeoutMs = 3_000; // a balancer asks every few seconds and must not pile up waiting requests

/** Why the server cannot do its work now; empty when it can. */
export async function readinessReasons(deps: Pick<Deps, 'db' | 'config'>): Promise<string[]> {
  const reasons = await Promise.all([databaseReason(deps), diskReason(deps)]);
  return reasons.filter((reason) => reason !== undefined);
}

async function databaseReason({ db }: Pick<Deps, 'db'>): Promise<string | undefined> {
  try {
    const applied = await withTimeout(db.as({ role: 'nobody' }, countAppliedMigrations));
    return applied === readJournal().length ? undefined : 'The database is not at the version of this server';
  } catch {
    return 'The database does not answer';
  }
}

function withTimeout<Value>(work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('timeout')), databaseTimeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

async function diskReason({ config }: Pick<Deps, 'config'>): Promise<string | undefined> {
  try {
    const folder = await mkdtemp(join(config.dataDir, 'probe-'));
    await writeFile(join(folder, 'probe'), 'x');
    await rm(folder, { recursive: true });
    return undefined;
  } catch {
    return 'The data folder cannot be written to';
  }
}
