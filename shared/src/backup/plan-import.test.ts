import { describe, expect, test } from 'bun:test';
import { derivedId } from '#base/derived-id.ts';
import { ok } from '#base/result.ts';
import { newNote } from '#modules/notes/note-rules.ts';
import { newTask } from '#modules/todo/task-rules.ts';
import type { OpenRecord, Store, TableView, Write, WriteOptions } from '#store/store.ts';
import { createFakeView } from '#testing/fake-view.ts';
import type { DraftEntry, ImportDraft } from './import-draft.ts';
import { applyImport, planImport } from './plan-import.ts';

/** As much of a store as an import touches; ids depend on the account, as the real ones do. */
function createRecords(account: string) {
  const records = new Map<string, OpenRecord>();
  const written: { writes: readonly Write[]; options: WriteOptions | undefined }[] = [];
  const view = (table: string): TableView<OpenRecord['values']> => {
    const of = (deleted: boolean) =>
      [...records.values()].filter((record) => record.table === table && (record.deletedAt !== null) === deleted);
    return { ...createFakeView(), all: () => of(false), bin: () => of(true), get: (id) => records.get(id) };
  };
  const put = (table: string, id: string, { values, deletedAt }: { values: object; deletedAt: string | null }) =>
    records.set(id, {
      id,
      space: 's',
      table,
      values: values as OpenRecord['values'],
      stamps: {},
      createdAt: '',
      deletedAt,
      updatedAt: '',
      pending: false,
      seed: false,
    });
  const add = (table: string, id: string, values: object) => put(table, id, { values, deletedAt: null });
  const store = {
    homeSpace: 's',
    table: ({ name }: { name: string }) => view(name),
    whenComplete: () => Promise.resolve(),
    privateId: (...parts: string[]) => Promise.resolve(derivedId(account, ...parts)),
    write: (writes: readonly Write[], options?: WriteOptions) => {
      written.push({ writes, options });
      for (const write of writes) {
        const known = records.get(write.id ?? '');
        add(write.table, write.id ?? '', 'values' in write ? write.values : (known?.values ?? {}));
      }
      return Promise.resolve(ok({ id: 'change', recordIds: writes.map((write) => write.id ?? '') }));
    },
  } as unknown as Store;
  return { store, records, written, add, put };
}

const list: DraftEntry = { table: 'taskLists', key: ['todoist', 'P'], values: { name: 'P' } };
const parent: DraftEntry = { table: 'tasks', key: ['todoist', 'P', 'A'], list: list.key, values: newTask({ title: 'A' }) };
const child: DraftEntry = {
  table: 'tasks',
  key: ['todoist', 'P', 'A', 'B'],
  list: list.key,
  parent: parent.key,
  values: newTask({ title: 'B' }),
};
const note: DraftEntry = {
  table: 'notes',
  key: ['markdown', 'a.md'],
  createdAt: '2024-05-01T00:00:00.000Z',
  values: newNote({ title: 'N' }),
};
const draft: ImportDraft = { entries: [list, parent, child, note], refused: [], warnings: [] };

describe('an import', () => {
  test('is one change of origin migration, with references in place', async () => {
    const { store, records, written } = createRecords('a');
    await applyImport(await planImport(draft, store), store);
    expect(written).toHaveLength(1);
    expect(written[0]?.options).toEqual({ origin: 'migration' });
    const by = (title: string) =>
      [...records.values()].find((record) => record.values['title'] === title || record.values['name'] === title);
    expect(by('B')?.values).toMatchObject({ listId: by('P')?.id ?? '', parentId: by('A')?.id ?? '' });
    expect(by('N')?.values).toMatchObject({ createdAt: '2024-05-01T00:00:00.000Z' });
  });

  test('that is repeated makes nothing new, also after its records were edited', async () => {
    const { store, add } = createRecords('a');
    const first = await planImport(draft, store);
    expect(first.counts).toEqual({
      tasks: { new: 2, there: 0, restored: 0 },
      taskLists: { new: 1, there: 0, restored: 0 },
      notes: { new: 1, there: 0, restored: 0 },
    });
    await applyImport(first, store);
    add('notes', first.writes[3]?.id ?? '', newNote({ title: 'umbenannt' }));
    const second = await planImport(draft, store);
    expect(second.writes).toEqual([]);
    expect(second.counts.tasks).toEqual({ new: 0, there: 2, restored: 0 });
  });

  test('finds what a guest had imported before the account was made', async () => {
    const guest = createRecords('guest');
    await applyImport(await planImport(draft, guest.store), guest.store);
    const account = createRecords('account');
    for (const record of guest.records.values()) account.add(record.table, record.id, record.values);
    expect((await planImport(draft, account.store)).writes).toEqual([]);
  });

  test('puts tasks into a list of the same name that is already there', async () => {
    const { store, add } = createRecords('a');
    add('taskLists', 'mine', { name: 'P', order: 'a0' });
    const plan = await planImport(draft, store);
    expect(plan.counts.taskLists).toEqual({ new: 0, there: 1, restored: 0 });
    expect(plan.writes.find((write) => write.table === 'tasks')).toMatchObject({ values: { listId: 'mine' } });
  });

  test('comes behind what is there, in its own order', async () => {
    const { store, add } = createRecords('a');
    add('tasks', 'mine', newTask({ title: 'mine', order: 'a5' }));
    const plan = await planImport(draft, store);
    const orders = plan.writes.flatMap((write) => (write.kind === 'put' && write.table === 'tasks' ? [String(write.values['order'])] : []));
    expect(['a5', ...orders]).toEqual(['a5', ...orders].toSorted());
    expect(new Set(orders).size).toBe(2);
  });

  test('takes records back out of the bin', async () => {
    const { store, records, put } = createRecords('a');
    await applyImport(await planImport(draft, store), store);
    const gone = [...records.values()].find((record) => record.table === 'notes');
    put('notes', gone?.id ?? '', { values: gone?.values ?? {}, deletedAt: '2026-11-25T09:00:00.000Z' });
    const plan = await planImport(draft, store);
    expect(plan.counts.notes).toEqual({ new: 0, there: 0, restored: 1 });
    expect(plan.writes).toEqual([{ kind: 'restore', table: 'notes', id: gone?.id ?? '' }]);
  });
});
