import { systemClock } from '#base/clock.ts';
import { systemRandom } from '#base/random.ts';
import { ok } from '#base/result.ts';
import { createSharedKeyring } from '#crypto/keyring.ts';
import { allTableSchemas } from '#modules/all-modules.ts';
import { openDexieStorage } from '#store/dexie-storage.ts';
import { openStore } from '#store/open-store.ts';
import { createBroadcastTabChannel } from '#store/tab-channel.ts';
import { Exchange } from '#sync/exchange.ts';
import { createHttpTransport } from '#sync/http-transport.ts';
import type { PullDesk } from '#sync/pull-desk.ts';
import { aesFieldSealing, createFieldOpener } from '#sync/seal-ops.ts';
import type { Fetch } from './api-call.ts';
import type { FromPullWorker, PullWork, ToPullWorker } from './pull-messages.ts';
import { silentSocket } from './silent-socket.ts';

/** The part of a worker's global scope that this work uses. */
export interface WorkerScope {
  postMessage(message: FromPullWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToPullWorker>) => void): void;
}

/** Reads pages for the page that opened this worker: a tab of its own without a screen, on the same database, with keys that cannot be taken out. */
export function runPullWorker(scope: WorkerScope, fetch: Fetch): void {
  let desk: Promise<PullDesk['pull'] | undefined> = Promise.resolve(undefined);
  let takeKeys: (keys: Extract<ToPullWorker, { kind: 'keys' }>['keys']) => void = () => undefined;
  const askForKeys = (): Promise<PullWork['keys'] | undefined> =>
    new Promise((resolve) => {
      takeKeys = resolve;
      scope.postMessage({ kind: 'keys-please' });
    });
  const warn = (code: string): void => scope.postMessage({ kind: 'warn', code });
  scope.addEventListener('message', async ({ data }) => {
    if (data.kind === 'keys') return takeKeys(data.keys);
    if (data.kind === 'open') {
      desk = openDesk(data.work, { askForKeys, warn, fetch });
      return;
    }
    scope.postMessage({ kind: 'pulled', page: await pullAt(desk, data.space, warn) });
  });
}

interface DeskLine {
  readonly askForKeys: () => Promise<PullWork['keys'] | undefined>;
  readonly warn: (code: string) => void;
  readonly fetch: Fetch;
}

/** Before the account's id in what names a person as the author of a change. */
const userPrefix = 'user:';

async function openDesk(work: PullWork, { askForKeys, warn, fetch }: DeskLine): Promise<PullDesk['pull'] | undefined> {
  const { database, baseUrl, self, homeSpace, keys } = work;
  const storage = await openDexieStorage(database);
  if (!storage.ok) return undefined;
  const keyring = createSharedKeyring(keys);
  const deps = { keyring, clock: systemClock, random: systemRandom, warn };
  const opened = await openStore({
    ...deps,
    storage: storage.value,
    self,
    homeSpace,
    tables: allTableSchemas,
    tabs: createBroadcastTabChannel(database),
  });
  if (!opened.ok) return undefined;
  const store = opened.value;
  const exchange = new Exchange({
    ...deps,
    store,
    transport: createHttpTransport({ baseUrl, fetch, openSocket: silentSocket, account: self.slice(userPrefix.length) }),
    sealing: aesFieldSealing,
    open: createFieldOpener(keyring, aesFieldSealing),
    isStructural: store.isStructural,
    refreshKeys: async () => {
      const fresh = await askForKeys();
      if (fresh) keyring.takeShared(fresh);
    },
  });
  return async (space) => {
    const pulled = await exchange.pull(space);
    return pulled.ok ? ok({ ...pulled.value, place: store.place() }) : pulled;
  };
}

/** What breaks here must not keep the page waiting: it reads by itself then. */
async function pullAt(
  desk: Promise<PullDesk['pull'] | undefined>,
  space: string,
  warn: (code: string) => void,
): ReturnType<PullDesk['pull']> {
  try {
    const pull = await desk;
    return await pull?.(space);
  } catch {
    warn('PULL_WORKER_FAILED');
    return undefined;
  }
}
