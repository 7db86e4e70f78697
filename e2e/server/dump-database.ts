import { PGlite } from '@electric-sql/pglite';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Every row of every table, as text: what a thief of the database would read. The server must be stopped. */
export async function dumpDatabase(dataDir: string): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), 'mana-dump-'));
  cpSync(join(dataDir, 'db'), copy, { recursive: true });
  const db = await PGlite.create(copy);
  try {
    const tables = await db.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const parts: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await db.query<{ row: string }>(`select t::text as row from ${name} t`);
      parts.push(`${name}: ${rows.length} rows`, ...rows.map(({ row }) => row));
    }
    return parts.join('\n');
  } finally {
    await db.close();
    rmSync(copy, { recursive: true, force: true });
  }
}
