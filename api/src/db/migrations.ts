import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder with the generated SQL and its journal. */
export const migrationsFolder = join(import.meta.dir, 'migrations');

export interface JournalEntry {
  readonly idx: number;
  readonly when: number;
  readonly tag: string;
}

/** Migrations in the order in which they are applied. */
export function readJournal(): readonly JournalEntry[] {
  const journal = JSON.parse(readFileSync(join(migrationsFolder, 'meta', '_journal.json'), 'utf8')) as { entries: JournalEntry[] };
  return journal.entries;
}

/** The migrator skips an entry older than the newest applied one without a word: a count shows it. */
export function refuseSkipped(applied: number): void {
  const written = readJournal().length;
  if (applied < written) throw new Error(`${written - applied} migrations were skipped: their times in the journal are out of order`);
  if (applied > written) throw new Error('The database was made by a newer version of Mana');
}
