import { chmodSync, copyFileSync, existsSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { err, ok, type Result } from '@mana/shared/base/result';
import type { OwnerConnection } from '../db/owner-connection.ts';
import { generationNumber } from '../sync/generations.service.ts';
import { linesOf, rowsName, secretsName, verifyBackup, type Manifest } from './backup-folder.ts';
import * as queries from './backup.queries.ts';
import type { BackupDeps } from './make-backup.service.ts';

const batchRows = 500;

export interface Restored {
  readonly manifest: Manifest;
  readonly generation: number;
}

/**
 * Puts a verified backup into an instance without accounts: all of it in one transaction, together with a new generation, or nothing.
 * Root secrets that lay there are kept beside the restored ones.
 */
export async function restoreBackup(deps: BackupDeps, source: string): Promise<Result<Restored, string>> {
  const folder = resolve(source);
  const verified = await verifyBackup(folder);
  if (!verified.ok) return verified;
  const manifest = verified.value;
  const { connection } = deps;
  const refused = await refusal(connection, manifest);
  if (refused !== undefined) return err(refused);
  takeSecrets(folder, deps.dataDir);
  const generation = await queries.inSnapshot(connection, async () => {
    const tables = await queries.listTables(connection);
    for (const table of tables.toReversed()) await queries.clearTable(connection, table);
    for (const table of tables) await fillTable(connection, folder, table);
    return queries.beginRestoredGeneration(connection, generationNumber(deps.clock.nowMs()));
  });
  return ok({ manifest, generation });
}

async function refusal(connection: OwnerConnection, manifest: Manifest): Promise<string | undefined> {
  const accounts = await queries.countAccounts(connection);
  if (accounts > 0) return `The database has ${accounts} accounts already: a backup is restored into an empty one only.`;
  const here = await queries.countMigrations(connection);
  if (here === manifest.migrations) return undefined;
  return `The backup was made by a version with ${manifest.migrations} migrations, this one has ${here}: restore it with that version, then update.`;
}

function takeSecrets(folder: string, dataDir: string): void {
  const path = join(dataDir, secretsName);
  if (existsSync(path)) renameSync(path, `${path}.before-restore`);
  copyFileSync(join(folder, secretsName), path);
  chmodSync(path, 0o600);
}

async function fillTable(connection: OwnerConnection, folder: string, table: string): Promise<void> {
  let batch: string[] = [];
  const write = async (): Promise<void> => {
    await queries.insertRows(connection, table, batch);
    batch = [];
  };
  for await (const line of linesOf(folder, rowsName(table))) {
    batch.push(line);
    if (batch.length === batchRows) await write();
  }
  await write();
}
