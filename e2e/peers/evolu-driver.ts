import { join } from 'node:path';
import type { EvoluCommon, EvoluQuery } from './evolu-surface.ts';
import { sqliteOpener } from './sqlite.ts';

/** Evolu's door to SQLite, on a folder: its own one for Node asks for a native module. */
export async function createEvoluDriver({ ok }: EvoluCommon, dataDir: string) {
  const openSqlite = await sqliteOpener();
  return (name: string, options?: { readonly mode?: string }) => () => {
    const db = openSqlite(options?.mode === 'memory' ? ':memory:' : join(dataDir, `${name}.db`));
    const exec = ({ sql, parameters }: EvoluQuery) => {
      const statement = db.query(sql);
      if (statement.columnNames.length > 0) return { rows: statement.all(...parameters), changes: 0 };
      return { rows: [], changes: statement.run(...parameters).changes };
    };
    return ok({ exec, export: () => db.serialize(), deleteDatabase: () => db.close(), [Symbol.dispose]: () => db.close() });
  };
}
