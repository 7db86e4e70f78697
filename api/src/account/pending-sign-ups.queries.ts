import { desc, eq, lte } from 'drizzle-orm';
import type { Transaction } from '../db/database.ts';
import { pendingSignUps } from './pending-sign-ups.table.ts';

export type PendingSignUp = typeof pendingSignUps.$inferSelect;

export async function insertPending(transaction: Transaction, pending: PendingSignUp): Promise<void> {
  await transaction.insert(pendingSignUps).values(pending);
}

/** The newest sign-up of an address that waits to be confirmed. */
export async function findPending(transaction: Transaction, addressKey: string): Promise<PendingSignUp | undefined> {
  const [row] = await transaction
    .select()
    .from(pendingSignUps)
    .where(eq(pendingSignUps.addressKey, addressKey))
    .orderBy(desc(pendingSignUps.createdAtMs))
    .limit(1);
  return row;
}

export async function isPending(transaction: Transaction, id: string): Promise<boolean> {
  const rows = await transaction.select({ id: pendingSignUps.id }).from(pendingSignUps).where(eq(pendingSignUps.id, id));
  return rows.length > 0;
}

/** Reads a sign-up by its link and holds it until the transaction ends. */
export async function lockPending(transaction: Transaction, tokenHash: string): Promise<PendingSignUp | undefined> {
  const [row] = await transaction.select().from(pendingSignUps).where(eq(pendingSignUps.tokenHash, tokenHash)).for('update');
  return row;
}

/** Lets the link of a sign-up work again until a moment. */
export async function renewPending(transaction: Transaction, id: string, tokenUntilMs: number): Promise<void> {
  await transaction.update(pendingSignUps).set({ tokenUntilMs }).where(eq(pendingSignUps.id, id));
}

/** Forgets every sign-up of an address: one of them became an account. */
export async function deletePending(transaction: Transaction, addressKey: string): Promise<void> {
  await transaction.delete(pendingSignUps).where(eq(pendingSignUps.addressKey, addressKey));
}

export async function deleteOldPending(transaction: Transaction, createdBeforeMs: number): Promise<void> {
  await transaction.delete(pendingSignUps).where(lte(pendingSignUps.createdAtMs, createdBeforeMs));
}
