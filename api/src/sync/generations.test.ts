import { paths } from '@mana/shared/wire/endpoints';
import { pullAnswerSchema, pushAnswerSchema, type PullAnswer, type PushAnswer } from '@mana/shared/wire/sync';
import { afterEach, beforeEach, expect, test } from 'bun:test';
import { parse } from 'zod/v4/core';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import type { TestAnswer } from '../testing/test-browser.ts';
import { fieldOf, opOf, pull, push, stampAt } from '../testing/test-ops.ts';
import { emptySpace, signUp, type TestPerson } from '../testing/test-person.ts';
import { startGeneration } from './generations.service.ts';

let app: TestApp;
let person: TestPerson;
let n = 0;
const pushed = (answer: TestAnswer): PushAnswer => parse(pushAnswerSchema, answer.json);
const pulled = (answer: TestAnswer): PullAnswer => parse(pullAnswerSchema, answer.json);
const write = () => opOf(person, { title: fieldOf(person, stampAt(app.clock.nowMs())) });

/** Pushes that many new records in the running generation. */
async function writeSome(count: number): Promise<void> {
  const { generation } = app.deps.serverTime;
  for (let each = 0; each < count; each++) expect(pushed(await push(person, [write()], { n: ++n, generation })).status).toBeUndefined();
}

/** What an operator does after a backup was put back: the database stands where it stood, and begins a generation. */
async function beginGeneration(): Promise<number> {
  const generation = await startGeneration({ db: app.database.db, clock: app.clock });
  app = await app.restart();
  return generation;
}

const sharedWith = async (generation: number): Promise<number | undefined> =>
  pushed(await push(person, [write()], { n: n + 1, generation })).shared?.[person.space];

beforeEach(async () => {
  app = await createTestApp();
  person = await signUp((request) => app.app.handle(request));
  await emptySpace(app.database, person);
  n = 0;
}, 60_000);
afterEach(() => app.close());

test('a push and a pull of another generation are told to start over, and up to where their history is shared', async () => {
  await writeSome(3);
  const generation = await beginGeneration();
  const asked = pushed(await push(person, [write()], { n: 4 }));
  expect(asked).toMatchObject({ status: 'reset', results: [], spaces: {}, generation, shared: { [person.space]: 3 } });
  expect(pulled(await pull(person, { cursor: '1-3' }))).toMatchObject({
    status: 'reset',
    cursor: `${generation}-0`,
    shared: { [person.space]: 3 },
  });
  expect(pulled(await pull(person)).count).toBe(3);
});

test('what a generation adds is not shared with the one before', async () => {
  await writeSome(3);
  await beginGeneration();
  await writeSome(2);
  expect(await sharedWith(1)).toBe(3);
});

test('of several restorations the earliest point counts for whoever comes from before them', async () => {
  await writeSome(3);
  const second = await beginGeneration();
  await writeSome(2);
  await beginGeneration();
  await writeSome(4);
  const last = await beginGeneration();
  expect([await sharedWith(1), await sharedWith(second)]).toEqual([3, 5]);
  expect(pulled(await pull(person, { cursor: `${last}-9` })).status).toBeUndefined();
});

test('a generation that this history never went through shares nothing, a later one neither', async () => {
  await writeSome(2);
  const generation = await beginGeneration();
  expect([await sharedWith(7), await sharedWith(generation + 5)]).toEqual([0, 0]);
});

test('two restorations of one backup never give the same number to different histories', async () => {
  await writeSome(1);
  const one = await beginGeneration();
  await app.database.asOwner(`update sync.server_state set generation = 1, earlier_generations = '{}'`);
  app.clock.set(app.clock.nowMs() + 1_000);
  const other = await beginGeneration();
  expect(other).toBeGreaterThan(one);
  expect(await sharedWith(one)).toBe(0);
});

test('a cursor from beyond the end is told that its space shares nothing: the database was set back unnoticed', async () => {
  await writeSome(1);
  expect(pulled(await pull(person, { cursor: '1-999' }))).toMatchObject({ status: 'reset', generation: 1, shared: { [person.space]: 0 } });
});

test('nobody learns the points of a space that is not theirs', async () => {
  await writeSome(1);
  await beginGeneration();
  const stranger = await signUp((request) => app.app.handle(request));
  const answer = pushed(await push(stranger, [opOf(stranger, {})], { n: 1, generation: 1 }));
  expect(Object.keys(answer.shared ?? {})).toEqual([stranger.space]);
  const read = await stranger.browser.send('GET', `${paths.pull}?space=${person.space}&cursor=1-0`);
  expect([read.status, read.json['code']]).toEqual([403, 'FORBIDDEN']);
});
