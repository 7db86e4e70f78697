import type { PullDesk } from '#sync/pull-desk.ts';
import type { FromPullWorker, ToPullWorker } from './pull-messages.ts';
import type { SyncParts } from './platform.ts';

/** The part of a worker that its page uses. */
export interface PullWorker {
  postMessage(message: ToPullWorker): void;
  terminate(): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<FromPullWorker>) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: () => void): void;
}

type Parts = Pick<SyncParts, 'store' | 'keyring' | 'baseUrl' | 'name' | 'refreshKeys' | 'warn'>;
type Pulled = Awaited<ReturnType<PullDesk['pull']>>;

/** A desk in a worker. The keys pass as keys: not even the worker can read them; they end with it. */
export function openWorkerDesk({ store, keyring, baseUrl, name, refreshKeys, warn }: Parts, worker: PullWorker): PullDesk {
  let answer: ((pulled: Pulled) => void) | undefined;
  let isOver = false;
  const settle = (pulled: Pulled): void => {
    answer?.(pulled);
    answer = undefined;
  };
  const end = (): void => {
    isOver = true;
    worker.terminate();
    settle(undefined);
  };
  worker.addEventListener('message', async ({ data }) => {
    if (data.kind === 'pulled') return settle(data.page);
    if (data.kind === 'warn') return warn(data.code);
    await refreshKeys();
    if (!isOver) worker.postMessage({ kind: 'keys', keys: keyring.share() });
  });
  worker.addEventListener('error', end);
  worker.addEventListener('messageerror', end);
  const keys = keyring.share();
  const { self, homeSpace } = store;
  if (keys) worker.postMessage({ kind: 'open', work: { baseUrl, database: name, self, homeSpace, keys } });
  else end();
  return {
    pull: (space) =>
      new Promise((resolve) => {
        if (isOver) return resolve(undefined);
        answer = resolve;
        worker.postMessage({ kind: 'pull', space });
      }),
    close: end,
  };
}
