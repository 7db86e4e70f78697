import type { Bytes } from '#base/bytes.ts';
import { err, ok, type Result } from '#base/result.ts';
import { createKeyring, type OwnedKeyring } from '#crypto/keyring.ts';
import { openStore } from '#store/open-store.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import type { Sync } from '#sync/status.ts';
import type { Account } from '#wire/account.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { GuestEntry } from './device-vault.ts';
import { createLocalSync } from './local-sync.ts';
import type { SessionParts } from './session-parts.ts';

/** An open vault: whose it is, and all that must be closed and forgotten. */
export interface OpenVault {
  /** The account's id, or null for the guest. */
  readonly accountId: string | null;
  readonly keyring: OwnedKeyring;
  readonly store: OutboxStore;
  readonly sync: Sync;
  readonly tokens: AccessTokens | undefined;
  /** Shared spaces that sync follows besides the home space, and whether this person may only read in them. */
  readonly followed: Map<string, { readonly readOnly: boolean }>;
  /** Stops sync, closes the database and forgets the keys. */
  close(): Promise<void>;
}

/** Why a vault did not open: its database, or what seals its keys, is not this account's. */
export type OpenVaultFailure = 'DATABASE_NEWER' | 'DATABASE_UNAVAILABLE' | 'FOREIGN_KEYS';

/** Name of an account's local database. */
export const accountDatabase = (accountId: string): string => `mana-${accountId}`;

interface Plan {
  readonly accountId: string | null;
  readonly self: string;
  readonly homeSpace: string;
  readonly database: string;
  readonly keyring: OwnedKeyring;
}

async function openPlan(parts: SessionParts, plan: Plan): Promise<Result<OpenVault, OpenVaultFailure>> {
  const { platform, clock, random, tables, warn } = parts;
  const { keyring, database, self, homeSpace } = plan;
  const storage = await platform.openStorage(database);
  if (!storage.ok) {
    keyring.forget();
    return storage;
  }
  const tabs = platform.openTabs(database);
  const opened = await openStore({
    storage: storage.value,
    keyring,
    clock,
    random,
    self,
    homeSpace,
    tables,
    warn,
    ...(tabs ? { tabs } : {}),
  });
  if (!opened.ok) {
    keyring.forget();
    await storage.value.close();
    return err(opened.error.code === 'DATABASE_NEWER' ? 'DATABASE_NEWER' : 'DATABASE_UNAVAILABLE');
  }
  return ok(assemble(parts, plan, opened.value));
}

function assemble(parts: SessionParts, { accountId, keyring, database }: Plan, store: OutboxStore): OpenVault {
  const { platform, api, openTokens, client, clock, random, baseUrl, fetch, warn, refreshKeys } = parts;
  const { vault, exclusive } = platform;
  const tokens = accountId === null ? undefined : openTokens?.({ accountId, api, vault, exclusive, clock, random });
  const followed: OpenVault['followed'] = new Map();
  const sync =
    accountId === null
      ? createLocalSync(store)
      : platform.openSync({
          store,
          keyring,
          baseUrl,
          fetch,
          clock,
          random,
          tokens,
          account: accountId,
          name: database,
          ready: client === 'web' ? bootstrapSingletons(parts, accountId) : Promise.resolve(),
          warn,
          refreshKeys,
          spaces: () => [store.homeSpace, ...followed.keys()],
          mayWrite: (space) => followed.get(space)?.readOnly !== true,
        });
  return {
    accountId,
    keyring,
    store,
    sync,
    tokens,
    followed,
    async close() {
      // Keys go first: whatever still runs can open and seal nothing more.
      tokens?.forget();
      await sync.stop();
      await store.close();
      keyring.forget();
    },
  };
}

/** Has the server make what is missing of the records that exist once. Where it cannot, the next start asks again: screens show their defaults. */
async function bootstrapSingletons({ api, warn }: SessionParts, account: string): Promise<void> {
  const answer = await api.bootstrapSingletons({ account });
  if (!answer.ok) warn('SINGLETONS_NOT_MADE');
}

/** Opens an account's vault; wipes the account key. */
export async function openAccountVault(
  parts: SessionParts,
  account: Account,
  accountKey: Bytes,
): Promise<Result<OpenVault, OpenVaultFailure>> {
  const { openKeyring, personalSpaceOf } = await import('./open-keyring.ts'); // with HPKE, which a guest does without
  const keyring = await openKeyring(account, accountKey);
  const homeSpace = personalSpaceOf(account);
  if (!keyring || homeSpace === undefined) return err('FOREIGN_KEYS');
  const { id } = account;
  return openPlan(parts, { accountId: id, self: `user:${id}`, homeSpace, database: accountDatabase(id), keyring });
}

/** Opens a guest's vault; wipes its key. */
export async function openGuestVault(
  parts: SessionParts,
  guest: GuestEntry,
  accountKey: Bytes,
): Promise<Result<OpenVault, OpenVaultFailure>> {
  const keyring = await createKeyring({ accountKey, spaceKeys: [] });
  return openPlan(parts, { accountId: null, self: `user:${guest.id}`, homeSpace: guest.space, database: guest.database, keyring });
}
