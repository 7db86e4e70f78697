import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { Transaction } from '../db/database.ts';
import { accounts } from './account.table.ts';
import { securityEvents } from './security-log.table.ts';

type SecurityEventRow = Omit<typeof securityEvents.$inferSelect, 'seq'>;

/** Writes an event of an account. Where there is no such account the same statement writes nothing: both take as long. */
export async function insertSecurityEvent(transaction: Transaction, row: SecurityEventRow): Promise<void> {
  await transaction.execute(sql`
    insert into ${securityEvents} (id, account_id, event, network, device, at_ms)
    select ${row.id}::uuid, ${accounts.id}, ${row.event}, ${row.network}, ${row.device}, ${row.atMs}::bigint
    from ${accounts} where ${accounts.id} = ${row.accountId}`);
}

const seqOf = (id: string) => sql`(select ${securityEvents.seq} from ${securityEvents} where ${securityEvents.id} = ${id})`;

/** The newest events of an account, or those before a given one. */
export const listSecurityEvents = (
  transaction: Transaction,
  { accountId, before, limit }: { accountId: string; before: string | undefined; limit: number },
): Promise<SecurityEventRow[]> =>
  transaction
    .select()
    .from(securityEvents)
    .where(and(eq(securityEvents.accountId, accountId), before === undefined ? undefined : lt(securityEvents.seq, seqOf(before))))
    .orderBy(desc(securityEvents.seq))
    .limit(limit);
