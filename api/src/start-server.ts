import { systemClock } from '@mana/shared/base/clock';
import { bytesToB64Url } from '@mana/shared/base/bytes';
import { systemRandom } from '@mana/shared/base/random';
import { err, ok, type Result } from '@mana/shared/base/result';
import { purgeAccounts } from './account/leave.service.ts';
import { loadRootSecrets } from './account/root-secrets.ts';
import { createTrouble } from './account/trouble.ts';
import { purgePending } from './account/verification.service.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import { openDatabase } from './db/open-database.ts';
import type { Deps } from './deps.ts';
import { listen } from './http/listen.ts';
import type { Log } from './http/log.ts';
import { createPages } from './http/pages.ts';
import { createPostman } from './mail/postman.ts';
import { createLiveHub } from './sync/live-hub.ts';
import { createServerTime } from './sync/server-time.ts';

const catchUpMs = 30_000; // how long a change whose notice was lost may stay unseen

const mailMs = 2_000; // how long a mail waits for the next look into the outbox

const purgeMs = 3_600_000; // a deletion that is due waits an hour at most

export interface RunningServer {
  readonly url: URL;
  stop(): Promise<void>;
}

/** Builds everything from the configuration and listens; the failure is a sentence for the operator. */
export async function startServer(config: Config, log: Log): Promise<Result<RunningServer, string>> {
  const db = await openDatabase(config);
  if (!db.ok) return err(db.error);
  const deps = await buildDeps(config, db.value, log);
  const listener = listen(deps, createApp(deps, await createPages(config)));
  const catchUp = setInterval(() => void deps.live.catchUp().catch(() => log('warn', 'live-trouble')), catchUpMs);
  const purge = () => Promise.all([purgeAccounts(deps), purgePending(deps)]).catch(() => log('error', 'purge-trouble'));
  const postman = createPostman(deps, mailMs);
  const purging = setInterval(() => void purge(), purgeMs);
  void purge();
  return ok({
    url: listener.url,
    stop: async () => {
      clearInterval(catchUp);
      clearInterval(purging);
      await postman.stop();
      await listener.stop();
      await deps.live.close();
      await deps.serverTime.close();
      await deps.db.close();
    },
  });
}

async function buildDeps(config: Config, db: Database, log: Log): Promise<Deps> {
  const clock = systemClock;
  const random = systemRandom;
  const onTrouble = () => log('warn', 'live-trouble');
  const live = await createLiveHub({ db, clock, processId: bytesToB64Url(random.bytes(8)), onTrouble });
  return {
    config,
    db,
    clock,
    random,
    log,
    live,
    secrets: await loadRootSecrets(config.dataDir, random),
    trouble: createTrouble(clock),
    serverTime: await createServerTime({ db, clock }),
  };
}
