import { expect, test } from 'bun:test';
import { tasks } from '#modules/todo/todo.ts';
import { addRecord, openTestStore } from '#testing/open-test-store.ts';
import { createMemoryDisk, createMemoryStorage } from './memory-storage.ts';
import { moveWrites } from './moved-records.ts';
import type { Store } from './store.ts';
import type { Storage } from './storage.ts';

const family = '01890000-0000-7000-8000-0000000000fa';

async function openWithFamily(...options: Parameters<typeof openTestStore>) {
  const { store, disk } = await openTestStore(...options);
  await store.whenComplete(tasks, family);
  return { store, disk };
}

const titles = (store: Store, space?: string): string[] =>
  store
    .table(tasks, space)
    .all()
    .map(({ values }) => values.title)
    .toSorted();

function recordsOf(store: Store, ids: readonly string[]) {
  return ids.map((id) => {
    const record = store.table(tasks).get(id);
    if (!record) throw new Error('The record is here');
    return { record };
  });
}

test('a moved record is in the other space whole, under its id and with its first day, and here it lies in the bin', async () => {
  const { store } = await openWithFamily();
  const id = await addRecord(store, { title: 'Brot', notes: 'dunkles', tags: ['markt'], listId: '01890000-0000-7000-8000-000000000001' });
  const [before] = recordsOf(store, [id]);
  if (!before) throw new Error('It is there');
  const moved = await store.write(moveWrites([{ ...before, instead: { listId: null } }], family));
  if (!moved.ok) throw new Error(moved.error.code);
  expect(store.table(tasks, family).get(id)).toMatchObject({
    space: family,
    createdAt: before.record.createdAt,
    values: { ...before.record.values, listId: null },
  });
  expect([
    titles(store),
    store
      .table(tasks)
      .bin()
      .map((record) => record.id),
  ]).toEqual([[], [id]]);
});

test('moving many is one step back, also after a restart, and moving again brings the same record home', async () => {
  const { store, disk } = await openWithFamily();
  const ids = [await addRecord(store, { title: 'one' }), await addRecord(store, { title: 'two' })];
  const moved = await store.write(moveWrites(recordsOf(store, ids), family));
  if (!moved.ok) throw new Error(moved.error.code);
  expect([titles(store), titles(store, family)]).toEqual([[], ['one', 'two']]);
  await store.close();
  const { store: again } = await openWithFamily({ disk });
  const undone = await again.undo(moved.value.id);
  expect([undone.ok, titles(again), titles(again, family)]).toEqual([true, ['one', 'two'], []]);
  const [there] = recordsOf(again, ids.slice(0, 1));
  if (there) await again.write(moveWrites([there], family));
  const back = again.table(tasks, family).get(ids[0] ?? '');
  if (back) await again.write(moveWrites([{ record: back, instead: { title: 'one, back' } }], again.homeSpace));
  expect([titles(again), titles(again, family)]).toEqual([['one, back', 'two'], []]);
});

test('what is written there leaves before what is deleted here, whatever the order of their names', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { store: earlier, disk } = await openTestStore({ seed, skewMs: -60_000 });
    const ids = [await addRecord(earlier, { title: 'one' }), await addRecord(earlier, { title: 'two' })];
    await earlier.close();
    const { store } = await openWithFamily({ disk });
    await store.write(moveWrites(recordsOf(store, ids), family));
    const waiting = await store.waiting(10);
    if (!waiting.ok) throw new Error(waiting.error);
    // The records were never sent: here the making and the deleting wait together, in the place of the making.
    const deletions = waiting.value.flatMap(({ state }) =>
      state.pending.filter(({ fields }) => fields['deletedAt']).map(({ fields }) => fields['deletedAt']?.at ?? ''),
    );
    const writings = waiting.value.flatMap(({ state }) =>
      state.space === family ? state.pending.map(({ fields }) => fields['title']?.at ?? '') : [],
    );
    expect([deletions.length, writings.length]).toEqual([2, 2]);
    const [firstDeletion, lastWriting] = [deletions.toSorted()[0] ?? '', writings.toSorted().at(-1) ?? ''];
    expect([seed, firstDeletion > lastWriting]).toEqual([seed, true]);
  }
});

test('a move that the device did not live to finish has not begun: the record is where it was', async () => {
  const disk = createMemoryDisk();
  const whole = createMemoryStorage(disk);
  let dies = false;
  const storage: Storage = {
    ...whole,
    transaction: (mode, names, work) =>
      whole.transaction(mode, names, async (tx) => {
        const done = await work(tx);
        if (dies && mode === 'write') throw new Error('The tab was killed');
        return done;
      }),
  };
  const { store } = await openWithFamily({ storage, disk });
  const id = await addRecord(store, { title: 'Brot' });
  dies = true;
  const move = store.write(moveWrites(recordsOf(store, [id]), family));
  expect(
    await move.then(
      () => 'written',
      () => 'killed',
    ),
  ).toBe('killed');
  const { store: again } = await openWithFamily({ disk });
  expect([titles(again), titles(again, family)]).toEqual([['Brot'], []]);
});
