import type { Store } from '#store/store.ts';
import type { Sync } from '#sync/status.ts';

/** What a guest has in place of sync: nothing leaves the device, and the light says so. */
export function createLocalSync(store: Store): Sync {
  return {
    status: () => ({
      state: 'local',
      unsent: store.pendingCount(),
      quarantined: 0,
      differs: false,
      clockOffMs: 0,
      live: false,
      downloadLeft: 0,
      downloadDone: 0,
      downloadPaused: false,
      resealing: null,
      lastSyncedAt: null,
    }),
    subscribe: (listener) => store.subscribe(listener),
    syncNow: () => Promise.resolve(),
    pauseDownload: () => undefined,
    stop: () => Promise.resolve(),
  };
}
