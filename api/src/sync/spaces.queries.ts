import { asc, eq } from 'drizzle-orm';
import type { MemberSpace, SealedSpaceKey } from '@mana/shared/wire/account';
import type { Transaction } from '../db/database.ts';
import { members, spaceKeys, spaces } from './sync.table.ts';

/** Makes an account's personal space, with its owner's membership and sealed key. */
export async function insertPersonalSpace(
  transaction: Transaction,
  space: { id: string; accountId: string; key: SealedSpaceKey; createdAtMs: number },
): Promise<void> {
  const { id: spaceId, accountId, key, createdAtMs } = space;
  await transaction.insert(spaces).values({ id: spaceId, type: 'personal', createdBy: accountId, epoch: key.epoch, seq: 0, createdAtMs });
  await transaction.insert(members).values({ spaceId, accountId, role: 'owner', readOnly: false, foundedBy: accountId });
  await transaction.insert(spaceKeys).values({ ...key, spaceId, accountId });
}

/** An account's spaces, with every epoch's key sealed for it. */
export async function memberSpaces(transaction: Transaction, accountId: string): Promise<MemberSpace[]> {
  const rows = await transaction
    .select({ id: spaces.id, type: spaces.type, role: members.role, readOnly: members.readOnly, epoch: spaces.epoch })
    .from(members)
    .innerJoin(spaces, eq(spaces.id, members.spaceId))
    .where(eq(members.accountId, accountId))
    .orderBy(asc(spaces.createdAtMs));
  const keys = await transaction.select().from(spaceKeys).where(eq(spaceKeys.accountId, accountId)).orderBy(asc(spaceKeys.epoch));
  return rows.map((row) => ({
    ...row,
    keys: keys.filter((key) => key.spaceId === row.id).map(({ epoch, encB64, ciphertextB64 }) => ({ epoch, encB64, ciphertextB64 })),
  }));
}
