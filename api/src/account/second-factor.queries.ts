import { and, count, eq, isNotNull, isNull, lt } from 'drizzle-orm';
import type { Transaction } from '../db/database.ts';
import { backupCodes, totps } from './second-factor.table.ts';

export async function findTotp(transaction: Transaction, accountId: string) {
  const [row] = await transaction.select().from(totps).where(eq(totps.accountId, accountId));
  return row;
}

export async function countUnusedBackupCodes(transaction: Transaction, accountId: string): Promise<number> {
  const unused = and(eq(backupCodes.accountId, accountId), isNull(backupCodes.usedAtMs));
  const [row] = await transaction.select({ count: count() }).from(backupCodes).where(unused);
  return row?.count ?? 0;
}

/** Keeps a secret that is not confirmed yet; false when a confirmed one stands. */
export async function putTotpDraft(transaction: Transaction, accountId: string, sealedSecret: string): Promise<boolean> {
  const kept = await transaction
    .insert(totps)
    .values({ accountId, sealedSecret, confirmedAtMs: null, lastStep: 0 })
    .onConflictDoUpdate({ target: totps.accountId, set: { sealedSecret, lastStep: 0 }, setWhere: isNull(totps.confirmedAtMs) })
    .returning({ accountId: totps.accountId });
  return kept.length > 0;
}

/** Counts the code of a period as used; false when it, or a later one, was used before. */
export async function spendStep(transaction: Transaction, accountId: string, step: number): Promise<boolean> {
  const spent = await transaction
    .update(totps)
    .set({ lastStep: step })
    .where(and(eq(totps.accountId, accountId), lt(totps.lastStep, step)))
    .returning({ accountId: totps.accountId });
  return spent.length > 0;
}

export async function confirmTotp(
  transaction: Transaction,
  accountId: string,
  { codeHashes, nowMs }: { codeHashes: readonly string[]; nowMs: number },
): Promise<void> {
  await transaction.update(totps).set({ confirmedAtMs: nowMs }).where(eq(totps.accountId, accountId));
  await transaction.delete(backupCodes).where(eq(backupCodes.accountId, accountId));
  await transaction.insert(backupCodes).values(codeHashes.map((codeHash) => ({ accountId, codeHash, usedAtMs: null })));
}

/** Counts a back-up code as used; false when there is none such, or it was used before. */
export async function spendBackupCode(
  transaction: Transaction,
  { accountId, codeHash, nowMs }: { accountId: string; codeHash: string; nowMs: number },
): Promise<boolean> {
  const spent = await transaction
    .update(backupCodes)
    .set({ usedAtMs: nowMs })
    .where(and(eq(backupCodes.accountId, accountId), eq(backupCodes.codeHash, codeHash), isNull(backupCodes.usedAtMs)))
    .returning({ codeHash: backupCodes.codeHash });
  return spent.length > 0;
}

/** Takes the second step away; false when there was none. */
export async function deleteTotp(transaction: Transaction, accountId: string): Promise<boolean> {
  await transaction.delete(backupCodes).where(eq(backupCodes.accountId, accountId));
  const deleted = await transaction
    .delete(totps)
    .where(and(eq(totps.accountId, accountId), isNotNull(totps.confirmedAtMs)))
    .returning({ accountId: totps.accountId });
  return deleted.length > 0;
}
