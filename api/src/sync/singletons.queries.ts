import { sql } from 'drizzle-orm';
import { rowsOf, type Transaction } from '../db/database.ts';
import type { ChangedRecord } from './decide-push.ts';

export interface OwnSpace {
  readonly id: string;
  readonly type: string;
  readonly readOnly: boolean;
}

/** The account's spaces in the order in which they are locked. */
export async function readOwnSpaces(transaction: Transaction, accountId: string): Promise<OwnSpace[]> {
  return rowsOf<OwnSpace>(
    await transaction.execute(sql`
      select s.id, s.type::text as type, m.read_only as "readOnly"
      from sync.members m join sync.spaces s on s.id = m.space_id
      where m.account_id = ${accountId} order by s.id`),
  );
}

/** Writes new records and the sequence numbers that they take; the spaces must be locked. */
export async function insertRecords(transaction: Transaction, records: readonly ChangedRecord[]): Promise<void> {
  const rows = records.map(({ fields, ...name }) => {
    const text = JSON.stringify(fields);
    return { ...name, bytes: text.length, fields: text };
  });
  await transaction.execute(sql`
    with made as (
      insert into sync.records (space_id, table_name, id, seq, bytes, fields)
      select space, "table", id, seq, bytes, fields::json
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as made(space uuid, "table" text, id uuid, seq bigint, bytes int, fields text)
      returning space_id, seq
    )
    update sync.spaces set seq = last.seq
    from (select space_id, max(seq) as seq from made group by space_id) as last
    where spaces.id = last.space_id`);
}
