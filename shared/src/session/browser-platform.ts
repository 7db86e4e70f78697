import { createBroadcastTabChannel } from '#store/tab-channel.ts';
import { deleteDexieDatabase, openDexieStorage } from '#store/dexie-storage.ts';
import { createLazySync } from '#sync/lazy-sync.ts';
import { openDeviceVault } from './device-vault.ts';
import { withHeldCopies } from './held-copies.ts';
import type { DeviceLine, SessionPlatform } from './platform.ts';
import { createTabMemory } from './tab-memory.ts';
import type { PullWorker } from './worker-desk.ts';

/** Name of the database with the device's keys, and of the line on which its tabs speak. */
const deviceName = 'mana-device';

const createDeviceLine = (channel: BroadcastChannel): DeviceLine => ({
  post: () => channel.postMessage(null),
  // What is no null is said between the memories of the tabs; both on one channel, so that copies arrive before the word that they changed.
  listen: (listener) => channel.addEventListener('message', ({ data }) => data === null && listener()),
});

/** What differs between pages and workers. */
export interface BrowserPlatformOptions {
  /** With `false` no connection is held open: for a worker that comes and goes. */
  readonly live?: boolean;
  /** Opens the worker that reads a first, large download; without it the page does. */
  readonly openPullWorker?: () => PullWorker;
}

/** What a session takes from a browser, in pages and in workers. */
export function createBrowserPlatform({ live = true, openPullWorker }: BrowserPlatformOptions = {}): SessionPlatform {
  const channel = new BroadcastChannel(deviceName);
  return {
    vault: withHeldCopies(openDeviceVault(deviceName), createTabMemory(channel)),
    line: createDeviceLine(channel),
    exclusive: (name, work) => navigator.locks.request(name, work),
    loadPasskeys: typeof document === 'undefined' ? undefined : async () => (await import('./browser-passkeys.ts')).createBrowserPasskeys(),
    openStorage: openDexieStorage,
    deleteStorage: deleteDexieDatabase,
    openTabs: createBroadcastTabChannel,
    openSync: (parts) =>
      createLazySync(parts.store, async () => {
        const [{ openBrowserSync }] = await Promise.all([import('./open-browser-sync.ts'), parts.ready]);
        return openBrowserSync(parts, { live, openPullWorker });
      }),
  };
}
