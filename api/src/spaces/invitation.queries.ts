import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { SealedToSelf } from '@mana/shared/wire/spaces';
import type { Transaction } from '../db/database.ts';
import { invitations } from './spaces.table.ts';

export type InvitationRow = typeof invitations.$inferSelect;

/** Names the invitation whose token the caller holds: from here on the transaction sees it. */
export async function holdInvitation(transaction: Transaction, tokenHash: string): Promise<InvitationRow | undefined> {
  await transaction.execute(sql`select set_config('app.invitation', ${tokenHash}, true)`);
  const [row] = await transaction.select().from(invitations).where(eq(invitations.tokenHash, tokenHash));
  return row;
}

export async function insertInvitation(transaction: Transaction, row: typeof invitations.$inferInsert): Promise<void> {
  await transaction.insert(invitations).values(row);
}

export async function countOpenInvitations(transaction: Transaction, spaceId: string, nowMs: number): Promise<number> {
  const rows = await transaction
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(eq(invitations.spaceId, spaceId), isNull(invitations.takenBy), gt(invitations.expiresAtMs, nowMs)));
  return rows.length;
}

/** Drops the invitations of a space that nobody took in time. */
export async function dropExpired(transaction: Transaction, spaceId: string, nowMs: number): Promise<void> {
  await transaction
    .delete(invitations)
    .where(and(eq(invitations.spaceId, spaceId), isNull(invitations.takenBy), sql`${invitations.expiresAtMs} <= ${nowMs}`));
}

export async function readInvitation(transaction: Transaction, id: string): Promise<InvitationRow | undefined> {
  const [row] = await transaction.select().from(invitations).where(eq(invitations.id, id));
  return row;
}

export async function deleteInvitation(transaction: Transaction, id: string): Promise<void> {
  await transaction.delete(invitations).where(eq(invitations.id, id));
}

export interface TakenInvitation {
  readonly self: { readonly account: string; readonly name: string; readonly sealingPublicB64: string; readonly signingPublicB64: string };
  readonly proofB64: string;
  readonly acceptance: SealedToSelf;
}

/** Takes the held invitation; false when somebody else was faster. */
export async function takeInvitation(
  transaction: Transaction,
  id: string,
  { self, proofB64, acceptance }: TakenInvitation,
): Promise<boolean> {
  const rows = await transaction
    .update(invitations)
    .set({
      takenBy: self.account,
      takenName: self.name,
      takenSealingB64: self.sealingPublicB64,
      takenSigningB64: self.signingPublicB64,
      proofB64,
      acceptanceEncB64: acceptance.encB64,
      acceptanceCiphertextB64: acceptance.ciphertextB64,
    })
    .where(eq(invitations.id, id))
    .returning({ id: invitations.id });
  return rows.length > 0;
}
