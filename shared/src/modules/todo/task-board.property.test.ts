import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { TaskBoard } from './task-board.ts';
import { groupTasks, newTask, subtasksOf, taskGroups, type ListedTask, type Task } from './task-rules.ts';

const days = ['2026-11-24', '2026-11-25', '2026-11-26'] as const;
const ids = Array.from({ length: 12 }, (_, index) => `t${index}`);

const task = fc
  .record({
    id: fc.constantFrom(...ids),
    dueDate: fc.option(fc.constantFrom(...days)),
    dueTime: fc.option(fc.constantFrom('09:00', '17:30')),
    completedAt: fc.option(fc.constantFrom('2026-11-25T08:00:00.000Z', '2026-11-25T09:00:00.000Z'), { freq: 4 }),
    priority: fc.nat(3),
    order: fc.constantFrom('a0', 'a1', 'a2'),
    parentId: fc.option(fc.constantFrom(...ids)),
    tags: fc.subarray(['home', 'work']),
  })
  .map(({ id, ...known }): ListedTask => {
    const values: Partial<Task> = known;
    return { id, createdAt: `2026-01-01T00:00:0${ids.indexOf(id) % 3}.000Z`, values: newTask({ title: id, ...values }) };
  });

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), task, as: fc.option(task, { freq: 5, nil: undefined }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('drop' as const), id: fc.constantFrom(...ids) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('today' as const), day: fc.constantFrom(...days) }) },
);

const isHome = ({ values }: ListedTask): boolean => values.tags.includes('home');

test.each([
  ['all tasks', () => true],
  ['those of a filter', isHome],
] as const)('a board of %s holds what grouping all of them anew gives (invariants 1 and 2)', (_, shows) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const board = new TaskBoard<ListedTask>({ today: days[0], shows });
      const naive = new Map<string, { task: ListedTask; as: ListedTask }>();
      let today: string = days[0];
      for (const one of steps) {
        if (one.kind === 'today') board.setToday((today = one.day));
        else if (one.kind === 'drop') {
          board.drop(one.id);
          naive.delete(one.id);
        } else {
          const { parentId } = one.task.values;
          const as = one.as && { ...one.as, id: one.task.id, values: { ...one.as.values, parentId } };
          board.put(one.task, as);
          if (shows(one.task)) naive.set(one.task.id, { task: one.task, as: as ?? one.task });
          else naive.delete(one.task.id);
        }
        const groups = groupTasks(
          [...naive.values()].map(({ as }) => as),
          today,
        );
        for (const group of taskGroups) {
          const section = board.section(group);
          const expected = groups[group].map(({ id }) => naive.get(id)?.task);
          expect([...section]).toEqual(expected as ListedTask[]);
          expect(section.slice(0, section.length)).toEqual(expected as ListedTask[]);
          expect(groups[group].map(({ id }) => board.indexIn(group, id))).toEqual(expected.map((__, index) => index));
        }
        const all = [...naive.values()].map((placed) => placed.task);
        for (const id of ids) expect(board.subtasks(id)).toEqual(subtasksOf(all, id));
        expect(board.tags().get('home') ?? 0).toBe(all.filter(isHome).length);
      }
    }),
    { numRuns: 300 },
  );
});

test('what did not change stays the same object, and a closed board is empty', () => {
  const board = new TaskBoard<ListedTask>({ today: days[0] });
  const all = ids.map((id): ListedTask => ({ id, createdAt: '2026-01-01T00:00:00.000Z', values: newTask({ title: id }) }));
  for (const one of all) board.put(one);
  const before = board.section('someday').slice(0, 12);
  const [first] = before;
  if (first) board.put({ ...first, values: { ...first.values, title: 'other' } });
  const after = board.section('someday').slice(0, 12);
  expect(after.filter((one, index) => one !== before[index])).toHaveLength(1);
  board.clear();
  expect(taskGroups.map((group) => board.section(group).length)).toEqual([0, 0, 0, 0, 0]);
});
