import type { ExtensionSession } from '@mana/shared/session/create-session';
import type { Sync } from '@mana/shared/sync/status';

/** A session of the worker: opened for one job, closed after it, so that nothing that matters is in the worker's memory. */
export interface WorkerSession {
  /** Sends and fetches what waits; true when nothing is left. */
  exchange(instance: string): Promise<boolean>;
  /** Locks the account, in the popup too. */
  lock(instance: string, account: string): Promise<void>;
  accept(
    instance: string,
    sealed: { readonly privateB64: string; readonly encB64: string; readonly ciphertextB64: string },
  ): ReturnType<ExtensionSession['acceptPairing']>;
}

/** Longest that a job holds the vault open, in milliseconds: the browser stops a worker after 30 s, and the popup must get its turn. */
const longestExchangeMs = 20_000;

/** Resolves when the first exchange has come to an end, well or badly. */
function firstExchange(sync: Sync): Promise<void> {
  const { lastSyncedAt: before } = sync.status();
  const isOver = (): boolean => {
    const { state, unsent, lastSyncedAt } = sync.status();
    return (state !== 'sending' && state !== 'synced') || (lastSyncedAt !== before && unsent === 0);
  };
  return new Promise((resolve) => {
    const stop = sync.subscribe(() => {
      if (!isOver()) return;
      stop();
      resolve();
    });
  });
}

export function createWorkerSession(deps: {
  readonly openSession: (instance: string) => Promise<ExtensionSession>;
  readonly wait: (delayMs: number) => Promise<void>;
}): WorkerSession {
  const exchangeOpen = async (session: ExtensionSession): Promise<boolean> => {
    const state = session.state();
    if (state.kind !== 'open') return true;
    await Promise.race([firstExchange(state.sync), deps.wait(longestExchangeMs)]);
    return state.store.pendingCount() === 0;
  };
  return {
    async exchange(instance) {
      const session = await deps.openSession(instance);
      await session.start();
      const sent = await exchangeOpen(session);
      await session.close();
      return sent;
    },
    async lock(instance, account) {
      const session = await deps.openSession(instance);
      await session.accounts.lock(account);
      await session.close();
    },
    async accept(instance, sealed) {
      const session = await deps.openSession(instance);
      const outcome = await session.acceptPairing(sealed);
      await session.close();
      return outcome;
    },
  };
}
