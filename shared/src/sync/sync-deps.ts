import type { Clock } from '#base/clock.ts';
import type { Random } from '#base/random.ts';
import type { Keyring } from '#crypto/keyring.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import type { CompletenessDeps } from './completeness.ts';
import type { PullDesks } from './pull-desk.ts';
import type { FieldSealing } from './seal-ops.ts';
import type { SyncEnvironment } from './sync-environment.ts';
import type { Transport } from './transport.ts';

/** What sync is made of. */
export interface SyncDeps extends Pick<CompletenessDeps, 'mayWrite'> {
  readonly store: OutboxStore;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly environment: SyncEnvironment;
  readonly warn?: ((code: string) => void) | undefined;
  /** Asks the session for space keys that came since. */
  readonly refreshKeys?: (() => Promise<void>) | undefined;
  /** Spaces that are followed; by default the home space alone. */
  readonly spaces?: (() => readonly string[]) | undefined;
  /** Where a first, large download is read; by default in place. */
  readonly desks?: PullDesks | undefined;
  /** By default AES-GCM. */
  readonly sealing?: FieldSealing | undefined;
}
