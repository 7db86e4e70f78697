import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import { accounts } from '../account/account.table.ts';
import type { Transaction } from '../db/database.ts';
import { mails } from './mails.table.ts';

export type MailRow = typeof mails.$inferSelect;

export async function insertMail(transaction: Transaction, mail: MailRow): Promise<void> {
  await transaction.insert(mails).values(mail);
}

/** Takes the mail that waits longest and is due: until the lease ends no other process takes it. */
export async function claimMail(
  transaction: Transaction,
  { nowMs, leaseMs }: { nowMs: number; leaseMs: number },
): Promise<MailRow | undefined> {
  const due = transaction
    .select({ id: mails.id })
    .from(mails)
    .where(and(eq(mails.state, 'waiting'), lte(mails.nextAtMs, nowMs)))
    .orderBy(asc(mails.nextAtMs))
    .limit(1)
    .for('update', { skipLocked: true });
  const [row] = await transaction
    .update(mails)
    .set({ tries: sql`${mails.tries} + 1`, nextAtMs: nowMs + leaseMs })
    .where(inArray(mails.id, due))
    .returning();
  return row;
}

/** Ends a mail: what it said is forgotten. */
export async function settleMail(
  transaction: Transaction,
  { id, state, trouble }: { id: string; state: 'sent' | 'failed'; trouble: string | null },
): Promise<void> {
  await transaction.update(mails).set({ state, trouble, sealed: null }).where(eq(mails.id, id));
}

export async function putOffMail(
  transaction: Transaction,
  { id, nextAtMs, trouble }: { id: string; nextAtMs: number; trouble: string },
): Promise<void> {
  await transaction.update(mails).set({ nextAtMs, trouble }).where(eq(mails.id, id));
}

/** Where the account's mail goes now. */
export async function findAddress(transaction: Transaction, accountId: string): Promise<string | undefined> {
  const [row] = await transaction.select({ email: accounts.email }).from(accounts).where(eq(accounts.id, accountId));
  return row?.email;
}

/** Forgets mails whose time is over, whatever became of them. */
export async function deleteOldMails(transaction: Transaction, nowMs: number): Promise<void> {
  await transaction.delete(mails).where(lte(mails.expiresAtMs, nowMs));
}

/** The outbox, oldest first. */
export const listMails = (transaction: Transaction, limit: number): Promise<MailRow[]> =>
  transaction.select().from(mails).orderBy(asc(mails.createdAtMs)).limit(limit);
