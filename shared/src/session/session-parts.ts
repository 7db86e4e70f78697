import type { Clock } from '#base/clock.ts';
import type { Random } from '#base/random.ts';
import type { Table } from '#modules/define-module.ts';
import type { AccessTokenDeps, AccessTokens } from './access-tokens.ts';
import type { AccountClient } from './account-client.ts';
import type { Fetch } from './api-call.ts';
import type { SessionPlatform } from './platform.ts';

/** Everything that the parts of a session work with. */
export interface SessionParts {
  readonly api: AccountClient;
  readonly platform: SessionPlatform;
  readonly client: 'web' | 'extension';
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly tables: readonly Table[];
  /** Undefined where the browser's cookie signs in. */
  readonly openTokens: ((deps: AccessTokenDeps) => AccessTokens) | undefined;
  readonly warn: (code: string) => void;
  /** Takes over spaces and keys that came since. */
  readonly refreshKeys: () => Promise<void>;
}
