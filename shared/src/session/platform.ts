import type { Clock } from '#base/clock.ts';
import type { Random } from '#base/random.ts';
import type { Result } from '#base/result.ts';
import type { OwnedKeyring } from '#crypto/keyring.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import type { Storage } from '#store/storage.ts';
import type { TabChannel } from '#store/tab-channel.ts';
import type { Sync } from '#sync/status.ts';
import type { AccessTokens, Exclusive } from './access-tokens.ts';
import type { Fetch } from './api-call.ts';
import type { DeviceVault } from './device-vault.ts';
import type { PasskeyPort } from './passkeys.ts';

/** Line on which the tabs (and, in the extension, popup and worker) of one device tell that the vault changed. A tab never hears itself. */
export interface DeviceLine {
  post(): void;
  listen(listener: () => void): void;
}

/** What a sync is made of. */
export interface SyncParts {
  readonly store: OutboxStore;
  readonly keyring: OwnedKeyring;
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  /** Undefined where the browser's cookie signs in. */
  readonly tokens: AccessTokens | undefined;
  /** Whose it is. */
  readonly account: string;
  /** Name of the local database: tabs on the same one elect a leader. */
  readonly name: string;
  /** Resolves when sync may begin. */
  readonly ready: Promise<void>;
  readonly warn: (code: string) => void;
  /** Takes over spaces and keys that came since. */
  readonly refreshKeys: () => Promise<void>;
  /** Spaces that are followed, the home space first. */
  readonly spaces: () => readonly string[];
  /** Whether this person may write in a space. */
  readonly mayWrite: (space: string) => boolean;
}

/** What a session takes from the browser. */
export interface SessionPlatform {
  readonly vault: DeviceVault;
  readonly line: DeviceLine;
  readonly exclusive: Exclusive;
  /** Undefined where there is no page to ask a person on. */
  readonly loadPasskeys: (() => Promise<PasskeyPort>) | undefined;
  openStorage(name: string): Promise<Result<Storage, 'DATABASE_NEWER' | 'DATABASE_UNAVAILABLE'>>;
  deleteStorage(name: string): Promise<void>;
  openTabs(name: string): TabChannel | undefined;
  openSync(parts: SyncParts): Sync;
}
