import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { migrationsFolder } from '../db/migrations.ts';

// Migrates the database in a folder and dies at one of its statements: `bun die-in-migration.ts <folder> <statement>`.
const [folder = '', at = ''] = process.argv.slice(2);
let statements = 0;
const logQuery = (): void => {
  statements += 1;
  if (statements === Number(at)) process.kill(process.pid, 'SIGKILL');
};
await migrate(drizzle(await PGlite.create(folder), { logger: { logQuery } }), { migrationsFolder });
process.stdout.write(String(statements));
process.exit(0);
