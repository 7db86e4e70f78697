import { describe, expect, test } from 'bun:test';
import 'fake-indexeddb/auto';
import { openDeviceVault, type DeviceVault } from './device-vault.ts';
import { createMemoryDeviceVault } from './memory-device-vault.ts';

const adapters: readonly (readonly [string, () => DeviceVault])[] = [
  ['in IndexedDB', () => openDeviceVault(`vault-${crypto.randomUUID()}`)],
  ['in memory', createMemoryDeviceVault],
];

for (const [where, open] of adapters) {
  describe(`a device's memory ${where}`, () => {
    test('begins empty, with keys that never leave it and stay the same for all who ask at once', async () => {
      const vault = open();
      const [first, second] = await Promise.all([vault.read(), vault.read()]);
      expect(first).toMatchObject({ version: 1, current: null, accounts: {}, guest: null, moves: {} });
      expect([first.keys.sealing.extractable, first.keys.mac.extractable]).toEqual([false, false]);
      const iv = new Uint8Array(12);
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, first.keys.sealing, new Uint8Array([7]));
      for (const { keys } of [second, await vault.read()]) {
        const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, keys.sealing, sealed);
        expect(new Uint8Array(opened)).toEqual(new Uint8Array([7]));
      }
    });

    test('loses no change of two that come at once', async () => {
      const vault = open();
      const add = (id: string) => vault.update((state) => ({ ...state, moves: { ...state.moves, [id]: [] } }));
      await Promise.all(['a', 'b', 'c'].map(add));
      expect(Object.keys((await vault.read()).moves).toSorted()).toEqual(['a', 'b', 'c']);
    });
  });
}
