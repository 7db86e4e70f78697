import { paths } from '@mana/shared/wire/endpoints';
import type { RejectionCode } from '@mana/shared/wire/failures';
import { MAX_COUNTED_OPS, MAX_PUSH_OPS } from '@mana/shared/wire/limits';
import type { WireField } from '@mana/shared/wire/record';
import { NO_OP_ID, pullAnswerSchema, pushAnswerSchema, type Op, type PushAnswer } from '@mana/shared/wire/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { parse } from 'zod/v4/core';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { fieldOf, newEnvelope, opOf, pull, push, stampAt, testDevice } from '../testing/test-ops.ts';
import { emptySpace, signUp, type TestPerson } from '../testing/test-person.ts';

let app: TestApp;
let person: TestPerson;
const field = (more: Partial<WireField> = {}): WireField => fieldOf(person, stampAt(app.clock.nowMs()), more);
const good = (): Op => opOf(person, { title: field() });
const withTitle = (title: unknown): Record<string, unknown> => ({ ...good(), fields: { title } });
const pushed = async (ops: readonly unknown[], n = 1): Promise<PushAnswer> =>
  parse(pushAnswerSchema, (await push(person, ops, { n })).json);
const storedIds = async (): Promise<string[]> => parse(pullAnswerSchema, (await pull(person)).json).records.map(({ id }) => id);
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

beforeAll(async () => {
  app = await createTestApp();
}, 120_000);
beforeEach(async () => {
  person = await signUp((request) => app.app.handle(request));
  await emptySpace(app.database, person);
}, 60_000);
afterAll(() => app.close());

describe('one operation that cannot be read is refused with its code and its place, and the others go through', () => {
  const at = (text: string) => ({ ...field(), at: text });
  const cases: [string, RejectionCode, () => unknown][] = [
    ['a stamp behind the year 9999', 'MALFORMED', () => withTitle(at(`+010000-01-01T00:00:00.000Z-0000-${testDevice}`))],
    ['a day that there is not', 'MALFORMED', () => withTitle(at(`2026-02-31T25:00:00.000Z-0000-${testDevice}`))],
    ['a negative counter', 'MALFORMED', () => withTitle(at(`2026-11-25T08:00:00.000Z--001-${testDevice}`))],
    ['a negative epoch', 'MALFORMED', () => withTitle({ ...field(), epoch: -1 })],
    ['an epoch that is half a number', 'MALFORMED', () => withTitle({ ...field(), epoch: 1.5 })],
    ['a value nested five thousand deep', 'MALFORMED', () => withTitle({ ...field(), v: nested(5_000) })],
    ['an object for a value', 'MALFORMED', () => withTitle({ ...field(), v: { text: 'x' } })],
    ['__proto__ in an operation', 'MALFORMED', () => JSON.parse(JSON.stringify(good()).replace('{', '{"__proto__":{"admin":true},'))],
    ['__proto__ in a field', 'MALFORMED', () => withTitle(JSON.parse(JSON.stringify(field()).replace('{', '{"__proto__":{"v":1},')))],
    ['a field by the name of constructor', 'MALFORMED', () => ({ ...good(), fields: { constructor: field() } })],
    ['a table by the name of __proto__', 'MALFORMED', () => ({ ...good(), table: '__proto__' })],
    ['a record id that is a path', 'MALFORMED', () => ({ ...good(), id: '../../etc/passwd' })],
    ['an unknown property', 'MALFORMED', () => ({ ...good(), updatedAt: 'now' })],
    ['fields in a list', 'MALFORMED', () => ({ ...good(), fields: [field()] })],
    ['an origin that is only a local mark', 'MALFORMED', () => withTitle({ ...field(), origin: 'server-replay' })],
    ['a value of 700 kB', 'FIELD_TOO_LARGE', () => withTitle(field({ v: newEnvelope(520_000) }))],
  ];
  for (const [name, code, make] of cases) {
    test(name, async () => {
      const bad = make() as Op;
      const [before, after] = [good(), good()];
      const { results } = await pushed([before, bad, after]);
      expect(results.filter(({ status }) => status !== 'applied')).toMatchObject([{ op: bad.op, status: 'rejected', code, seq: 0 }]);
      expect(await storedIds()).toEqual([before.id, after.id]);
    });
  }

  test('what is no operation at all', async () => {
    const fine = good();
    const { results } = await pushed([null, 7, [], { op: 'mine' }, nested(3_000), fine]);
    expect(results.filter(({ code }) => code === 'MALFORMED').map(({ op, place }) => [op, place])).toEqual(
      [0, 1, 2, 3, 4].map((place) => [NO_OP_ID, place]),
    );
    expect(await storedIds()).toEqual([fine.id]);
  });

  test('an operation id that comes twice counts the first time', async () => {
    const [one, other] = [good(), good()];
    const { results } = await pushed([one, { ...other, op: one.op }]);
    expect(results.map(({ code, status, place }) => [code ?? status, place])).toEqual([
      ['applied', undefined],
      ['SAME_OPERATION_ID', 1],
    ]);
    expect(await storedIds()).toEqual([one.id]);
  });

  test('one record id in two tables is two records', async () => {
    const one = good();
    await pushed([one, { ...good(), table: 'tasks', id: one.id }]);
    expect(await storedIds()).toEqual([one.id, one.id]);
  });

  test('of ten thousand operations the first five hundred are taken', async () => {
    const fine = Array.from({ length: 3 }, good);
    const empty = { ...good(), fields: {} };
    const filled = Array.from({ length: MAX_PUSH_OPS - 3 }, () => ({ ...empty, op: crypto.randomUUID() }));
    const { results } = await pushed([...fine, ...filled, good(), ...Array.from({ length: MAX_COUNTED_OPS - MAX_PUSH_OPS - 1 }, () => 0)]);
    const count = (code: string): number => results.filter((result) => (result.code ?? result.status) === code).length;
    expect([count('applied'), count('STRUCTURAL_MALFORMED'), count('TOO_MANY_OPERATIONS'), count('MALFORMED')]).toEqual([
      3,
      MAX_PUSH_OPS - 3,
      1,
      MAX_COUNTED_OPS - MAX_PUSH_OPS - 1,
    ]);
    expect(await storedIds()).toEqual(fine.map(({ id }) => id));
  });
});

describe('a push that cannot be answered one by one is refused whole with a code, and takes no number', () => {
  const refusedWith = async (body: unknown): Promise<unknown> => {
    const { status, json } = await person.browser.send('POST', paths.push, { body });
    const again = await pushed([good()]);
    return [status, json['code'], again.results[0]?.status];
  };
  const frame = () => ({ device: testDevice, n: 1, generation: 1, ops: [good()] });

  test('a value of two megabytes', async () => {
    expect(await refusedWith({ ...frame(), ops: [withTitle(field({ v: newEnvelope(1_500_000) }))] })).toEqual([
      413,
      'PAYLOAD_TOO_LARGE',
      'applied',
    ]);
  });

  test.each([
    ['a negative number', { n: -1 }],
    ['number zero', { n: 0 }],
    ['a negative generation', { generation: -1 }],
    ['a device with another name', { device: 'my phone' }],
    ['no operations', { ops: [] }],
    ['operations that are no list', { ops: { length: 1 } }],
    ['more operations than are counted', { ops: Array.from({ length: MAX_COUNTED_OPS + 1 }, () => 0) }],
  ])('%s', async (_, more) => {
    expect(await refusedWith({ ...frame(), ...more })).toEqual([400, 'VALIDATION', 'applied']);
  });
});

test('a stamp in the year 9999 is too far ahead: nothing changes, and what was held goes through with the next push', async () => {
  const [fine, ahead] = [good(), withTitle({ ...field(), at: `9999-12-31T23:59:59.999Z-0000-${testDevice}` })];
  const { status, results } = await pushed([fine, ahead]);
  expect([status, results.map((result) => result.status)]).toEqual(['clock', ['held', 'clock']]);
  expect((await pushed([fine], 2)).results).toMatchObject([{ status: 'applied' }]);
});

test('the cursor of another space is told that this one shares nothing with it, or reads on from there', async () => {
  await pushed([good(), good()]);
  const other = await signUp((request) => app.app.handle(request));
  expect(parse(pullAnswerSchema, (await pull(other, { cursor: '1-500' })).json)).toMatchObject({
    status: 'reset',
    shared: { [other.space]: 0 },
  });
  expect(parse(pullAnswerSchema, (await pull(person, { cursor: '1-1' })).json)).toMatchObject({ count: 1, more: false, left: 0 });
});
