import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { groupOf, groupTasks, newTask, subtasksOf, toggleDone, withDueDate, type ListedTask, type Task } from './task-rules.ts';
import { tasks } from './todo.ts';

const listed = (id: string, known: Partial<Task> = {}): ListedTask => ({
  id,
  createdAt: `2026-01-01T00:00:00.${id.padStart(3, '0')}Z`,
  values: newTask({ title: id, ...known }),
});
const idsOf = (all: readonly ListedTask[]) => all.map((task) => task.id).join('');

describe('a new task', () => {
  test('fits its fields, whatever the title', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 1_200 }).filter((text) => text.trim() !== ''),
        (title) => {
          const made = newTask({ title });
          const unfit = Object.entries(tasks.fields).filter(([name, kind]) => kind.read(made[name as keyof Task]) === undefined);
          expect(Object.keys(made).toSorted()).toEqual(Object.keys(tasks.fields).toSorted());
          expect(unfit.map(([name]) => name)).toEqual(made.title === '' ? ['title'] : []);
        },
      ),
    );
  });
  test('keeps every character of a title that is too long', () => {
    const made = newTask({ title: 'a'.repeat(700), notes: 'more' });
    expect(made.title + made.notes).toBe(`${'a'.repeat(700)}\n\nmore`);
  });
  test('has no time without a day', () => {
    expect(newTask({ title: 'x', dueTime: '10:00' }).dueTime).toBeNull();
    expect(withDueDate(null)).toEqual({ dueDate: null, dueTime: null });
  });
});

test('ticking off writes the moment, ticking again takes it back', () => {
  const done = toggleDone({ completedAt: null }, Date.parse('2026-11-25T10:00:00Z'));
  expect(done).toEqual({ completedAt: '2026-11-25T10:00:00.000Z' });
  expect(toggleDone(done, 0)).toEqual({ completedAt: null });
});

describe('sections', () => {
  test('follow the local day', () => {
    const due = (dueDate: string | null) => groupOf({ completedAt: null, dueDate }, '2026-11-25');
    expect([due('2026-11-24'), due('2026-11-25'), due('2026-11-26'), due(null)]).toEqual(['overdue', 'today', 'upcoming', 'someday']);
    expect(groupOf({ completedAt: '2026-11-25T10:00:00.000Z', dueDate: '2026-11-24' }, '2026-11-25')).toBe('done');
  });
  test('put times before no time, then the higher priority, then the order by hand', () => {
    const day = { dueDate: '2026-11-25' };
    const all = [
      listed('1', day),
      listed('2', { ...day, priority: 3 }),
      listed('3', { ...day, dueTime: '09:00' }),
      listed('4', { ...day, order: 'Zz' }),
    ];
    expect(idsOf(groupTasks(all, '2026-11-25').today)).toBe('3241');
  });
  test('show a subtask under its parent only, and alone when the parent is gone', () => {
    const all = [listed('1'), listed('2', { parentId: '1' }), listed('3', { parentId: '9' })];
    expect(idsOf(groupTasks(all, '2026-11-25').someday)).toBe('13');
    expect(idsOf(subtasksOf(all, '1'))).toBe('2');
  });
});
