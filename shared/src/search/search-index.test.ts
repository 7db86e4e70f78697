import { describe, expect, test } from 'bun:test';
import { notes } from '#modules/notes/notes.ts';
import { newNote, type Note } from '#modules/notes/note-rules.ts';
import { newTask, type Task } from '#modules/todo/task-rules.ts';
import { tasks } from '#modules/todo/todo.ts';
import type { Table } from '#modules/define-module.ts';
import type { Store } from '#store/store.ts';
import { createFakeView } from '#testing/fake-view.ts';
import { createSearchIndex } from './search-index.ts';

const nowMs = Date.parse('2026-11-25T09:00:00Z');
const clock = { nowMs: () => nowMs, monotonicMs: () => performance.now() };
const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** Tables in memory that a test changes. */
function createTables() {
  const views = { tasks: createFakeView(), notes: createFakeView() };
  const put = (
    table: 'tasks' | 'notes',
    id: string,
    { values, updatedAt = '2026-11-25T08:00:00.000Z' }: { values: Task | Note; updatedAt?: string | undefined },
  ) =>
    views[table].put({
      id,
      space: 's',
      table,
      values,
      stamps: {},
      createdAt: updatedAt,
      deletedAt: null,
      updatedAt,
      pending: false,
      seed: false,
    });
  return {
    store: { table: ({ name }: Table) => views[name as keyof typeof views] } as unknown as Pick<Store, 'table'>,
    task: (id: string, known: Partial<Task> & { title: string }, updatedAt?: string) =>
      put('tasks', id, { values: newTask(known), updatedAt }),
    note: (id: string, known: Partial<Note>, updatedAt?: string) => put('notes', id, { values: newNote(known), updatedAt }),
    remove: (table: Table, id: string) => views[table.name as keyof typeof views].drop(id),
  };
}

async function settle(index: ReturnType<typeof createSearchIndex>): Promise<void> {
  while (!index.complete) await pause();
}

async function open(fill: (tables: ReturnType<typeof createTables>) => void) {
  const held = createTables();
  fill(held);
  const index = createSearchIndex({ store: held.store, tables: [tasks, notes], clock, pause });
  await settle(index);
  return { ...held, index, find: (query: string) => index.search(query).map(({ record }) => record.id) };
}

describe('search', () => {
  test('finds tasks and notes by the beginning of a word, in any searchable field', async () => {
    const { find } = await open(({ task, note }) => {
      task('t1', { title: 'Steuererklärung' });
      task('t2', { title: 'Anrufen', notes: 'wegen der Steuer' });
      task('t3', { title: 'Einkaufen', tags: ['steuer'] });
      note('n1', { title: 'Bank', body: 'Belege für die Steuer' });
      note('n2', { title: 'Garten' });
    });
    expect(find('steu').toSorted()).toEqual(['n1', 't1', 't2', 't3']);
  });

  test('puts the title before tags, tags before the text', async () => {
    const { find } = await open(({ task }) => {
      task('notes', { title: 'Eins', notes: 'Urlaub' });
      task('tags', { title: 'Zwei', tags: ['urlaub'] });
      task('title', { title: 'Urlaub' });
    });
    expect(find('urlaub')).toEqual(['title', 'tags', 'notes']);
  });

  test('puts the fresh before the old where the words are alike', async () => {
    const { find } = await open(({ task }) => {
      task('old', { title: 'Bericht' }, '2025-01-01T08:00:00.000Z');
      task('fresh', { title: 'Bericht' });
    });
    expect(find('bericht')).toEqual(['fresh', 'old']);
  });

  test('takes umlauts in every spelling', async () => {
    const { find } = await open(({ task }) => {
      task('1', { title: 'Müller anrufen' });
      task('2', { title: 'Mueller schreiben' });
      task('3', { title: 'Straße kehren' });
    });
    for (const query of ['Müller', 'mueller', 'MULLER']) expect(find(query).toSorted()).toEqual(['1', '2']);
    expect(find('strasse')).toEqual(['3']);
    expect(find('muel').toSorted()).toEqual(['1', '2']);
  });

  test('forgives a typo, behind what matches exactly', async () => {
    const { find } = await open(({ task }) => {
      task('1', { title: 'Zahnarzt' });
      task('2', { title: 'Zahnartz' });
    });
    expect(find('Zahnarzt')).toEqual(['1', '2']);
    expect(find('Zanarzt')).toContain('1');
  });

  test('wants every word', async () => {
    const { find } = await open(({ task }) => {
      task('1', { title: 'Brot und Milch' });
      task('2', { title: 'Brot' });
    });
    expect(find('brot milch')).toEqual(['1']);
  });

  test('takes one of the words rather than finding nothing', async () => {
    const { find } = await open(({ task }) => task('1', { title: 'Brot' }));
    expect(find('brot kaviar')).toEqual(['1']);
  });

  test('reads words that are almost everywhere only when nothing rarer was typed', async () => {
    const { find } = await open(({ task, note }) => {
      for (let id = 0; id < 200; id++) task(`t${String(id)}`, { title: `und ${'und '.repeat(30)}` });
      note('n', { title: 'Salz und Pfeffer' });
    });
    expect(find('salz und')).toEqual(['n']);
    expect(find('und')).toHaveLength(50);
    expect(find('und kaviar')).toHaveLength(50);
  });

  test('follows changes and deletions', async () => {
    const { index, task, remove, find } = await open(({ task: add }) => add('1', { title: 'Alt' }));
    task('1', { title: 'Neu' });
    task('2', { title: 'Dazu' });
    await settle(index);
    expect([find('alt'), find('neu'), find('dazu')]).toEqual([[], ['1'], ['2']]);
    remove(tasks, '1');
    await settle(index);
    expect(find('neu')).toEqual([]);
  });

  test('gives nothing for nothing, and nothing after it was stopped', async () => {
    const { index, find } = await open(({ task }) => task('1', { title: 'Etwas' }));
    expect([find(''), find('  !?')]).toEqual([[], []]);
    index.stop();
    expect(find('etwas')).toEqual([]);
  });
});
