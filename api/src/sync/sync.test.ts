import { ZERO_STAMP, type Stamp } from '@mana/shared/base/hybrid-clock';
import { paths } from '@mana/shared/wire/endpoints';
import { MAX_PAGE_BYTES, MAX_RECORD_FIELDS } from '@mana/shared/wire/limits';
import { pullAnswerSchema, pushAnswerSchema, type PullAnswer, type PushAnswer } from '@mana/shared/wire/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { parse } from 'zod/v4/core';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import type { TestAnswer } from '../testing/test-browser.ts';
import { fieldOf, newEnvelope, opOf, pull, push, stampAt } from '../testing/test-ops.ts';
import { emptySpace, signUp, type TestPerson } from '../testing/test-person.ts';

let app: TestApp;
let person: TestPerson;
const send = (request: Request) => app.app.handle(request);
const pushed = (answer: TestAnswer): PushAnswer => parse(pushAnswerSchema, answer.json);
const pulled = (answer: TestAnswer): PullAnswer => parse(pullAnswerSchema, answer.json);
const now = (offsetMs = 0): Stamp => stampAt(app.clock.nowMs() + offsetMs);

beforeAll(async () => {
  app = await createTestApp();
}, 60_000);
beforeEach(async () => {
  person = await signUp(send);
  await emptySpace(app.database, person);
});
afterAll(() => app.close());

describe('a push', () => {
  test('is stored and pulled as it was sent', async () => {
    const op = opOf(person, { title: fieldOf(person, now()), createdAt: fieldOf(person, now(), { v: '2026-11-25T08:00:00.000Z' }) });
    const answer = pushed(await push(person, [op], { n: 1 }));
    expect(answer.results).toEqual([{ op: op.op, status: 'applied', seq: 1 }]);
    expect(answer.spaces).toEqual({ [person.space]: { before: 0, after: 1 } });
    const page = pulled(await pull(person));
    expect(page).toMatchObject({ cursor: '1-1', more: false, count: 1, left: 0, generation: 1 });
    expect(page.records).toEqual([{ id: op.id, space: person.space, table: 'notes', seq: 1, fields: op.fields }]);
    expect(pulled(await pull(person, { cursor: page.cursor })).count).toBe(0);
  });

  test('counts once, however often it arrives; the answer is the same', async () => {
    const ops = [opOf(person, { title: fieldOf(person, now()) })];
    const first = pushed(await push(person, ops, { n: 1 }));
    const again = pushed(await push(person, ops, { n: 1 }));
    expect(again).toEqual({ ...first, now: again.now });
    expect(pulled(await pull(person)).records.map(({ seq }) => seq)).toEqual([1]);
  });

  test('with a spent number and other bytes, or an older number, is stale', async () => {
    const op = () => opOf(person, { title: fieldOf(person, now()) });
    await push(person, [op()], { n: 1 });
    await push(person, [op()], { n: 2 });
    expect(pushed(await push(person, [op()], { n: 2 })).status).toBe('stale');
    expect(pushed(await push(person, [op()], { n: 1 })).status).toBe('stale');
    expect(pulled(await pull(person)).count).toBe(2);
  });

  test('the same push arriving twice at once is applied once', async () => {
    const ops = Array.from({ length: 20 }, () => opOf(person, { title: fieldOf(person, now()) }));
    const answers = (await Promise.all([push(person, ops, { n: 1 }), push(person, ops, { n: 1 })])).map(pushed);
    expect(answers[0]?.results).toEqual(answers[1]?.results ?? []);
    expect(pulled(await pull(person)).records).toHaveLength(20);
  });

  test('an older value is superseded and told the winner', async () => {
    const winner = fieldOf(person, now());
    const op = opOf(person, { title: winner });
    await push(person, [op], { n: 1 });
    const answer = pushed(await push(person, [{ ...op, op: crypto.randomUUID(), fields: { title: fieldOf(person, now(-5)) } }], { n: 2 }));
    expect(answer.results).toMatchObject([{ field: 'title', status: 'superseded', seq: 1, winner: { ...winner, field: 'title' } }]);
  });

  test('an edit of a deleted record is answered with the tombstone; writing it whole restores it', async () => {
    const op = opOf(person, { title: fieldOf(person, now(-30)) });
    const tombstone = fieldOf(person, now(-20), { v: '2026-11-25T08:00:00.000Z' });
    await push(person, [op], { n: 1 });
    await push(person, [opOf(person, { deletedAt: tombstone }, { id: op.id })], { n: 2 });
    const late = pushed(await push(person, [opOf(person, { title: fieldOf(person, now(-10)) }, { id: op.id })], { n: 3 }));
    expect(late.results).toMatchObject([{ field: 'title', status: 'deleted', winner: { ...tombstone, field: 'deletedAt' } }]);
    const whole = { title: fieldOf(person, now()), deletedAt: fieldOf(person, now(), { v: null }) };
    const restored = pushed(await push(person, [opOf(person, whole, { id: op.id })], { n: 4 }));
    expect(restored.results).toMatchObject([{ status: 'applied' }]);
  });
});

describe('a stamp more than a minute ahead', () => {
  test('refuses the whole push and changes nothing', async () => {
    const fine = opOf(person, { title: fieldOf(person, now()) });
    const ahead = opOf(person, { title: fieldOf(person, now(60_001)) });
    const behind = opOf(person, { title: fieldOf(person, now()) });
    const answer = pushed(await push(person, [fine, ahead, behind], { n: 1 }));
    expect(answer.status).toBe('clock');
    expect(answer.results.map(({ status }) => status)).toEqual(['held', 'clock', 'held']);
    expect(pulled(await pull(person)).count).toBe(0);
  });

  test('does not hold back what already took effect', async () => {
    const done = opOf(person, { title: fieldOf(person, now()) });
    await push(person, [done], { n: 1 });
    const answer = pushed(await push(person, [done, opOf(person, { title: fieldOf(person, now(61_000)) })], { n: 2 }));
    expect(answer.results.map(({ status }) => status)).toEqual(['applied', 'clock']);
  });

  test('of exactly a minute passes', async () => {
    expect(pushed(await push(person, [opOf(person, { title: fieldOf(person, now(60_000)) })], { n: 1 })).status).toBeUndefined();
  });
});

describe('one bad operation is refused with its reason and the others go on', () => {
  const cases: [string, string, () => unknown][] = [
    ['an encrypted field in plaintext', 'PLAINTEXT_REFUSED', () => opOf(person, { title: fieldOf(person, now(), { v: 'Dear diary' }) })],
    [
      'an unknown table in plaintext',
      'PLAINTEXT_REFUSED',
      () => opOf(person, { x: fieldOf(person, now(), { v: 1 }) }, { table: 'future' }),
    ],
    [
      'text that only begins like an envelope',
      'PLAINTEXT_REFUSED',
      () => opOf(person, { title: fieldOf(person, now(), { v: 'enc:1:hello' }) }),
    ],
    ['a deletion without a time', 'STRUCTURAL_MALFORMED', () => opOf(person, { deletedAt: fieldOf(person, now(), { v: 'yesterday' }) })],
    [
      'a structural text of novel length',
      'STRUCTURAL_MALFORMED',
      () => opOf(person, { order: fieldOf(person, now(), { v: 'x'.repeat(1_025) }) }, { table: 'tasks' }),
    ],
    [
      'a structural text with a zero byte',
      'STRUCTURAL_MALFORMED',
      () => opOf(person, { order: fieldOf(person, now(), { v: 'a\0' }) }, { table: 'tasks' }),
    ],
    [
      'half a character',
      'STRUCTURAL_MALFORMED',
      () => opOf(person, { order: fieldOf(person, now(), { v: '\ud83d' }) }, { table: 'tasks' }),
    ],
    ['no field at all', 'STRUCTURAL_MALFORMED', () => opOf(person, {})],
    [
      'another person’s name',
      'FOREIGN_ACTOR',
      () => opOf(person, { title: fieldOf(person, now(), { actor: `user:${crypto.randomUUID()}` }) }),
    ],
    [
      'an agent nobody has made',
      'FOREIGN_ACTOR',
      () => opOf(person, { title: fieldOf(person, now(), { actor: `agent:${crypto.randomUUID()}` }) }),
    ],
    [
      'the program’s name on a person’s write',
      'FOREIGN_ACTOR',
      () => opOf(person, { title: fieldOf(person, now(), { actor: 'system:seed' }) }),
    ],
    ['the zero stamp on a person’s write', 'FOREIGN_ACTOR', () => opOf(person, { title: fieldOf(person, ZERO_STAMP) })],
    ['a space that does not exist', 'FOREIGN_SPACE', () => opOf(person, { title: fieldOf(person, now()) }, { space: crypto.randomUUID() })],
    [
      'half a megabyte and more in one field',
      'FIELD_TOO_LARGE',
      () => opOf(person, { title: fieldOf(person, now(), { v: newEnvelope(400_000) }) }),
    ],
    [
      'more fields than a record may have',
      'TOO_MANY_FIELDS',
      () =>
        opOf(
          person,
          Object.fromEntries(Array.from({ length: MAX_RECORD_FIELDS + 1 }, (_, index) => [`f${index}`, fieldOf(person, now())])),
        ),
    ],
  ];
  for (const [name, code, make] of cases) {
    test(name, async () => {
      const bad = make() as { op: string };
      const good = opOf(person, { title: fieldOf(person, now()) });
      const answer = pushed(await push(person, [bad, good], { n: 1 }));
      expect(answer.results).toEqual([
        { op: bad.op, status: 'rejected', code: code as never, seq: 0 },
        { op: good.op, status: 'applied', seq: 1 },
      ]);
      expect(pulled(await pull(person)).records.map(({ id }) => id)).toEqual([good.id]);
    });
  }

  test('fields that add up over several operations', async () => {
    const half = (start: number) =>
      Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f${start + index}`, fieldOf(person, now())]));
    const first = opOf(person, half(0));
    const answer = pushed(await push(person, [first, opOf(person, half(60), { id: first.id })], { n: 1 }));
    expect(answer.results.map(({ status, code }) => code ?? status)).toEqual(['applied', 'TOO_MANY_FIELDS']);
  });

  test('a member who may only read', async () => {
    await app.database.asOwner(`update sync.members set read_only = true where space_id = '${person.space}'`);
    const answer = pushed(await push(person, [opOf(person, { title: fieldOf(person, now()) })], { n: 1 }));
    expect(answer.results).toMatchObject([{ status: 'rejected', code: 'READ_ONLY' }]);
  });

  test('seeds at the zero stamp, null and unknown sealed fields pass', async () => {
    const seed = opOf(person, {
      title: fieldOf(person, ZERO_STAMP, { origin: 'system' }),
      body: fieldOf(person, now(), { v: null }),
      invented: fieldOf(person, now()),
    });
    expect(
      pushed(await push(person, [seed, opOf(person, { x: fieldOf(person, now()) }, { table: 'future' })], { n: 1 })).results,
    ).toMatchObject([{ status: 'applied' }, { status: 'applied' }]);
  });
});

describe('another person', () => {
  test('can neither read nor write a space that is not theirs', async () => {
    const stranger = await signUp(send);
    await push(person, [opOf(person, { title: fieldOf(person, now()) })], { n: 1 });
    const read = await pull(stranger, { space: person.space });
    expect([read.status, read.json['code']]).toEqual([403, 'FORBIDDEN']);
    const write = pushed(await push(stranger, [opOf(stranger, { title: fieldOf(stranger, now()) }, { space: person.space })], { n: 1 }));
    expect(write.results).toMatchObject([{ status: 'rejected', code: 'FOREIGN_SPACE' }]);
    expect(write.spaces).toEqual({});
    expect(pulled(await pull(person)).count).toBe(1);
  });
});

describe('pages', () => {
  test('hold whole records up to a megabyte, with exact counts, and together everything', async () => {
    const ops = Array.from({ length: 40 }, () => opOf(person, { body: fieldOf(person, now(), { v: newEnvelope(60_000) }) }));
    for (let n = 0; n < 4; n++) await push(person, ops.slice(n * 10, n * 10 + 10), { n: n + 1 });
    const seen: string[] = [];
    let cursor = '1-0';
    for (let more = true; more;) {
      const answer = await pull(person, { cursor });
      expect(answer.text.length).toBeLessThanOrEqual(MAX_PAGE_BYTES);
      const page = pulled(answer);
      seen.push(...page.records.map(({ id }) => id));
      expect([page.count, page.left]).toEqual([page.records.length, 40 - seen.length]);
      ({ cursor, more } = page);
    }
    expect(seen).toEqual(ops.map(({ id }) => id));
  });

  test('may be asked for smaller', async () => {
    await push(
      person,
      Array.from({ length: 5 }, () => opOf(person, { title: fieldOf(person, now()) })),
      { n: 1 },
    );
    expect(pulled(await pull(person, { limit: 2 }))).toMatchObject({ count: 2, left: 3, more: true, cursor: '1-2' });
  });

  test('a record larger than a page comes alone', async () => {
    const op = opOf(person, {});
    for (let n = 1; n <= 3; n++)
      await push(person, [{ ...op, fields: { [`f${n}`]: fieldOf(person, now(), { v: newEnvelope(380_000) }) } }], { n });
    expect(pulled(await pull(person))).toMatchObject({ count: 1, left: 0, more: false });
  });

  for (const [name, query] of [
    ['a malformed cursor', { cursor: 'first' }],
    ['a space that is no UUID', { space: 'mine' }],
    ['an unknown parameter', { since: '0' }],
    ['a limit of nothing', { limit: 0 }],
  ] as const) {
    test(`${name} is a malformed request`, async () => {
      const answer = await pull(person, query);
      expect([answer.status, answer.json['code']]).toEqual([400, 'VALIDATION']);
    });
  }
});

describe('the server’s time', () => {
  test('never goes back, a restart with a wrong clock included', async () => {
    const read = async (from: TestApp) => Number((await person.browser.send('GET', paths.time)).json['now'] ?? from.clock.nowMs());
    const before = await read(app);
    app.clock.set(app.clock.nowMs() - 3_600_000);
    expect(await read(app)).toBeGreaterThanOrEqual(before);
    const restarted = await app.restart();
    const after = await restarted.deps.serverTime.now();
    expect(after).toBeGreaterThanOrEqual(before);
    expect(after - before).toBeLessThanOrEqual(1_000);
    app.clock.set(app.clock.nowMs() + 3_602_000);
  });
});
