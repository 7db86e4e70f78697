import type { OutboxStore } from '#store/outbox-store.ts';
import { copyMemoryDisk, createMemoryDisk, createMemoryStorage, type MemoryDisk } from '#store/memory-storage.ts';
import { openStore } from '#store/open-store.ts';
import type { Storage } from '#store/storage.ts';
import type { TabChannel, TabMessage } from '#store/tab-channel.ts';
import type { Table } from '#modules/define-module.ts';
import type { Keyring } from '#crypto/keyring.ts';
import { createInlineDesk } from './inline-desk.ts';
import { createSync } from '#sync/create-sync.ts';
import type { PullDesk } from '#sync/pull-desk.ts';
import { createFieldOpener, type FieldSealing } from '#sync/seal-ops.ts';
import type { Sync } from '#sync/status.ts';
import type { SyncEnvironment } from '#sync/sync-environment.ts';
import { createFakeClock, type FakeClock, type FakeTime } from './fake-clock.ts';
import { fakeFieldSealing, fakeLocalSealing } from './fake-sealing.ts';
import type { HostileNetwork } from './hostile-network.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What simulated devices share. */
export interface DeviceWorld {
  readonly time: FakeTime;
  readonly network: HostileNetwork;
  readonly random: SeededRandom;
  readonly keyring: Keyring;
  readonly self: string;
  readonly space: string;
  readonly tables: readonly Table[];
  readonly warn: (code: string) => void;
  /** By default the fast fake. */
  readonly sealing?: WorldSealing;
  /** Records left from which a first download goes through a desk; by default all that it leaves behind its first page. */
  readonly deskFromLeft?: number;
  /** How a device asks for newer keys; by default there are none. */
  readonly refreshKeys?: () => Promise<void>;
}

/** How a world seals. */
export interface WorldSealing {
  readonly local: typeof fakeLocalSealing;
  readonly field: FieldSealing;
}

const fakeSealing: WorldSealing = { local: fakeLocalSealing, field: fakeFieldSealing };

/** A tab: a store and its sync, all of whose memory dies with it. */
export interface Tab {
  readonly store: OutboxStore;
  readonly sync: Sync;
  /** Dies at once: nothing that was not written survives. */
  kill(): void;
  isAlive(): boolean;
}

/** A device: one disk, one clock, any number of tabs. */
export interface SimulatedDevice {
  readonly clock: FakeClock;
  readonly tabs: Tab[];
  online: boolean;
  /** The next tab that runs this many further transactions dies there: before the last one is written, or right after. */
  doom: { transactions: number; afterWrite: boolean } | undefined;
  /** A copy of what is stored. */
  copyDisk(): MemoryDisk;
  /** Every tab dies, and the device goes on with a copy of another disk. */
  replaceDisk(disk: MemoryDisk): void;
  openTab(): Promise<Tab>;
  killTab(index: number): void;
  /** The network came back, or the person did. */
  wake(): void;
}

interface Leader {
  readonly isAlive: () => boolean;
  readonly start: () => void;
}

/** Makes a device with an empty disk. */
export function createSimulatedDevice(world: DeviceWorld): SimulatedDevice {
  let disk: MemoryDisk = createMemoryDisk();
  const clock = createFakeClock(world.time);
  const waiting: Leader[] = [];
  let leader: Leader | undefined;
  const wakers = new Set<() => void>();
  const channels = new Map<number, (message: TabMessage) => void>();
  let nextTab = 0;

  const elect = (): void => {
    if (leader?.isAlive()) return;
    leader = waiting.shift();
    while (leader && !leader.isAlive()) leader = waiting.shift();
    leader?.start();
  };

  const device: SimulatedDevice = {
    clock,
    tabs: [],
    online: true,
    doom: undefined,
    copyDisk: () => copyMemoryDisk(disk),
    replaceDisk(other) {
      for (const tab of [...device.tabs]) tab.kill();
      disk = copyMemoryDisk(other);
    },
    async openTab() {
      let alive = true;
      const isAlive = (): boolean => alive;
      const tabDisk = disk;
      /** A storage and a line to the other stores of this device, which live as long as the tab does. */
      const openLine = (): { storage: Storage; tabs: TabChannel } => {
        const number = nextTab++;
        return {
          storage: mortalStorage(device, createMemoryStorage(tabDisk), () => kill()),
          tabs: {
            post: (message) => channels.forEach((listener, other) => other !== number && queueMicrotask(() => listener(message))),
            listen: (listener) => channels.set(number, (message) => alive && listener(message)),
            close: () => channels.delete(number),
          },
        };
      };
      const line = openLine();
      const lines = [line];
      const environment: SyncEnvironment = {
        isOnline: () => device.online,
        onWake(listener) {
          wakers.add(listener);
          return () => void wakers.delete(listener);
        },
        lead(run) {
          const ended = new AbortController();
          waiting.push({ isAlive, start: () => void run(ended.signal) });
          elect();
          return () => ended.abort();
        },
        after: (delayMs, run) => world.time.after(delayMs, () => alive && run()),
      };
      const kill = (): void => {
        alive = false;
        for (const each of lines) {
          void each.storage.close();
          each.tabs.close();
        }
        device.tabs.splice(0, device.tabs.length, ...device.tabs.filter((tab) => tab.isAlive()));
        elect();
      };
      const { keyring, random, self, space, tables, warn } = world;
      const sealing = world.sealing ?? fakeSealing;
      const openOn = (parts: { storage: Storage; tabs: TabChannel }) =>
        openStore({
          ...parts,
          keyring,
          clock,
          random,
          self,
          homeSpace: space,
          tables,
          warn,
          sealing: sealing.local,
          pause: async () => undefined,
        });
      const opened = await openOn(line);
      if (!opened.ok || !alive) throw new Error('The tab died while it opened');
      const transport = world.network.transport({ isUp: () => alive && device.online });
      const store = opened.value;
      const parts = { keyring, transport, clock, random, warn };
      const openDesk = (): PullDesk => {
        const deskLine = openLine();
        lines.push(deskLine);
        const openIt = async (): Promise<OutboxStore> => {
          const desk = await openOn(deskLine);
          // A tab that is dead does nothing more.
          return desk.ok ? desk.value : new Promise(() => undefined);
        };
        const deskParts = { ...parts, refreshKeys: world.refreshKeys ?? (async () => undefined), sealing: sealing.field };
        return createInlineDesk(openIt, { ...deskParts, open: createFieldOpener(keyring, sealing.field) });
      };
      const sync = createSync({
        ...parts,
        store,
        environment,
        refreshKeys: world.refreshKeys,
        sealing: sealing.field,
        desks: { open: openDesk, fromLeft: world.deskFromLeft ?? 1 },
      });
      const tab: Tab = { store, sync, kill, isAlive };
      if (alive) device.tabs.push(tab);
      return tab;
    },
    killTab: (index) => device.tabs[index]?.kill(),
    wake: () => wakers.forEach((wake) => wake()),
  };
  return device;
}

/** A storage whose tab dies at a transaction that the device's doom chose. */
function mortalStorage(device: SimulatedDevice, storage: Storage, die: () => void): Storage {
  return {
    close: storage.close,
    async transaction(mode, tables, work) {
      const { doom } = device;
      if (!doom || doom.transactions-- > 0) return storage.transaction(mode, tables, work);
      device.doom = undefined;
      if (!doom.afterWrite) {
        die();
        return storage.transaction(mode, tables, work);
      }
      const result = await storage.transaction(mode, tables, work);
      die();
      return result.ok ? new Promise(() => undefined) : result;
    },
  };
}
