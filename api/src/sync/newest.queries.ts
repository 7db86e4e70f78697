import { sql } from 'drizzle-orm';
import type { NewestRequest } from '@mana/shared/wire/sync';
import { rowsOf, type Transaction } from '../db/database.ts';
import { rowOverheadBytes, type PageRecord } from './sync.queries.ts';

export interface NewestRecords {
  readonly records: readonly PageRecord[];
  /** Whether the table holds older ones. */
  readonly more: boolean;
}

/** Records of a table below a sequence number, newest first, up to a size; the first one always, however large. */
export async function readNewest(
  transaction: Transaction,
  { space, table, limit, before, maxBytes }: NewestRequest & { readonly maxBytes: number },
): Promise<NewestRecords> {
  const rows = rowsOf<{ table: string; id: string; seq: string | number; fields: string; found: number }>(
    await transaction.execute(sql`
      with next as (
        select seq, bytes from sync.records
        where space_id = ${space} and table_name = ${table} and seq < ${before ?? Number.MAX_SAFE_INTEGER}::bigint
        order by seq desc limit ${limit + 1}::int
      ), measured as (
        select seq, sum(bytes + ${rowOverheadBytes}::int) over (order by seq desc) as total, row_number() over (order by seq desc) as place
        from next
      )
      select table_name as table, id, seq, fields::text as fields, (select count(*)::int from next) as found
      from sync.records
      where space_id = ${space} and table_name = ${table} and seq in (
        select seq from measured where place = 1 or (place <= ${limit}::int and total <= ${maxBytes}::bigint)
      )
      order by seq desc`),
  );
  const records = rows.map(({ found: _, ...row }) => ({ ...row, seq: Number(row.seq) }));
  return { records, more: (rows[0]?.found ?? 0) > records.length };
}
