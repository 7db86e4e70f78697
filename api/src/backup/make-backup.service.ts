import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock } from '@mana/shared/base/clock';
import { err, type Result } from '@mana/shared/base/result';
import type { OwnerConnection } from '../db/owner-connection.ts';
import { isOccupied, manifestName, readManifest, rowsName, secretsName, verifyBackup, type Manifest } from './backup-folder.ts';
import { countAccounts, countMigrations, inSnapshot, listTables, readRows } from './backup.queries.ts';

export interface BackupDeps {
  readonly connection: OwnerConnection;
  readonly dataDir: string;
  readonly clock: Clock;
}

const [ownerOnly, folderOfOwner] = [0o600, 0o700];

/**
 * Writes database and root secrets into a folder. It takes the place of an earlier backup only when it is whole and was read back;
 * an instance without accounts never takes the place of one with some.
 */
export async function makeBackup(deps: BackupDeps, target: string): Promise<Result<Manifest, string>> {
  const folder = resolve(target);
  const earlier = readManifest(folder);
  if (isOccupied(folder) && !earlier) return err(`${folder} is not empty and holds no backup: nothing was written.`);
  if (!existsSync(join(deps.dataDir, secretsName))) return err(`${deps.dataDir} holds no root secrets: Mana was never started with it.`);
  const accounts = await countAccounts(deps.connection);
  if (accounts === 0 && (earlier?.accounts ?? 0) > 0)
    return err(`The database has no accounts, the backup in ${folder} has ${earlier?.accounts}: it was left as it is.`);

  const draft = `${folder}.part`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: folderOfOwner });
  await writeBackup(deps, draft);
  const verified = await verifyBackup(draft);
  if (verified.ok) takePlace(draft, folder);
  return verified;
}

/** At every moment one of the two lies there whole. */
function takePlace(draft: string, folder: string): void {
  const old = `${folder}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(draft, folder);
  rmSync(old, { recursive: true, force: true });
}

async function writeBackup({ connection, dataDir, clock }: BackupDeps, draft: string): Promise<void> {
  const manifest = await inSnapshot(connection, async (): Promise<Manifest> => {
    const files: Manifest['files'] = [];
    for (const table of await listTables(connection)) files.push(await writeTable(connection, draft, table));
    const [migrations, accounts] = [await countMigrations(connection), await countAccounts(connection)];
    return { format: 'mana-backup/1', madeAt: new Date(clock.nowMs()).toISOString(), migrations, accounts, files };
  });
  copyFileSync(join(dataDir, secretsName), join(draft, secretsName));
  const sha256 = createHash('sha256')
    .update(readFileSync(join(draft, secretsName)))
    .digest('hex');
  const whole = { ...manifest, files: [...manifest.files, { name: secretsName, rows: null, sha256 }] };
  const file = openSync(join(draft, manifestName), 'w', ownerOnly);
  writeSync(file, JSON.stringify(whole, null, 2));
  fsyncSync(file);
  closeSync(file);
}

async function writeTable(connection: OwnerConnection, draft: string, table: string): Promise<Manifest['files'][number]> {
  const hash = createHash('sha256');
  const file = openSync(join(draft, rowsName(table)), 'w', ownerOnly);
  let rows = 0;
  for await (const batch of readRows(connection, table)) {
    const text = batch.map((row) => `${row}\n`).join('');
    hash.update(text);
    writeSync(file, text);
    rows += batch.length;
  }
  fsyncSync(file);
  closeSync(file);
  return { name: rowsName(table), rows, sha256: hash.digest('hex') };
}
