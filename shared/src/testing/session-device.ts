import { systemClock, type Clock } from '#base/clock.ts';
import { systemRandom } from '#base/random.ts';
import { ok } from '#base/result.ts';
import type { DeviceWrap } from '#crypto/device-wraps.ts';
import { allTableSchemas } from '#modules/all-modules.ts';
import { createAccessTokens } from '#session/access-tokens.ts';
import { createSession, type ExtensionSession } from '#session/create-session.ts';
import type { DeviceVault } from '#session/device-vault.ts';
import { withHeldCopies, type CopyMemory } from '#session/held-copies.ts';
import { createLocalSync } from '#session/local-sync.ts';
import { createMemoryDeviceVault } from '#session/memory-device-vault.ts';
import type { SessionPlatform, SyncParts } from '#session/platform.ts';
import type { Browser } from './account-server.ts';
import { createMemoryStorage } from '#store/memory-storage.ts';
import type { Storage } from '#store/storage.ts';

/** A device of a test: its memory outlives its tabs. */
export interface SessionDevice {
  /** The device's memory as it lies on its disk. */
  readonly vault: DeviceVault;
  readonly databases: ReadonlyMap<string, Storage>;
  /** What was given to sync, newest last. */
  readonly synced: readonly SyncParts[];
  readonly warnings: readonly string[];
  /** Every tab is closed: what was in their memory is gone. */
  closeAll(): void;
  /** Opens a tab: a session of its own over the device's memory. */
  openTab(client?: 'web' | 'extension'): ExtensionSession;
}

/** A memory database that survives `close`, as one on a disk does. */
const keepOpen = (storage: Storage): Storage => ({
  transaction: (...call) => storage.transaction(...call),
  close: () => Promise.resolve(),
});

/** A device in front of a server. `wrap` may put faults into its platform. */
export function createSessionDevice(
  browser: Browser,
  wrap: (platform: SessionPlatform) => SessionPlatform = (same) => same,
  clock: Clock = systemClock,
): SessionDevice {
  const vault = createMemoryDeviceVault();
  let copies: Readonly<Record<string, DeviceWrap>> = {};
  const memory: CopyMemory = {
    read: () => Promise.resolve(copies),
    write: (next) => Promise.resolve(void (copies = next)),
  };
  const databases = new Map<string, Storage>();
  const synced: SyncParts[] = [];
  const warnings: string[] = [];
  const lines: (() => void)[] = [];
  const exclusive = createExclusive();
  const openTab: SessionDevice['openTab'] = (client = 'web') => {
    const own: (() => void)[] = [];
    const platform: SessionPlatform = {
      vault: withHeldCopies(vault, memory),
      exclusive,
      loadPasskeys: undefined,
      line: {
        post: () => lines.filter((listener) => !own.includes(listener)).forEach((listener) => queueMicrotask(listener)),
        listen: (listener) => {
          own.push(listener);
          lines.push(listener);
        },
      },
      openStorage: (name) => {
        const storage = databases.get(name) ?? createMemoryStorage();
        databases.set(name, storage);
        return Promise.resolve(ok(keepOpen(storage)));
      },
      deleteStorage: (name) => Promise.resolve(void databases.delete(name)),
      openTabs: () => undefined,
      openSync: (parts) => {
        synced.push(parts);
        return createLocalSync(parts.store);
      },
    };
    return createSession({
      baseUrl: '',
      client,
      clock,
      random: systemRandom,
      fetch: browser.fetch,
      tables: allTableSchemas,
      platform: wrap(platform),
      ...(client === 'extension' ? { openTokens: createAccessTokens } : {}),
      warn: (code) => warnings.push(code),
    });
  };
  const closeAll = (): void => {
    copies = {};
    lines.length = 0;
  };
  return { vault, databases, synced, warnings, closeAll, openTab };
}

function createExclusive(): SessionPlatform['exclusive'] {
  const last = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const running = (last.get(name) ?? Promise.resolve()).then(work);
    last.set(
      name,
      running.catch(() => undefined),
    );
    return running;
  };
}
