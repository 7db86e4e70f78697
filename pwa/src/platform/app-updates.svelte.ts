import type { Workbox } from 'workbox-window';

const hourMs = 3_600_000;
/** The worker fetches the whole app: that begins when the first screen has stood this long, and waits as long again for a moment in which nothing is to do. In milliseconds. */
const settleMs = 2_000;

const settled = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  if ('requestIdleCallback' in window) await new Promise((resolve) => requestIdleCallback(resolve, { timeout: settleMs }));
};

/**
 * Registers the service worker and says when a newer version waits. The new version takes over in every tab when one of them
 * says so; each then loads once, and what was being typed is in the store already.
 */
export function createAppUpdates() {
  let waiting = $state(false);
  let worker: Workbox | undefined;

  async function start(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    await settled();
    const { Workbox: Registration } = await import('workbox-window');
    const registered = new Registration('/service-worker.js', { type: 'module', updateViaCache: 'none' });
    worker = registered;
    registered.addEventListener('waiting', () => {
      waiting = true;
    });
    // The very first worker takes over pages that are as new as itself: loading them again would cost what is being typed.
    let controlled = navigator.serviceWorker.controller !== null;
    registered.addEventListener('controlling', (event) => {
      if (controlled && (event.isUpdate || event.isExternal)) location.reload();
      controlled = true;
    });
    await registered.register();
    const look = (): void => {
      if (document.visibilityState === 'visible') void registered.update().catch(() => undefined);
    };
    document.addEventListener('visibilitychange', look);
    setInterval(look, hourMs);
  }

  return {
    get waiting(): boolean {
      return waiting;
    },
    start,
    /** Lets the waiting version take over. */
    accept: (): void => worker?.messageSkipWaiting(),
  };
}
