import type { OwnerConnection } from '../db/owner-connection.ts';

/** Rows read or written by one statement. */
const batchRows = 500;

const textOf = (value: unknown): string => `'${String(value).replaceAll("'", "''")}'`;

/** Tables with rows of the instance, each behind those that it refers to. */
export async function listTables({ run }: OwnerConnection): Promise<string[]> {
  const tables = await run(
    `select n.nspname || '.' || c.relname as name, coalesce((select json_agg(fn.nspname || '.' || f.relname) from pg_constraint k
       join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
       where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid), '[]')::text as parents
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname in ('auth', 'sync') order by 1`,
  );
  const parents = new Map(tables.map(({ name, parents: of }) => [String(name), JSON.parse(String(of)) as string[]]));
  const ordered = new Set<string>();
  const add = (name: string): void => {
    if (ordered.has(name)) return;
    for (const parent of parents.get(name) ?? []) add(parent);
    ordered.add(name);
  };
  for (const name of parents.keys()) add(name);
  return [...ordered];
}

/** Number of migrations that the database has been through. */
export async function countMigrations({ run }: OwnerConnection): Promise<number> {
  const [row] = await run('select count(*)::int as count from drizzle.__drizzle_migrations');
  return Number(row?.['count']);
}

export async function countAccounts({ run }: OwnerConnection): Promise<number> {
  const [row] = await run('select count(*)::int as count from auth.accounts');
  return Number(row?.['count']);
}

/** Runs `work` on one unchanging state of the database. */
export async function inSnapshot<Value>({ run }: OwnerConnection, work: () => Promise<Value>): Promise<Value> {
  await run('begin isolation level repeatable read');
  try {
    const value = await work();
    await run('commit');
    return value;
  } catch (error) {
    await run('rollback');
    throw error;
  }
}

/** The rows of a table as JSON texts, batch by batch, inside a transaction. */
export async function* readRows({ run }: OwnerConnection, table: string): AsyncGenerator<readonly string[]> {
  await run(`declare backup_rows cursor for select row_to_json(t)::text as row from ${table} t`);
  for (;;) {
    const rows = await run(`fetch ${batchRows} from backup_rows`);
    if (rows.length > 0) yield rows.map(({ row }) => String(row));
    if (rows.length < batchRows) break;
  }
  await run('close backup_rows');
}

/** Empties a table of what a fresh database begins with. */
export async function clearTable({ run }: OwnerConnection, table: string): Promise<void> {
  await run(`delete from ${table}`);
}

/** Writes rows as they were read. */
export async function insertRows({ run }: OwnerConnection, table: string, rows: readonly string[]): Promise<void> {
  for (let start = 0; start < rows.length; start += batchRows) {
    const batch = `[${rows.slice(start, start + batchRows).join(',')}]`;
    await run(`insert into ${table} select * from json_populate_recordset(null::${table}, ${textOf(batch)}::json)`);
  }
}

/** Begins a new generation in the transaction that restores: no history goes on under the number of another one. */
export async function beginRestoredGeneration({ run }: OwnerConnection, number: number): Promise<number> {
  const [row] = await run(
    `update sync.server_state set earlier_generations = array_append(earlier_generations, generation),
       generation = greatest(generation + 1, ${Math.trunc(number)}) returning generation`,
  );
  return Number(row?.['generation']);
}
