import { eq } from 'drizzle-orm';
import type { Profile, ProfilePatch } from '@mana/shared/wire/profile';
import { accounts } from '../account/account.table.ts';
import type { Transaction } from '../db/database.ts';
import { profiles } from './profile.table.ts';

type ProfileRow = Partial<Omit<typeof profiles.$inferInsert, 'accountId'>>;

/** An account's profile; one that was never touched has no row. */
export async function readProfile(transaction: Transaction, accountId: string): Promise<Profile> {
  const [row] = await transaction.select().from(profiles).where(eq(profiles.accountId, accountId));
  const { photo = null, communityShowRealName = false, onboardedAtMs = null } = row ?? {};
  return { photo, communityShowRealName, onboardedAt: onboardedAtMs === null ? null : new Date(onboardedAtMs).toISOString() };
}

export async function findPerson(transaction: Transaction, accountId: string) {
  const [person] = await transaction
    .select({ id: accounts.id, email: accounts.email, name: accounts.name, createdAtMs: accounts.createdAtMs })
    .from(accounts)
    .where(eq(accounts.id, accountId));
  return person;
}

export async function changeProfile(transaction: Transaction, accountId: string, { name, ...patch }: ProfilePatch): Promise<void> {
  if (name !== undefined) await transaction.update(accounts).set({ name }).where(eq(accounts.id, accountId));
  await putProfile(transaction, accountId, {
    ...(patch.photo === undefined ? {} : { photo: patch.photo }),
    ...(patch.communityShowRealName === undefined ? {} : { communityShowRealName: patch.communityShowRealName }),
  });
}

export const setOnboarded = (transaction: Transaction, accountId: string, onboardedAtMs: number | null): Promise<void> =>
  putProfile(transaction, accountId, { onboardedAtMs });

async function putProfile(transaction: Transaction, accountId: string, values: ProfileRow): Promise<void> {
  const insert = transaction.insert(profiles).values({ accountId, ...values });
  if (Object.keys(values).length === 0) await insert.onConflictDoNothing();
  else await insert.onConflictDoUpdate({ target: profiles.accountId, set: values });
}
