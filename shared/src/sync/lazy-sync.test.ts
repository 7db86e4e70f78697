import { expect, test } from 'bun:test';
import { createLazySync } from './lazy-sync.ts';
import type { Sync, SyncStatus } from './status.ts';

const synced: SyncStatus = {
  state: 'synced',
  unsent: 0,
  quarantined: 0,
  differs: false,
  clockOffMs: 0,
  live: true,
  downloadLeft: 0,
  downloadDone: 0,
  downloadPaused: false,
  resealing: null,
  lastSyncedAt: null,
};

function fakeStore(unsent = 2) {
  const listeners = new Set<() => void>();
  return {
    edit: () => listeners.forEach((listener) => listener()),
    listeners,
    pendingCount: () => unsent,
    place: () => ({ lastSyncedAt: '2026-11-25T10:00:00.000Z' }) as never,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function fakeSync() {
  const calls: string[] = [];
  const sync: Sync = {
    status: () => synced,
    subscribe: () => () => undefined,
    syncNow: async () => void calls.push('now'),
    pauseDownload: (isPaused) => void calls.push(isPaused ? 'pause' : 'go on'),
    stop: async () => void calls.push('stop'),
  };
  return { sync, calls };
}

test('before the machinery is here the outbox is told, afterwards what it says', async () => {
  const { sync, calls } = fakeSync();
  const lazy = createLazySync(fakeStore(), () => Promise.resolve(sync));
  expect(lazy.status()).toMatchObject({ state: 'sending', unsent: 2, lastSyncedAt: '2026-11-25T10:00:00.000Z' });
  let told = 0;
  lazy.subscribe(() => told++);
  await lazy.syncNow();
  expect(lazy.status()).toEqual(synced);
  expect(told).toBeGreaterThan(0);
  expect(calls).toEqual(['now']);
});

test('machinery that cannot be fetched is told as offline, and the next edit tries again', async () => {
  const { sync } = fakeSync();
  const store = fakeStore();
  let tries = 0;
  const lazy = createLazySync(store, () => (++tries === 1 ? Promise.reject(new TypeError('no network')) : Promise.resolve(sync)));
  await lazy.syncNow();
  // `syncNow` found the first try under way; it failed.
  expect(lazy.status().state).toBe('offline');
  store.edit();
  await lazy.syncNow();
  expect([lazy.status().state, tries, store.listeners.size]).toEqual(['synced', 2, 0]);
});

test('a sync that was stopped while it was fetched never runs', async () => {
  const { sync, calls } = fakeSync();
  const lazy = createLazySync(fakeStore(), () => Promise.resolve(sync));
  await lazy.stop();
  await lazy.syncNow();
  expect(calls).toEqual(['stop']);
});
