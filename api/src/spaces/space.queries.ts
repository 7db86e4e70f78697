import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import type { SealedSpaceKey } from '@mana/shared/wire/account';
import type { Role, SharedType, SpaceStatement, StatementMember } from '@mana/shared/wire/space-statement';
import type { Invitation, Leaving, SealedToSelf, SharedSpace } from '@mana/shared/wire/spaces';
import { accounts, identities } from '../account/account.table.ts';
import type { Transaction } from '../db/database.ts';
import { members, spaceKeys, spaces } from '../sync/sync.table.ts';
import { invitations, leavings, statements } from './spaces.table.ts';

/** A key on its way to a member. */
export type AddressedKey = SealedSpaceKey & { readonly account: string };

/** How the account is called and which public keys it has. */
export async function readSelf(transaction: Transaction, accountId: string) {
  const [self] = await transaction
    .select({
      account: accounts.id,
      name: accounts.name,
      sealingPublicB64: identities.sealingPublicB64,
      signingPublicB64: identities.signingPublicB64,
    })
    .from(accounts)
    .innerJoin(identities, eq(identities.accountId, accounts.id))
    .where(eq(accounts.id, accountId));
  return self;
}

export interface FoundedSpace {
  readonly statement: SpaceStatement;
  readonly key: SealedSpaceKey;
  readonly founder: { readonly account: string; readonly name: string };
  readonly createdAtMs: number;
}

/** Makes a space with its founder, its first statement and its key. */
export async function insertSpace(transaction: Transaction, { statement, key, founder, createdAtMs }: FoundedSpace): Promise<void> {
  const { space: id, type, epoch } = statement;
  const { account: accountId, name } = founder;
  await transaction.insert(spaces).values({ id, type, createdBy: accountId, epoch, seq: 0, createdAtMs });
  await transaction.insert(members).values({ spaceId: id, accountId, role: 'owner', readOnly: false, foundedBy: accountId, name });
  await insertStatement(transaction, statement);
  await transaction.insert(spaceKeys).values({ ...key, spaceId: id, accountId });
}

export async function insertStatement(transaction: Transaction, statement: SpaceStatement): Promise<void> {
  const { space: spaceId, number, signer } = statement;
  await transaction.insert(statements).values({ spaceId, number, signer, body: JSON.stringify(statement) });
}

export async function readLastStatement(transaction: Transaction, spaceId: string): Promise<SpaceStatement | undefined> {
  const [row] = await transaction
    .select({ body: statements.body })
    .from(statements)
    .where(eq(statements.spaceId, spaceId))
    .orderBy(desc(statements.number))
    .limit(1);
  return row && (JSON.parse(row.body) as SpaceStatement);
}

/** The account's membership of a space; undefined when it has none. */
export async function readMembership(transaction: Transaction, spaceId: string, accountId: string) {
  const [row] = await transaction
    .select({ role: members.role, type: spaces.type, epoch: spaces.epoch })
    .from(members)
    .innerJoin(spaces, eq(spaces.id, members.spaceId))
    .where(and(eq(members.spaceId, spaceId), eq(members.accountId, accountId)));
  return row;
}

export async function readMemberIds(transaction: Transaction, spaceId: string): Promise<string[]> {
  const rows = await transaction.select({ id: members.accountId }).from(members).where(eq(members.spaceId, spaceId));
  return rows.map(({ id }) => id);
}

export async function countOwners(transaction: Transaction, spaceId: string): Promise<number> {
  const rows = await transaction
    .select({ id: members.accountId })
    .from(members)
    .where(and(eq(members.spaceId, spaceId), eq(members.role, 'owner')));
  return rows.length;
}

export interface NewMember {
  readonly spaceId: string;
  readonly member: StatementMember;
  readonly name: string;
  readonly acceptance: SealedToSelf;
}

export async function insertMember(transaction: Transaction, { spaceId, member, name, acceptance }: NewMember): Promise<void> {
  const { account: accountId, role, readOnly } = member;
  await transaction.insert(members).values({
    spaceId,
    accountId,
    role,
    readOnly,
    name,
    acceptanceEncB64: acceptance.encB64,
    acceptanceCiphertextB64: acceptance.ciphertextB64,
  });
}

export async function updateMember(transaction: Transaction, spaceId: string, member: StatementMember): Promise<void> {
  const { account, role, readOnly } = member;
  await transaction
    .update(members)
    .set({ role, readOnly })
    .where(and(eq(members.spaceId, spaceId), eq(members.accountId, account)));
}

/** Ends an account's membership and takes back the keys that were sealed to it. */
export async function endMembership(transaction: Transaction, spaceId: string, accountId: string): Promise<void> {
  await transaction.delete(spaceKeys).where(and(eq(spaceKeys.spaceId, spaceId), eq(spaceKeys.accountId, accountId)));
  await transaction.delete(members).where(and(eq(members.spaceId, spaceId), eq(members.accountId, accountId)));
}

/** Ends the memberships of those whom a statement leaves out; a wish to leave is answered by it. */
export async function deleteMembers(transaction: Transaction, spaceId: string, accountIds: readonly string[]): Promise<void> {
  await transaction.delete(leavings).where(and(eq(leavings.spaceId, spaceId), inArray(leavings.accountId, [...accountIds])));
  for (const accountId of accountIds) await endMembership(transaction, spaceId, accountId);
}

export async function setEpoch(transaction: Transaction, spaceId: string, epoch: number): Promise<void> {
  await transaction.update(spaces).set({ epoch }).where(eq(spaces.id, spaceId));
}

export async function insertKeys(transaction: Transaction, spaceId: string, keys: readonly AddressedKey[]): Promise<void> {
  if (keys.length === 0) return;
  await transaction
    .insert(spaceKeys)
    .values(keys.map(({ account: accountId, ...key }) => ({ ...key, spaceId, accountId })))
    .onConflictDoNothing();
}

export async function insertLeaving(transaction: Transaction, spaceId: string, leaving: Leaving): Promise<void> {
  const { account: accountId, number, signatureB64 } = leaving;
  await transaction.insert(leavings).values({ spaceId, accountId, number, signatureB64 });
}

/** The account's shared spaces, each with all that its members tell each other through the server. */
export async function listSpaces(transaction: Transaction, accountId: string): Promise<SharedSpace[]> {
  const own = await transaction
    .select({ id: spaces.id, type: spaces.type, enc: members.acceptanceEncB64, ciphertext: members.acceptanceCiphertextB64 })
    .from(members)
    .innerJoin(spaces, eq(spaces.id, members.spaceId))
    .where(and(eq(members.accountId, accountId), sql`${spaces.type} <> 'personal'`))
    .orderBy(asc(spaces.createdAtMs), asc(spaces.id));
  if (own.length === 0) return [];
  const parts = await readParts(
    transaction,
    accountId,
    own.map(({ id }) => id),
  );
  return own.map(({ id, type, enc, ciphertext }) => ({
    id,
    type: type as SharedType,
    acceptance: enc === null || ciphertext === null ? null : { encB64: enc, ciphertextB64: ciphertext },
    statements: parts.statements.filter((row) => row.spaceId === id).map(({ body }) => JSON.parse(body) as SpaceStatement),
    keys: parts.keys.filter((row) => row.spaceId === id).map(({ epoch, encB64, ciphertextB64 }) => ({ epoch, encB64, ciphertextB64 })),
    names: Object.fromEntries(parts.names.filter((row) => row.spaceId === id).map(({ account, name }) => [account, name])),
    leaving: parts.leaving
      .filter((row) => row.spaceId === id)
      .map(({ accountId: account, number, signatureB64 }) => ({ account, number, signatureB64 })),
    invitations: parts.invitations.filter((row) => row.spaceId === id).map(invitationOf),
  }));
}

async function readParts(transaction: Transaction, accountId: string, ids: readonly string[]) {
  const of = [...ids];
  return {
    statements: await transaction.select().from(statements).where(inArray(statements.spaceId, of)).orderBy(asc(statements.number)),
    keys: await transaction
      .select()
      .from(spaceKeys)
      .where(and(eq(spaceKeys.accountId, accountId), inArray(spaceKeys.spaceId, of)))
      .orderBy(asc(spaceKeys.epoch)),
    names: await transaction
      .select({ spaceId: members.spaceId, account: members.accountId, name: members.name })
      .from(members)
      .where(inArray(members.spaceId, of)),
    leaving: await transaction.select().from(leavings).where(inArray(leavings.spaceId, of)),
    invitations: await transaction.select().from(invitations).where(inArray(invitations.spaceId, of)).orderBy(asc(invitations.expiresAtMs)),
  };
}

function invitationOf(row: typeof invitations.$inferSelect): Invitation {
  const { takenBy, takenSealingB64, takenSigningB64, proofB64 } = row;
  const isTaken = takenBy !== null && takenSealingB64 !== null && takenSigningB64 !== null && proofB64 !== null;
  return {
    id: row.id,
    role: row.role satisfies Role,
    readOnly: row.readOnly,
    expiresAt: new Date(row.expiresAtMs).toISOString(),
    madeBy: row.madeBy,
    sealed: { encB64: row.sealedEncB64, ciphertextB64: row.sealedCiphertextB64 },
    taken: isTaken
      ? {
          account: takenBy,
          name: row.takenName ?? '',
          sealingPublicB64: takenSealingB64,
          signingPublicB64: takenSigningB64,
          proofB64,
        }
      : null,
  };
}
