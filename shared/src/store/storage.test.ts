import 'fake-indexeddb/auto';
import { expect, test } from 'bun:test';
import { deleteDexieDatabase, openDexieStorage } from './dexie-storage.ts';
import { createMemoryStorage } from './memory-storage.ts';
import { storageContract } from './storage.contract.ts';

let count = 0;
const openDexie = async (name = `storage-${count++}`) => {
  const opened = await openDexieStorage(name);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
};

storageContract('memory', async () => createMemoryStorage());
storageContract('dexie', openDexie);

const rawOpen = (name: string, version?: number): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('did not open'));
  });

test('a database of a newer app is left alone and named', async () => {
  const newer = await rawOpen('newer', 90);
  newer.close();
  expect(await openDexieStorage('newer')).toEqual({ ok: false, error: 'DATABASE_NEWER' });
  const after = await rawOpen('newer');
  expect([after.version, after.objectStoreNames.length]).toEqual([90, 0]);
  after.close();
});

test('rows survive closing and opening, and deleting removes them', async () => {
  const row = { key: 'k', at: '2020', blob: new Uint8Array([7]) };
  const first = await openDexie('kept');
  await first.transaction('write', ['drafts'], (tx) => tx.putMany('drafts', [row]));
  await first.close();
  const second = await openDexie('kept');
  const read = () => second.transaction('read', ['drafts'], (tx) => tx.getMany('drafts', ['k']));
  expect(await read()).toEqual({ ok: true, value: [row] });
  await second.close();
  await deleteDexieDatabase('kept');
  const third = await openDexie('kept');
  expect(await third.transaction('read', ['drafts'], (tx) => tx.getMany('drafts', ['k']))).toEqual({ ok: true, value: [undefined] });
  await third.close();
});

test('a lost connection is opened again and the transaction runs once more', async () => {
  const storage = await openDexie('lost');
  // Another connection that wants to upgrade makes this one close, as a browser does when its storage process restarts.
  const upgrade = await rawOpen('lost', 11).then(
    (db) => db,
    () => undefined,
  );
  upgrade?.close();
  await new Promise<void>((resolve) => {
    const request = indexedDB.deleteDatabase('lost');
    request.onsuccess = () => resolve();
  });
  const written = await storage.transaction('write', ['drafts'], (tx) =>
    tx.putMany('drafts', [{ key: 'k', at: '1', blob: new Uint8Array() }]),
  );
  expect(written).toEqual({ ok: true, value: undefined });
  await storage.close();
});
