import { createStore, get, update as updateEntry } from 'idb-keyval';
import type { DeviceWrap } from '#crypto/device-wraps.ts';
import type { OfflineWrap } from '#crypto/wraps.ts';
import { generateMacKey, generateSealingKey } from '#crypto/primitives.ts';
import type { Account } from '#wire/account.ts';
import type { LockChoice } from './locks.ts';
import type { TrustedSpace } from './trusted-space.ts';
import type { ProfilePatch } from '#wire/profile.ts';

/** An account as this device keeps it: public or sealed throughout, but for address and name. */
export interface VaultEntry {
  readonly account: Account;
  /** The account key under the device's key: opens without asking. Null while locked or signed out. */
  readonly openCopy: DeviceWrap | null;
  /** The account key under password and device key. Null where no password was ever typed, and after signing out. */
  readonly offlineWrap: OfflineWrap | null;
  /** Refresh token under the device's key; only of clients without a cookie. */
  readonly refreshToken: DeviceWrap | null;
  /** Shared spaces as their statements prove them: what was believed once, no server takes back. */
  readonly shared?: readonly TrustedSpace[];
  /** Fingerprints of changed identities that the person has confirmed, base64. */
  readonly confirmed?: readonly string[];
  /** What the person changed of the account and the server has not heard yet. */
  readonly waiting?: WaitingProfile;
  /** When this account locks here by itself; absent where it stays open. */
  readonly locking?: LockChoice;
  /** Whether the account signed out here; what it wrote is kept, sealed. */
  readonly signedOut?: true;
  /** What opens the account here by a PIN; absent where there is none, or it was guessed at too often. */
  readonly pin?: PinLock;
}

/** A session that is to be ended at the server. */
export interface Ending {
  readonly account: string;
  /** Of a client without a cookie: the refresh token under the device's key. */
  readonly refreshToken: DeviceWrap | null;
}

/** The account key under PIN and device key, and how many more wrong tries it bears. */
export interface PinLock {
  readonly wrap: OfflineWrap;
  readonly triesLeft: number;
}

/** Changes of an account's profile that go to the server at the next contact. */
export interface WaitingProfile {
  readonly patch: ProfilePatch;
  /** Whether the first screens were finished here. */
  readonly onboarded: boolean;
}

/** A person without an account. */
export interface GuestEntry {
  readonly id: string;
  readonly space: string;
  /** Name of the local database. */
  readonly database: string;
  readonly accountKey: DeviceWrap;
  /** How the guest wants to be called. */
  readonly name?: string;
  /** Whether the first screens were finished or put aside. */
  readonly onboarded?: boolean;
}

/** All that a device remembers outside the local databases; one value, so that every change of it is whole. */
export interface DeviceState {
  readonly version: 1;
  /** Keys that never leave this browser: non-extractable. */
  readonly keys: { readonly sealing: CryptoKey; readonly mac: CryptoKey };
  /** Whose vault the app shows: an account's id, the guest, or nobody. */
  readonly current: { readonly kind: 'account'; readonly id: string } | { readonly kind: 'guest' } | null;
  readonly accounts: Readonly<Record<string, VaultEntry>>;
  readonly guest: GuestEntry | null;
  /** Accounts that signed out here without a network: their sessions are ended when there is one. */
  readonly endings?: readonly Ending[];
  /** When somebody was last at work here, in milliseconds of the device's clock; kept where an account locks after a while. */
  readonly usedAtMs?: number;
  /** Domain that the server's passkeys are bound to; absent where it takes none, or was not asked yet. */
  readonly passkeyDomain?: string;
  /** Guests whose records are on their way into an account, by the account's id. */
  readonly moves: Readonly<Record<string, readonly GuestEntry[]>>;
}

/** Where the device's memory lies. */
export interface DeviceVault {
  /** Reads it; makes it, with its keys, the first time. */
  read(): Promise<DeviceState>;
  /** Changes it in one step, also against other tabs. */
  update(change: (state: DeviceState) => DeviceState): Promise<DeviceState>;
}

/** A device that remembers nothing yet. */
export async function newDeviceState(): Promise<DeviceState> {
  const keys = { sealing: await generateSealingKey(), mac: await generateMacKey() };
  return { version: 1, keys, current: null, accounts: {}, guest: null, moves: {} };
}

const entryKey = 'device';

/** The device's memory in IndexedDB. */
export function openDeviceVault(databaseName: string): DeviceVault {
  const store = createStore(databaseName, 'vault');
  const update: DeviceVault['update'] = async (change) => {
    const fresh = await newDeviceState();
    let changed = fresh;
    await updateEntry<DeviceState>(entryKey, (stored) => (changed = change(stored ?? fresh)), store);
    return changed;
  };
  return {
    read: async () => (await get<DeviceState>(entryKey, store)) ?? update((state) => state),
    update,
  };
}
