import { and, eq, isNotNull } from 'drizzle-orm';
import type { Transaction } from '../db/database.ts';
import { members, records, sharedPoints, spaceKeys, spaces } from '../sync/sync.table.ts';
import { invitations, leavings, statements } from './spaces.table.ts';

/** Deletes a space and everything in it; the transaction acts as `leave`, for the account that is alone in it. */
export async function deleteSpaceRows(transaction: Transaction, spaceId: string): Promise<void> {
  for (const table of [records, sharedPoints, statements, invitations, leavings, spaceKeys])
    await transaction.delete(table).where(eq(table.spaceId, spaceId));
  // A founder's membership refers to the space; any other one is what still shows that the space may go.
  await transaction.delete(members).where(and(eq(members.spaceId, spaceId), isNotNull(members.foundedBy)));
  await transaction.delete(spaces).where(eq(spaces.id, spaceId));
  await transaction.delete(members).where(eq(members.spaceId, spaceId));
}
