import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { openPgliteDatabase } from '../db/pglite-database.ts';
import { openPostgresDatabase } from '../db/postgres-database.ts';
import { startPostgres } from './postgres.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';
import { createPostgresDatabase, pgliteTemplate, serverUrl } from './test-database.ts';
import { seedPeople, type LoadPerson } from './load-people.ts';

/** A server in a process of its own, with people who are signed in. */
export interface LoadTarget {
  readonly server: ServerProcess;
  readonly people: readonly LoadPerson[];
  close(): Promise<void>;
}

export type DatabaseKind = 'pglite' | 'postgres';

export async function openLoadTarget(kind: DatabaseKind, peopleCount: number): Promise<LoadTarget> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mana-load-'));
  const prepared = kind === 'pglite' ? await preparePglite(dataDir, peopleCount) : await preparePostgres(peopleCount);
  const server = createServerProcess({ dataDir, databaseUrl: prepared.databaseUrl });
  await server.start();
  return {
    server,
    people: prepared.people,
    close: async () => {
      await server.stop();
      await prepared.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

interface Prepared {
  readonly people: readonly LoadPerson[];
  readonly databaseUrl?: string;
  stop(): Promise<void>;
}

async function preparePglite(dataDir: string, peopleCount: number): Promise<Prepared> {
  cpSync(await pgliteTemplate(), dataDir, { recursive: true });
  const opened = await openPgliteDatabase(dataDir);
  if (!opened.ok) throw new Error(opened.error);
  const people = await seedPeople(opened.value.execute, peopleCount);
  await opened.value.db.close();
  return { people, stop: () => Promise.resolve() };
}

async function preparePostgres(peopleCount: number): Promise<Prepared> {
  const own = serverUrl ? undefined : await startPostgres();
  const databaseUrl = await createPostgresDatabase(serverUrl ?? own?.url ?? '');
  await (await openPostgresDatabase(databaseUrl)).close(); // migrates
  const owner = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  const people = await seedPeople((statements) => owner.unsafe(statements), peopleCount);
  await owner.end();
  return { people, databaseUrl, stop: () => own?.stop() ?? Promise.resolve() };
}
