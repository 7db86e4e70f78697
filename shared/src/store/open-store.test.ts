import { expect, test } from 'bun:test';
import { bytesToText } from '#base/bytes.ts';
import { stampMs, type Stamp } from '#base/hybrid-clock.ts';
import { notes } from '#modules/notes/notes.ts';
import { tasks } from '#modules/todo/todo.ts';
import { addRecord, openTestStore, storeSelf, storeSpace } from '#testing/open-test-store.ts';
import { createMemoryDisk, createMemoryStorage } from './memory-storage.ts';
import type { Storage } from './storage.ts';
import type { TabChannel, TabMessage } from './tab-channel.ts';

test('a write is shown, waits for the server, and is there after a restart', async () => {
  const { store, disk } = await openTestStore();
  const id = await addRecord(store, { title: '  Buy milk ' });
  const shown = store.table(tasks).get(id);
  expect(shown).toMatchObject({ values: { title: 'Buy milk', priority: 0, listId: null }, pending: true, seed: false, deletedAt: null });
  expect(shown?.stamps['title']).toMatchObject({ actor: storeSelf, origin: 'user' });
  await store.close();
  const again = await openTestStore({ disk });
  expect(again.store.table(tasks).get(id)?.values.title).toBe('Buy milk');
  expect(again.store.pendingCount()).toBe(1);
});

test('an edit and its outbox row are written together: a storage that fails leaves neither', async () => {
  const disk = createMemoryDisk();
  const inner = createMemoryStorage(disk);
  let failing = false;
  const storage: Storage = {
    close: inner.close,
    transaction: (mode, tables, work) =>
      inner.transaction(mode, tables, async (tx) => {
        const value = await work(tx);
        if (failing && mode === 'write') throw new Error('the tab died here');
        return value;
      }),
  };
  const { store } = await openTestStore({ disk, storage });
  failing = true;
  await expect(store.write([{ kind: 'put', table: 'tasks', values: { title: 'lost' } }])).rejects.toThrow('the tab died here');
  expect([disk.tables.records.size, disk.tables.outbox.size]).toEqual([0, 0]);
});

test('a full disk is a failure with a code, and nothing is shown that is not kept', async () => {
  const disk = createMemoryDisk();
  const inner = createMemoryStorage(disk);
  let full = false;
  const storage: Storage = {
    close: inner.close,
    transaction: (mode, tables, work) =>
      full && mode === 'write' ? Promise.resolve({ ok: false, error: 'QUOTA_EXCEEDED' }) : inner.transaction(mode, tables, work),
  };
  const { store } = await openTestStore({ storage });
  full = true;
  expect(await store.write([{ kind: 'put', table: 'tasks', values: { title: 'x' } }])).toEqual({
    ok: false,
    error: { code: 'QUOTA_EXCEEDED' },
  });
  expect(store.table(tasks).all()).toEqual([]);
});

test('nothing that was typed lies in the storage in the clear but what is declared structural', async () => {
  const { store, disk } = await openTestStore();
  await addRecord(store, { title: 'canary-title', notes: 'canary-notes' });
  await store.keepDraft('quick-add', 'canary-draft');
  const sealed = [...disk.tables.records.values(), ...disk.tables.outbox.values()].map(({ ...row }) =>
    JSON.stringify({ ...row, blob: undefined }),
  );
  expect(sealed.join()).not.toContain('canary');
  expect(await store.draft('quick-add')).toBe('canary-draft');
  await store.keepDraft('quick-add', '');
  expect(await store.draft('quick-add')).toBe('');
});

test('values that do not fit, unknown names and names in another case are refused, and change nothing', async () => {
  const { store } = await openTestStore();
  const failures = await Promise.all(
    [
      { title: '' },
      { title: 'x', priority: 9 },
      { title: 'x', Title: 'y' },
      { title: 'x', nonsense: 1 },
      {},
      { title: 'x', deletedAt: 'now' },
    ].map((values) => store.write([{ kind: 'put', table: 'tasks', values }])),
  );
  const paths = failures.map((failure) => (failure.ok || !('path' in failure.error) ? '' : `${failure.error.code} ${failure.error.path}`));
  expect(paths).toEqual(['title', 'priority', 'Title', 'nonsense', 'title', 'deletedAt'].map((path) => `INVALID_VALUE ${path}`));
  expect(store.pendingCount()).toBe(0);
});

test('a field that no push could carry is refused with its name', async () => {
  const { store } = await openTestStore();
  const result = await store.write([{ kind: 'put', table: 'notes', values: { title: 'long', body: 'x'.repeat(400_000) } }]);
  expect(result).toEqual({ ok: false, error: { code: 'FIELD_TOO_LARGE', path: 'body' } });
});

test('an edit that changes nothing makes no operation', async () => {
  const { store } = await openTestStore();
  const id = await addRecord(store, { title: 'same' });
  const before = store.table(tasks).get(id);
  await store.write([{ kind: 'patch', table: 'tasks', id, values: { title: 'same' } }]);
  expect(store.table(tasks).get(id)).toBe(before);
});

test('unsent edits of one record join into one operation; a deletion stays apart', async () => {
  const { store } = await openTestStore();
  const id = await addRecord(store, { title: 'one' });
  await store.write([{ kind: 'patch', table: 'tasks', id, values: { title: 'two' } }]);
  await store.write([{ kind: 'patch', table: 'tasks', id, values: { notes: 'three' } }]);
  expect(store.pendingCount()).toBe(1);
  await store.write([{ kind: 'remove', table: 'tasks', id }]);
  expect(store.pendingCount()).toBe(2);
});

test('a deleted record lies in the bin, refuses edits, and comes back whole', async () => {
  const { store } = await openTestStore();
  const id = await addRecord(store, { title: 'one', notes: 'kept' });
  await store.write([{ kind: 'remove', table: 'tasks', id }]);
  expect([store.table(tasks).all().length, store.table(tasks).bin()[0]?.values.notes]).toEqual([0, 'kept']);
  expect(await store.write([{ kind: 'patch', table: 'tasks', id, values: { title: 'x' } }])).toEqual({
    ok: false,
    error: { code: 'NO_SUCH_RECORD' },
  });
  const removedAt = store.table(tasks).bin()[0]?.updatedAt ?? '';
  await store.write([{ kind: 'restore', table: 'tasks', id }]);
  const restored = store.table(tasks).get(id);
  expect(restored?.values.notes).toBe('kept');
  for (const stamp of Object.values(restored?.stamps ?? {})) expect(stamp.at > removedAt).toBe(true);
});

test('a stamp is above every stamp of its record, also when the clock runs backwards', async () => {
  const disk = createMemoryDisk();
  const first = await openTestStore({ disk, skewMs: 315_360_000_000 });
  const id = await addRecord(first.store, { title: 'from the future' });
  const at = first.store.table(tasks).get(id)?.updatedAt ?? '';
  await first.store.close();
  const second = await openTestStore({ disk });
  await second.store.write([{ kind: 'patch', table: 'tasks', id, values: { title: 'now' } }]);
  expect((second.store.table(tasks).get(id)?.updatedAt ?? '') > at).toBe(true);
});

test('two tabs that write one record at once both prevail, in an order, and each shows the end', async () => {
  const disk = createMemoryDisk();
  const listeners: ((message: TabMessage) => void)[] = [];
  const channel = (own: number): TabChannel => ({
    post: (message) => listeners.forEach((listener, index) => index !== own && queueMicrotask(() => listener(message))),
    listen: (listener) => void (listeners[own] = listener),
    close: () => undefined,
  });
  const [a, b] = [await openTestStore({ disk, tabs: channel(0), seed: 1 }), await openTestStore({ disk, tabs: channel(1), seed: 2 })];
  const id = await addRecord(a.store, { title: 'one' });
  await Promise.all([
    a.store.write([{ kind: 'patch', table: 'tasks', id, values: { title: 'from a' } }]),
    b.store.write([{ kind: 'patch', table: 'tasks', id, values: { notes: 'from b' } }]),
  ]);
  await new Promise((resolve) => void setImmediate(resolve));
  for (const { store } of [a, b]) expect(store.table(tasks).get(id)?.values).toMatchObject({ title: 'from a', notes: 'from b' });
  expect([a.store.pendingCount(), b.store.pendingCount()]).toEqual([1, 1]);
});

test("another database's records are taken over once, with their stamps, as this person's", async () => {
  const guest = await openTestStore({ seed: 7 });
  const id = await addRecord(guest.store, { title: 'as a guest' });
  const gone = await addRecord(guest.store, { title: 'thrown away' });
  await guest.store.write([{ kind: 'remove', table: 'tasks', id: gone }]);
  const records = [...guest.store.table(tasks).all(), ...guest.store.table(tasks).bin()];
  const { store } = await openTestStore({ seed: 8 });
  await store.takeOver(records);
  await store.write([{ kind: 'patch', table: 'tasks', id, values: { title: 'edited since' } }]);
  await store.takeOver(records);
  expect(store.table(tasks).get(id)?.values.title).toBe('edited since');
  expect(store.table(tasks).get(id)?.stamps['notes']).toMatchObject({ at: records[0]?.stamps['notes']?.at ?? '', actor: storeSelf });
  expect(
    store
      .table(tasks)
      .bin()
      .map((record) => record.id),
  ).toEqual([gone]);
});

test('the time of a record is the greatest stamp of its fields, and the index never moves back', async () => {
  const { store, disk } = await openTestStore();
  const id = await addRecord(store, { title: 'one' });
  await store.write([{ kind: 'patch', table: 'tasks', id, values: { title: 'two' } }]);
  const shown = store.table(tasks).get(id);
  const row = [...disk.tables.records.values()][0] as { _updatedAtIndex: string } | undefined;
  expect(row?._updatedAtIndex).toBe(shown?.updatedAt ?? '');
  expect(stampMs((shown?.updatedAt ?? '') as Stamp)).toBeGreaterThan(0);
});

test('ten thousand records are written in one batch and read back newest first', async () => {
  const { store, disk } = await openTestStore();
  const writes = Array.from({ length: 10_000 }, (_, index) => ({
    kind: 'put' as const,
    table: 'notes',
    values: { title: `note ${index}` },
  }));
  expect((await store.write(writes)).ok).toBe(true);
  expect([store.table(notes).all().length, store.pendingCount()]).toEqual([10_000, 10_000]);
  await store.close();
  const again = await openTestStore({ disk });
  expect(again.store.table(notes).all()).toHaveLength(10_000);
}, 60_000);

test('a row that was changed on the disk is not shown, and is reported', async () => {
  const { store, disk } = await openTestStore();
  const id = await addRecord(store, { title: 'one' });
  const key = `${storeSpace}/tasks/${id}`;
  const row = disk.tables.records.get(key) as { blob: Uint8Array<ArrayBuffer> };
  expect(bytesToText(row.blob)).toContain('one');
  disk.tables.records.set(key, { ...row, blob: new Uint8Array([1, 2, 3]) } as never);
  await store.close();
  const again = await openTestStore({ disk });
  expect(again.store.table(tasks).all()).toEqual([]);
});
