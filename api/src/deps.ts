import type { Clock } from '@mana/shared/base/clock';
import type { Random } from '@mana/shared/base/random';
import type { RootSecrets } from './account/root-secrets.ts';
import type { Trouble } from './account/trouble.ts';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import type { Log } from './http/log.ts';
import type { LiveHub } from './sync/live-hub.ts';
import type { ServerTime } from './sync/server-time.ts';

/** What every capability is built from. */
export interface Deps {
  readonly config: Config;
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly secrets: RootSecrets;
  readonly trouble: Trouble;
  readonly serverTime: ServerTime;
  readonly live: LiveHub;
}
