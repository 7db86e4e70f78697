import type { OutboxStore } from '#store/outbox-store.ts';
import type { Sync, SyncStatus } from './status.ts';

/** What is told before the machinery is here: nothing was heard of the server yet. */
const unheard = {
  quarantined: 0,
  differs: false,
  clockOffMs: 0,
  live: false,
  downloadLeft: 0,
  downloadDone: 0,
  downloadPaused: false,
  resealing: null,
} as const;

/**
 * A sync whose machinery is fetched while the screen already shows what is stored. Where it cannot be fetched, that is told as
 * `offline`, and the next edit or `syncNow` tries again.
 */
export function createLazySync(store: Pick<OutboxStore, 'pendingCount' | 'place' | 'subscribe'>, load: () => Promise<Sync>): Sync {
  const listeners = new Set<() => void>();
  let sync: Sync | undefined;
  let loading: Promise<void> | undefined;
  let isUnreachable = false;
  let isStopped = false;
  const tell = (): void => listeners.forEach((listener) => listener());

  async function fetchIt(): Promise<void> {
    const fetched = await load();
    if (isStopped) return fetched.stop();
    sync = fetched;
    sync.subscribe(tell);
    stopWaiting();
  }

  const ensure = (): Promise<void> =>
    (loading ??= fetchIt()
      .then(() => {
        isUnreachable = false;
      })
      .catch(() => {
        loading = undefined;
        isUnreachable = true;
      })
      .then(tell));

  const stopWaiting = store.subscribe(() => {
    tell();
    void ensure();
  });
  void ensure();

  const waiting = (): SyncStatus => ({
    ...unheard,
    state: isUnreachable ? 'offline' : 'sending',
    unsent: store.pendingCount(),
    lastSyncedAt: store.place().lastSyncedAt,
  });

  return {
    status: () => sync?.status() ?? waiting(),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async syncNow() {
      await ensure();
      await sync?.syncNow();
    },
    pauseDownload: (isPaused) => sync?.pauseDownload(isPaused),
    async stop() {
      isStopped = true;
      stopWaiting();
      await sync?.stop();
    },
  };
}
