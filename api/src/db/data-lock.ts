import { Database } from 'bun:sqlite';
import { err, ok, type Result } from '@mana/shared/base/result';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DataLock {
  release(): void;
}

/** Every lock this process holds: a connection nobody refers to would be collected as garbage, and its lock with it. */
const held = new Set<Database>();

/**
 * Holds the data folder for this process. The lock is the operating system's, taken through SQLite: it ends with the process,
 * however that dies, so a lock left by a killed server never stands in the way and two starters cannot both take it over.
 */
export function lockDataFolder(dataDir: string): Result<DataLock, string> {
  const pidFile = join(dataDir, 'db.pid');
  const lock = new Database(join(dataDir, 'db.lock'), { create: true });
  try {
    lock.run('pragma journal_mode = memory');
    lock.run('begin exclusive');
  } catch {
    lock.close();
    return err(
      `The database in ${dataDir} is in use by another process (pid ${holderOf(pidFile)}). Stop it first, or set MANA_DATA_DIR to another folder.`,
    );
  }
  writeFileSync(pidFile, String(process.pid));
  held.add(lock);
  return ok({
    release() {
      held.delete(lock);
      lock.close();
    },
  });
}

function holderOf(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8');
  } catch {
    return 'unknown';
  }
}
