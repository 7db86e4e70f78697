import { sql } from 'drizzle-orm';
import { rowsOf, type Transaction } from '../db/database.ts';

/** How many migrations the database says it has had. */
export async function countAppliedMigrations(transaction: Transaction): Promise<number> {
  const [row] = rowsOf<{ count: number }>(await transaction.execute(sql`select count(*)::int as count from drizzle.__drizzle_migrations`));
  return row?.count ?? 0;
}
