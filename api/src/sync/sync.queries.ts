import { and, eq, gt, sql } from 'drizzle-orm';
import type { WireFields } from '@mana/shared/wire/record';
import { rowsOf, type Transaction } from '../db/database.ts';
import { recordKey, type PushSpace, type StoredRecord } from './decide-push.ts';
import type { RecordName } from './push.queries.ts';
import { members, records, serverState, spaces } from './sync.table.ts';

/** Those of the spaces that the account is a member of, locked in one order for everybody. */
export async function lockSpaces(transaction: Transaction, accountId: string, ids: readonly string[]): Promise<Map<string, PushSpace>> {
  // Written out: the query builder qualifies the name behind `for update of`, which PostgreSQL refuses.
  const rows = rowsOf<{ id: string; seq: string | number; epoch: number; readOnly: boolean }>(
    await transaction.execute(sql`
      select s.id, s.seq, s.epoch, m.read_only as "readOnly"
      from sync.spaces s join sync.members m on m.space_id = s.id and m.account_id = ${accountId}
      where s.id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))
      order by s.id for update of s`),
  );
  return new Map(rows.map(({ id, seq, epoch, readOnly }) => [id, { seq: Number(seq), epoch, readOnly }]));
}

/** Records by their names: one look-up for each, for a plan that joins is kept and reads the whole table when it has grown. */
export async function readRecords(transaction: Transaction, names: readonly RecordName[]): Promise<Map<string, StoredRecord>> {
  const rows = rowsOf<{ space: string; table: string; id: string; seq: string | number; fields: string }>(
    await transaction.execute(sql`
      select r.space_id as space, r.table_name as table, r.id, r.seq, r.fields::text as fields
      from jsonb_to_recordset(${JSON.stringify(names)}::text::jsonb) as wanted(space uuid, "table" text, id uuid)
      cross join lateral (
        select * from sync.records r where r.space_id = wanted.space and r.table_name = wanted."table" and r.id = wanted.id offset 0
      ) r`),
  );
  return new Map(rows.map((row) => [recordKey(row), { seq: Number(row.seq), fields: JSON.parse(row.fields) as WireFields }]));
}

/** Sequence numbers of the account's spaces. */
export async function readSeqs(transaction: Transaction, accountId: string): Promise<Record<string, number>> {
  const rows = await transaction
    .select({ id: spaces.id, seq: spaces.seq })
    .from(members)
    .innerJoin(spaces, eq(spaces.id, members.spaceId))
    .where(eq(members.accountId, accountId));
  return Object.fromEntries(rows.map(({ id, seq }) => [id, seq]));
}

export interface PageRecord {
  readonly table: string;
  readonly id: string;
  readonly seq: number;
  /** The record's fields, already JSON. */
  readonly fields: string;
}

/** Records behind a sequence number, in its order, up to a size; the first one always, however large. Sizes are summed before any value is read. */
export async function readPage(
  transaction: Transaction,
  page: { space: string; afterSeq: number; maxRecords: number; maxBytes: number },
): Promise<PageRecord[]> {
  const rows = rowsOf<{ table: string; id: string; seq: string | number; fields: string }>(
    await transaction.execute(sql`
      with next as (
        select seq, bytes from sync.records where space_id = ${page.space} and seq > ${page.afterSeq} order by seq limit ${page.maxRecords}
      ), measured as (
        select seq, sum(bytes + ${rowOverheadBytes}::int) over (order by seq) as total, row_number() over (order by seq) as place from next
      )
      select table_name as table, id, seq, fields::text as fields
      from sync.records
      where space_id = ${page.space} and seq > ${page.afterSeq}
        and seq <= (select max(seq) from measured where total <= ${page.maxBytes} or place = 1)
      order by seq`),
  );
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

/** What a record costs on the wire besides its fields: ids, names, sequence number. */
export const rowOverheadBytes = 160;

export async function countBehind(transaction: Transaction, space: string, seq: number): Promise<number> {
  const [row] = await transaction
    .select({ count: sql<number>`count(*)::int` })
    .from(records)
    .where(and(eq(records.spaceId, space), gt(records.seq, seq)));
  return row?.count ?? 0;
}

/** Up to where each of the account's spaces is what a client of generation `from` knows; a space that nobody moved since is shared whole. */
export async function readSharedPoints(
  transaction: Transaction,
  accountId: string,
  { from, current }: { from: number; current: number },
): Promise<Record<string, number>> {
  const rows = rowsOf<{ id: string; seq: string | number | null }>(
    await transaction.execute(sql`
      select s.id, least(min(p.seq), case when s.generation < ${current}::int then s.seq end) as seq
      from sync.members m join sync.spaces s on s.id = m.space_id
      left join sync.shared_points p on p.space_id = s.id and p.generation > ${from}::int
      where m.account_id = ${accountId} group by s.id, s.seq, s.generation`),
  );
  return Object.fromEntries(rows.map(({ id, seq }) => [id, Number(seq ?? 0)]));
}

interface ServerState {
  readonly generation: number;
  readonly earlierGenerations: readonly number[];
  readonly highWaterMs: number;
}

export async function readServerState(transaction: Transaction): Promise<ServerState> {
  const [row] = await transaction.select().from(serverState);
  if (!row) throw new Error('The row of the server state is missing');
  return row;
}

/** Ends the running generation and begins one of the given number, or of the next that is free. */
export async function beginGeneration(transaction: Transaction, number: number): Promise<number> {
  const [row] = await transaction
    .update(serverState)
    .set({
      generation: sql`greatest(${serverState.generation} + 1, ${number}::int)`,
      earlierGenerations: sql`array_append(${serverState.earlierGenerations}, ${serverState.generation})`,
    })
    .returning({ generation: serverState.generation });
  if (!row) throw new Error('The row of the server state is missing');
  return row.generation;
}

/** Raises the persisted time, never lowers it. */
export async function raiseHighWater(transaction: Transaction, highWaterMs: number): Promise<void> {
  await transaction.update(serverState).set({ highWaterMs: sql`greatest(${serverState.highWaterMs}, ${highWaterMs}::bigint)` });
}
