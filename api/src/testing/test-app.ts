import { systemRandom } from '@mana/shared/base/random';
import { loadRootSecrets } from '../account/root-secrets.ts';
import { createTrouble } from '../account/trouble.ts';
import { createApp, type App } from '../app.ts';
import { loadConfig, type Config } from '../config.ts';
import type { Deps } from '../deps.ts';
import { createLog } from '../http/log.ts';
import { createPages } from '../http/pages.ts';
import { createLiveHub } from '../sync/live-hub.ts';
import { createServerTime } from '../sync/server-time.ts';
import { createTestClock, type TestClock } from './test-clock.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

/** The real instance over a fresh database, with a clock that the test moves and a log that it reads. */
export interface TestApp {
  readonly app: App;
  readonly deps: Deps;
  readonly clock: TestClock;
  readonly database: TestDatabase;
  readonly logLines: string[];
  /** Builds the instance again over the same database, as after a restart. */
  restart(): Promise<TestApp>;
  close(): Promise<void>;
}

export async function createTestApp(
  environment: Record<string, string> = {},
  via?: (databaseUrl: string) => Promise<string>,
): Promise<TestApp> {
  const database = await createTestDatabase(via);
  const loaded = loadConfig({
    MANA_DATA_DIR: database.dataDir,
    MANA_PORT: '0',
    PUBLIC_URL: 'http://localhost:4321',
    MANA_LOG_LEVEL: 'debug',
    ...environment,
  });
  if (!loaded.ok) throw new Error(loaded.error.join('\n'));
  return buildTestApp(loaded.value.config, database, createTestClock());
}

async function buildTestApp(config: Config, database: TestDatabase, clock: TestClock): Promise<TestApp> {
  const logLines: string[] = [];
  const { db } = database;
  const deps: Deps = {
    config,
    db,
    clock,
    random: systemRandom,
    log: createLog({ clock, level: config.logLevel, pretty: false, write: (line) => logLines.push(line) }),
    secrets: await loadRootSecrets(config.dataDir, systemRandom),
    trouble: createTrouble(clock),
    live: await createLiveHub({ db, clock, processId: crypto.randomUUID(), onTrouble: () => undefined }),
    serverTime: await createServerTime({ db, clock }),
  };
  return {
    app: createApp(deps, await createPages(config)),
    deps,
    clock,
    database,
    logLines,
    restart: () => buildTestApp(config, database, clock),
    close: () => database.close(),
  };
}
