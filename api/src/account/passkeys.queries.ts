import type { PasskeyWrap } from '@mana/shared/wire/account';
import { and, eq, exists, isNotNull, lt, ne, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Transaction } from '../db/database.ts';
import { credentials } from './account.table.ts';
import { passkeys } from './passkeys.table.ts';

type PasskeyRow = typeof passkeys.$inferSelect;

/** A passkey without its key and its wrap. */
export type ListedPasskey = Omit<
  PasskeyRow,
  'accountId' | 'publicKeyB64Url' | 'counter' | 'wrapVersion' | 'wrapIvB64' | 'wrapCiphertextB64'
> & {
  readonly opensVault: boolean;
};

const listed = {
  id: passkeys.id,
  credentialId: passkeys.credentialId,
  name: passkeys.name,
  aaguid: passkeys.aaguid,
  transports: passkeys.transports,
  backedUp: passkeys.backedUp,
  createdAtMs: passkeys.createdAtMs,
  lastUsedAtMs: passkeys.lastUsedAtMs,
  opensVault: sql<boolean>`${passkeys.wrapCiphertextB64} is not null`,
};

export type NewPasskey = Omit<PasskeyRow, 'lastUsedAtMs' | 'wrapVersion' | 'wrapIvB64' | 'wrapCiphertextB64'>;

export async function insertPasskey(transaction: Transaction, passkey: NewPasskey): Promise<ListedPasskey> {
  await transaction.insert(passkeys).values(passkey);
  return { ...passkey, lastUsedAtMs: null, opensVault: false };
}

export const listPasskeys = (transaction: Transaction, accountId: string): Promise<ListedPasskey[]> =>
  transaction.select(listed).from(passkeys).where(eq(passkeys.accountId, accountId)).orderBy(passkeys.createdAtMs, passkeys.id);

export async function countPasskeys(transaction: Transaction, accountId: string): Promise<number> {
  const rows = await transaction.select({ id: passkeys.id }).from(passkeys).where(eq(passkeys.accountId, accountId));
  return rows.length;
}

/** What signing in needs of a passkey; undefined when nobody has it. */
export async function findPasskey(transaction: Transaction, credentialId: string) {
  const [row] = await transaction
    .select({
      id: passkeys.id,
      accountId: passkeys.accountId,
      credentialId: passkeys.credentialId,
      publicKeyB64Url: passkeys.publicKeyB64Url,
      counter: passkeys.counter,
    })
    .from(passkeys)
    .where(eq(passkeys.credentialId, credentialId));
  return row;
}

/** Notes a use, unless the counter went back meanwhile: then two authenticators hold the key, and false is answered. */
export async function notePasskeyUse(
  transaction: Transaction,
  use: { id: string; counter: number; backedUp: boolean; nowMs: number },
): Promise<boolean> {
  const { id, counter, backedUp, nowMs } = use;
  const isForward = counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, counter);
  const noted = await transaction
    .update(passkeys)
    .set({ counter, backedUp, lastUsedAtMs: nowMs })
    .where(and(eq(passkeys.id, id), isForward))
    .returning({ id: passkeys.id });
  return noted.length === 1;
}

interface OwnPasskey {
  readonly accountId: string;
  readonly id: string;
}

const isOwn = ({ accountId, id }: OwnPasskey) => and(eq(passkeys.accountId, accountId), eq(passkeys.id, id));

export async function renamePasskey(transaction: Transaction, own: OwnPasskey, name: string): Promise<boolean> {
  const renamed = await transaction.update(passkeys).set({ name }).where(isOwn(own)).returning({ id: passkeys.id });
  return renamed.length === 1;
}

export async function putPasskeyWrap(transaction: Transaction, own: OwnPasskey, wrap: PasskeyWrap): Promise<boolean> {
  const put = await transaction
    .update(passkeys)
    .set({ wrapVersion: wrap.version, wrapIvB64: wrap.ivB64, wrapCiphertextB64: wrap.ciphertextB64 })
    .where(and(isOwn(own), eq(passkeys.credentialId, wrap.credentialId)))
    .returning({ id: passkeys.id });
  return put.length === 1;
}

/** Whether the account has a password; asked as `auth`. */
export async function hasPassword(transaction: Transaction, accountId: string): Promise<boolean> {
  const rows = await transaction.select({ id: credentials.accountId }).from(credentials).where(eq(credentials.accountId, accountId));
  return rows.length > 0;
}

/** Removes a passkey; with `mayBeLast` false only while another one is left. */
export async function deletePasskey(transaction: Transaction, own: OwnPasskey, mayBeLast: boolean): Promise<boolean> {
  const other = alias(passkeys, 'other');
  const hasOther = exists(
    transaction
      .select({ id: other.id })
      .from(other)
      .where(and(eq(other.accountId, own.accountId), ne(other.id, own.id))),
  );
  const deleted = await transaction
    .delete(passkeys)
    .where(mayBeLast ? isOwn(own) : and(isOwn(own), hasOther))
    .returning({ id: passkeys.id });
  return deleted.length === 1;
}

/** Wraps of all passkeys that open the account's vault. */
export async function listPasskeyWraps(transaction: Transaction, accountId: string): Promise<PasskeyWrap[]> {
  const rows = await transaction
    .select({
      version: passkeys.wrapVersion,
      credentialId: passkeys.credentialId,
      ivB64: passkeys.wrapIvB64,
      ciphertextB64: passkeys.wrapCiphertextB64,
    })
    .from(passkeys)
    .where(and(eq(passkeys.accountId, accountId), isNotNull(passkeys.wrapVersion)))
    .orderBy(passkeys.createdAtMs, passkeys.id);
  return rows.flatMap(({ version, credentialId, ivB64, ciphertextB64 }) =>
    version && ivB64 && ciphertextB64 ? [{ version, credentialId, ivB64, ciphertextB64 }] : [],
  );
}
