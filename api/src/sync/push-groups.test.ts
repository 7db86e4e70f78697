import type { PullAnswer, PushAnswer } from '@mana/shared/wire/sync';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { fieldOf, opOf, pull, push, stampAt } from '../testing/test-ops.ts';
import { emptySpace, signUp, type TestPerson } from '../testing/test-person.ts';

let app: TestApp;
const people: TestPerson[] = [];
beforeAll(async () => {
  app = await createTestApp();
  for (let count = 0; count < 4; count++) people.push(await signUp((request) => app.app.handle(request)));
  for (const person of people) await emptySpace(app.database, person);
}, 120_000);
afterAll(() => app.close());

const opBy = (person: TestPerson, counter: number) => opOf(person, { title: fieldOf(person, stampAt(app.clock.nowMs(), counter)) });
const person = (place: number): TestPerson => people[place] as TestPerson;

test('pushes of several people at once are each written to their own space, numbered without a gap', async () => {
  const all = people.flatMap((each) =>
    Array.from({ length: 10 }, (_, place) =>
      push(each, [opBy(each, place), opBy(each, place + 100)], { n: 1, device: `${place}`.padStart(16, 'a') }),
    ),
  );
  const answers = await Promise.all(all);
  expect(answers.every(({ json }) => (json as unknown as PushAnswer).results.every(({ status }) => status === 'applied'))).toBeTrue();
  for (const each of people) {
    const { records } = (await pull(each)).json as unknown as PullAnswer;
    expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
  }
});

test('in a group nobody writes in another’s name or space', async () => {
  const [mine, theirs] = [person(0), person(1)];
  const foreign = { ...opBy(mine, 500), space: theirs.space };
  const [own, other] = await Promise.all([push(mine, [foreign, opBy(mine, 501)], { n: 2 }), push(theirs, [opBy(theirs, 502)], { n: 2 })]);
  expect(own.json.results).toMatchObject([{ status: 'rejected', code: 'FOREIGN_SPACE' }, { status: 'applied' }]);
  expect(other.json.results).toMatchObject([{ status: 'applied' }]);
  const { records } = (await pull(theirs, { cursor: '1-20' })).json as unknown as PullAnswer;
  expect(records.map(({ id }) => id)).not.toContain(foreign.id);
});

test('the same push twice at once is written once and answered twice alike', async () => {
  const each = person(2);
  const op = opBy(each, 600);
  const [one, two] = await Promise.all([push(each, [op], { n: 7 }), push(each, [op], { n: 7 })]);
  expect(two.json.results).toEqual(one.json.results);
  expect((await pull(each, { cursor: '1-20' })).json.records).toHaveLength(1);
});

test('a push reads no record but its own, however many others its space and the database hold', async () => {
  const each = person(3);
  for (const owner of [person(0), each])
    await app.database.asOwner(`
      insert into sync.records select '${owner.space}', 'notes', gen_random_uuid(), 1000 + n, 2, '{}' from generate_series(1, 5000) n`);
  if (app.database.databaseUrl) await app.database.asOwner('analyze sync.records'); // what a server does by itself within a minute
  const readRows = async () => {
    await app.database.asOwner('select pg_stat_force_next_flush()');
    const [row] = await app.database.asOwner(
      `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as read from pg_stat_user_tables where schemaname = 'sync' and relname = 'records'`,
    );
    return Number(row?.['read']);
  };
  const before = await readRows();
  for (let n = 20; n < 30; n++) await push(each, [opBy(each, n * 10), opBy(each, n * 10 + 1)], { n });
  // What earlier tests read may be counted late; the fault would read a hundred thousand.
  expect((await readRows()) - before).toBeLessThan(1_000);
});
