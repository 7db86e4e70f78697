import { expect, test } from 'bun:test';
import { ZERO_STAMP } from '#base/hybrid-clock.ts';
import { notes } from '#modules/notes/notes.ts';
import { tasks } from '#modules/todo/todo.ts';
import { addRecord, openTestStore } from '#testing/open-test-store.ts';
import { createMemoryDisk } from './memory-storage.ts';

const seedId = '01890000-0000-8000-8000-000000000002';
const seed = { id: seedId, table: 'notes', values: { title: 'Welcome', body: 'sample' } };

test('every kind of change is undone as one step, and only once', async () => {
  const { store } = await openTestStore();
  const id = await addRecord(store, { title: 'one' });
  const other = await addRecord(store, { title: 'other' });
  const batch = await store.write([
    { kind: 'patch', table: 'tasks', id, values: { title: 'two', priority: 3 } },
    { kind: 'remove', table: 'tasks', id: other },
  ]);
  if (!batch.ok) throw new Error('the batch was written');
  expect((await store.undo(batch.value.id)).ok).toBe(true);
  expect(store.table(tasks).get(id)?.values).toMatchObject({ title: 'one', priority: 0 });
  expect(store.table(tasks).get(other)?.values.title).toBe('other');
  expect(await store.undo(batch.value.id)).toEqual({ ok: false, error: { code: 'NOTHING_TO_UNDO' } });
});

test('an undo after a restart works too, and leaves alone what was changed since', async () => {
  const { store, disk } = await openTestStore();
  const id = await addRecord(store, { title: 'one', notes: 'a' });
  const change = await store.write([{ kind: 'patch', table: 'tasks', id, values: { title: 'two', notes: 'b' } }]);
  await store.write([{ kind: 'patch', table: 'tasks', id, values: { notes: 'c' } }]);
  await store.close();
  const again = await openTestStore({ disk });
  if (change.ok) await again.store.undo(change.value.id);
  expect(again.store.table(tasks).get(id)?.values).toMatchObject({ title: 'one', notes: 'c' });
});

test('an undone change comes back by undoing the undo, whatever it was', async () => {
  const { store } = await openTestStore();
  const made = await store.write([{ kind: 'put', table: 'tasks', values: { title: 'one', notes: 'kept' } }]);
  const id = made.ok ? (made.value.recordIds[0] ?? '') : '';
  const undone = await store.undo(made.ok ? made.value.id : '');
  expect(store.table(tasks).get(id)).toBeUndefined();
  if (undone.ok) await store.undo(undone.value.id);
  expect(store.table(tasks).get(id)?.values).toMatchObject({ title: 'one', notes: 'kept' });
});

test('a thousand records that were made at once are taken back as one step, but for those that were deleted by hand since', async () => {
  const { store } = await openTestStore();
  const before = await addRecord(store, { title: 'mine' });
  const writes = Array.from({ length: 1_000 }, (_, index) => ({
    kind: 'put' as const,
    table: 'tasks',
    values: { title: `task ${index}` },
  }));
  const imported = await store.write(writes);
  if (!imported.ok) throw new Error('the tasks were written');
  await store.write([{ kind: 'remove', table: 'tasks', id: imported.value.recordIds[7] ?? '' }]);
  const undone = await store.undo(imported.value.id);
  expect(
    store
      .table(tasks)
      .all()
      .map(({ id }) => id),
  ).toEqual([before]);
  if (undone.ok) await store.undo(undone.value.id);
  expect(store.table(tasks).all()).toHaveLength(1_000);
});

test("an agent's action is undone by the person as one step", async () => {
  const { store } = await openTestStore();
  const id = await addRecord(store, { title: 'one', priority: 1 });
  const options = { actor: 'agent:01890000-0000-7000-8000-0000000000ff', origin: 'agent' as const };
  const action = await store.write(
    [
      { kind: 'patch', table: 'tasks', id, values: { title: 'two', priority: 3 } },
      { kind: 'put', table: 'tasks', values: { title: 'made by the agent' } },
    ],
    options,
  );
  if (action.ok) await store.undo(action.value.id);
  expect(
    store
      .table(tasks)
      .all()
      .map(({ values, stamps }) => [values.title, values.priority, stamps['title']?.origin]),
  ).toEqual([['one', 1, 'user']]);
});

test('seeds carry the zero stamp, wait for nobody, and exist once for any number of callers', async () => {
  const disk = createMemoryDisk();
  const [a, b] = [await openTestStore({ disk, seed: 1 }), await openTestStore({ disk, seed: 2 })];
  await Promise.all([a.store.seed([seed]), b.store.seed([seed]), a.store.seed([seed])]);
  expect(a.store.table(notes).all()).toHaveLength(1);
  expect(a.store.table(notes).get(seedId)).toMatchObject({ seed: true, pending: false, updatedAt: ZERO_STAMP });
  expect(a.store.pendingCount()).toBe(0);
});

test('twenty callers in four tabs seed at once, again and again: each seed exists once, and an edited one stays', async () => {
  const disk = createMemoryDisk();
  const seeds = Array.from({ length: 10 }, (_, index) => ({ ...seed, id: `01890000-0000-8000-8000-00000000001${index}` }));
  const tabs = await Promise.all([1, 2, 3, 4].map((tab) => openTestStore({ disk, seed: tab })));
  const seedAll = () => Promise.all(Array.from({ length: 20 }, (_, caller) => tabs[caller % 4]?.store.seed(seeds.slice(caller % 3))));
  await seedAll();
  const [first] = tabs;
  await first?.store.write([{ kind: 'patch', table: 'notes', id: seeds[4]?.id ?? '', values: { title: 'Mine' } }]);
  await seedAll();
  expect([disk.tables.records.size, disk.tables.outbox.size]).toEqual([10, 1]);
  const again = await openTestStore({ disk, seed: 5 });
  const shown = again.store.table(notes).all();
  expect(shown.filter((record) => record.seed)).toHaveLength(9);
  expect(again.store.table(notes).get(seeds[4]?.id ?? '')?.values.title).toBe('Mine');
});

test('the first edit of a seed carries the whole record, untouched fields at the zero stamp', async () => {
  const { store } = await openTestStore();
  await store.seed([seed]);
  await store.write([{ kind: 'patch', table: 'notes', id: seedId, values: { title: 'Mine' } }]);
  const waiting = await store.waiting(10);
  const fields = waiting.ok ? (waiting.value[0]?.state.pending[0]?.fields ?? {}) : {};
  expect(Object.keys(fields).toSorted()).toEqual(['body', 'pinned', 'tags', 'title']);
  expect([fields['body']?.at, fields['body']?.origin, fields['title']?.origin]).toEqual([ZERO_STAMP, 'system', 'user']);
  await store.seed([seed]);
  expect(store.table(notes).get(seedId)?.values.title).toBe('Mine');
});

test('dropping untouched seeds leaves edited ones, and shows none that are gone', async () => {
  const { store } = await openTestStore();
  const second = { ...seed, id: '01890000-0000-8000-8000-000000000003' };
  await store.seed([seed, second]);
  await store.write([{ kind: 'patch', table: 'notes', id: second.id, values: { title: 'Mine' } }]);
  await store.dropUntouchedSeeds();
  expect(
    store
      .table(notes)
      .all()
      .map(({ id }) => id),
  ).toEqual([second.id]);
});
