import { expect, test } from 'bun:test';
import { createPushLine, type Claim } from './push-line.ts';

interface Work extends Claim {
  readonly id: string;
}

const workOf = (id: string, names: readonly string[] = [id], weight = 1): Work => ({ id, names, weight });

/** A database that answers when the test says so. */
function createGate(lanes: number, fails: (group: readonly Work[]) => unknown = () => undefined) {
  const groups: string[][] = [];
  const gates: (() => void)[] = [];
  const submit = createPushLine<Work, string>({
    lanes,
    maxWeight: 10,
    runGroup: async (group) => {
      groups.push(group.map(({ id }) => id));
      await new Promise<void>((resolve) => gates.push(resolve));
      const thrown = fails(group);
      if (thrown) throw thrown;
      return group.map(({ id }) => id);
    },
  });
  const openAll = async () => {
    for (let idle = 0; idle < 20; idle++) {
      for (const gate of gates.splice(0)) gate();
      await Promise.resolve();
    }
  };
  return { groups, submit, openAll };
}

test('who comes first waits for nobody; what comes meanwhile goes together', async () => {
  const { groups, submit, openAll } = createGate(1);
  const answers = Promise.all(['a', 'b', 'c', 'd'].map((id) => submit(workOf(id))));
  expect(groups).toEqual([['a']]);
  await openAll();
  expect(groups).toEqual([['a'], ['b', 'c', 'd']]);
  expect(await answers).toEqual(['a', 'b', 'c', 'd']);
});

test('work on the same name never runs together, in no lane, and keeps its order', async () => {
  const { groups, submit, openAll } = createGate(2);
  const all = [workOf('one', ['x']), workOf('two', ['x', 'y']), workOf('three', ['y']), workOf('other', ['z']), workOf('four', ['x'])];
  const answers = Promise.all(all.map(submit));
  expect(groups).toEqual([['one'], ['other']]);
  await openAll();
  await answers;
  const order = groups.flat();
  expect(
    groups.every((group) => new Set(group.flatMap((id) => all.find((work) => work.id === id)?.names ?? [])).size >= group.length),
  ).toBeTrue();
  expect(order.filter((id) => id !== 'other')).toEqual(['one', 'two', 'three', 'four']);
});

test('a group weighs no more than it may, but what is heavier alone goes alone', async () => {
  const { groups, submit, openAll } = createGate(1);
  const works = [workOf('first'), workOf('a', ['a'], 6), workOf('b', ['b'], 6), workOf('heavy', ['h'], 50), workOf('c', ['c'], 4)];
  const answers = Promise.all(works.map(submit));
  await openAll();
  await answers;
  expect(groups).toEqual([['first'], ['a', 'c'], ['b'], ['heavy']]);
});

test('one that cannot be written does not keep the others of its group back', async () => {
  const fails = (group: readonly Work[]) =>
    group.some(({ id }) => id === 'bad') ? Object.assign(new Error('x'), { code: '22P02' }) : undefined;
  const { groups, submit, openAll } = createGate(1, fails);
  const answers = Promise.allSettled(['first', 'a', 'bad', 'b'].map((id) => submit(workOf(id))));
  await openAll();
  expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(groups).toEqual([['first'], ['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
});

test('where the database is gone it is asked once, and all hear of it', async () => {
  const gone = () => Object.assign(new Error('write CONNECTION_CLOSED'), { code: 'CONNECTION_CLOSED' });
  const { groups, submit, openAll } = createGate(1, gone);
  const answers = Promise.allSettled(['first', 'a', 'b'].map((id) => submit(workOf(id))));
  await openAll();
  expect((await answers).every(({ status }) => status === 'rejected')).toBeTrue();
  expect(groups).toEqual([['first'], ['a', 'b']]);
});
