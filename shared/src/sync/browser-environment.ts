import type { SyncEnvironment } from './sync-environment.ts';

const hasPage = (): boolean => typeof document !== 'undefined';

/** The browser's network, focus, timers and Web Locks; `name` is the database whose tabs elect one leader. Works in pages and workers. */
export function createBrowserEnvironment(name: string): SyncEnvironment {
  return {
    isOnline: () => navigator.onLine,
    onWake(listener) {
      const ended = new AbortController();
      const { signal } = ended;
      const onVisible = (): void => {
        if (document.visibilityState === 'visible') listener();
      };
      globalThis.addEventListener('online', listener, { signal });
      globalThis.addEventListener('offline', listener, { signal });
      if (hasPage()) {
        globalThis.addEventListener('focus', listener, { signal });
        document.addEventListener('visibilitychange', onVisible, { signal });
      }
      return () => ended.abort();
    },
    lead(run) {
      const ended = new AbortController();
      const { signal } = ended;
      navigator.locks
        .request(`mana-sync-${name}`, { signal }, () => run(signal))
        // Aborted while it waited: another tab leads, and this one has gone.
        .catch((error: unknown) => {
          if (!signal.aborted) throw error;
        });
      return () => ended.abort();
    },
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
