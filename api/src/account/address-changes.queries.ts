import { and, eq, gt, gte, isNull, lte, or } from 'drizzle-orm';
import type { Transaction } from '../db/database.ts';
import { accounts } from './account.table.ts';
import { addressChanges } from './address-changes.table.ts';

export type AddressChange = typeof addressChanges.$inferSelect;

/** Begins a change; what was asked for before and not confirmed, and what can no longer be taken back, is forgotten. */
export async function insertAddressChange(transaction: Transaction, change: AddressChange): Promise<void> {
  const isOver = or(isNull(addressChanges.oldEmail), lte(addressChanges.undoUntilMs, change.createdAtMs));
  await transaction.delete(addressChanges).where(and(eq(addressChanges.accountId, change.accountId), isOver));
  await transaction.insert(addressChanges).values(change);
}

export async function findAddressChange(transaction: Transaction, by: { tokenHash: string } | { undoHash: string }) {
  const where = 'tokenHash' in by ? eq(addressChanges.tokenHash, by.tokenHash) : eq(addressChanges.undoHash, by.undoHash);
  const [row] = await transaction.select().from(addressChanges).where(where);
  return row;
}

/** Marks a change as made; false when it was before. */
export async function markChanged(
  transaction: Transaction,
  id: string,
  undo: { oldEmail: string; undoHash: string; undoUntilMs: number },
): Promise<boolean> {
  const changed = await transaction
    .update(addressChanges)
    .set(undo)
    .where(and(eq(addressChanges.id, id), isNull(addressChanges.oldEmail)))
    .returning({ id: addressChanges.id });
  return changed.length > 0;
}

/** Forgets a change and every later one of the account. */
export async function deleteChangesSince(transaction: Transaction, { accountId, createdAtMs }: AddressChange): Promise<void> {
  await transaction
    .delete(addressChanges)
    .where(and(eq(addressChanges.accountId, accountId), gte(addressChanges.createdAtMs, createdAtMs)));
}

export async function setEmail(transaction: Transaction, accountId: string, email: string): Promise<void> {
  await transaction.update(accounts).set({ email }).where(eq(accounts.id, accountId));
}

/** Whose an address is, or was until lately: it can still be taken back. */
export async function ownersOf(transaction: Transaction, email: string, nowMs: number): Promise<string[]> {
  const now = await transaction.select({ id: accounts.id }).from(accounts).where(eq(accounts.email, email));
  const lately = await transaction
    .select({ id: addressChanges.accountId })
    .from(addressChanges)
    .where(and(eq(addressChanges.oldEmail, email), gt(addressChanges.undoUntilMs, nowMs)));
  return [...now, ...lately].map(({ id }) => id);
}
