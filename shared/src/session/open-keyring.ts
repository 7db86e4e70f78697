import type { Bytes } from '#base/bytes.ts';
import { openIdentity, openSpaceKey, wipeIdentity } from '#crypto/identity.ts';
import { createKeyring, type OwnedKeyring, type SpaceKey } from '#crypto/keyring.ts';
import { wipe } from '#crypto/primitives.ts';
import type { Account } from '#wire/account.ts';

/** Every space key of an account that its identity opens; undefined when the identity is not this account's. */
async function openSpaceKeys(account: Account, accountKey: Bytes): Promise<SpaceKey[] | undefined> {
  const identity = await openIdentity(account.id, accountKey, account.identity);
  if (!identity) return undefined;
  const opened: SpaceKey[] = [];
  for (const space of account.spaces) {
    for (const sealed of space.keys) {
      const key = await openSpaceKey(identity, space.id, sealed);
      if (key) opened.push(key);
    }
  }
  wipeIdentity(identity);
  return opened;
}

/** Opens an account's keyring and wipes the account key; undefined when what the server or the device gave is not this account's. */
export async function openKeyring(account: Account, accountKey: Bytes): Promise<OwnedKeyring | undefined> {
  const spaceKeys = await openSpaceKeys(account, accountKey);
  if (!spaceKeys) {
    wipe(accountKey);
    return undefined;
  }
  return createKeyring({ accountKey, spaceKeys });
}

/** Takes over space keys that have come since; wipes the account key. */
export async function addNewSpaceKeys(keyring: OwnedKeyring, account: Account, accountKey: Bytes): Promise<void> {
  const spaceKeys = (await openSpaceKeys(account, accountKey)) ?? [];
  wipe(accountKey);
  for (const spaceKey of spaceKeys) await keyring.addSpaceKey(spaceKey);
}

/** The space that is the account's own; undefined when the server left it out. */
export const personalSpaceOf = (account: Account): string | undefined => account.spaces.find(({ type }) => type === 'personal')?.id;
