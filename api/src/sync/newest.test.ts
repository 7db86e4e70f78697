import { MAX_PAGE_BYTES } from '@mana/shared/wire/limits';
import { newestAnswerSchema, pullAnswerSchema, type NewestAnswer } from '@mana/shared/wire/sync';
import type { Stamp } from '@mana/shared/base/hybrid-clock';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { sql } from 'drizzle-orm';
import { parse } from 'zod/v4/core';
import { rowsOf } from '../db/database.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import type { TestAnswer } from '../testing/test-browser.ts';
import { fieldOf, newEnvelope, newest, opOf, pull, push, stampAt } from '../testing/test-ops.ts';
import { emptySpace, signUp, type TestPerson } from '../testing/test-person.ts';

let app: TestApp;
let person: TestPerson;
const send = (request: Request) => app.app.handle(request);
const read = (answer: TestAnswer): NewestAnswer => parse(newestAnswerSchema, answer.json);
const now = (): Stamp => stampAt(app.clock.nowMs());

beforeAll(async () => {
  app = await createTestApp();
}, 60_000);
beforeEach(async () => {
  person = await signUp(send);
  await emptySpace(app.database, person);
});
afterAll(() => app.close());

const fill = async (count: number, table: string, n: number) => {
  const ops = Array.from({ length: count }, () => opOf(person, { title: fieldOf(person, now()) }, { table }));
  await push(person, ops, { n });
  return ops;
};

describe('a head start', () => {
  test('brings the records of one table that changed last, newest first and whole', async () => {
    const [first, second] = await fill(4, 'notes', 1);
    await fill(3, 'tasks', 2);
    if (!first || !second) throw new Error('Nothing was made');
    await push(person, [opOf(person, { body: fieldOf(person, now()) }, { id: first.id })], { n: 3 });
    const answer = read(await newest(person, { limit: '2' }));
    expect(answer.records.map(({ seq, table }) => [seq, table])).toEqual([
      [8, 'notes'],
      [4, 'notes'],
    ]);
    expect(Object.keys(answer.records[0]?.fields ?? {}).toSorted()).toEqual(['body', 'title']);
    expect([answer.more, answer.generation]).toEqual([true, 1]);
  });

  test('goes on below a sequence number, and says where the table ends', async () => {
    await fill(5, 'notes', 1);
    const page = read(await newest(person, { limit: '3', before: '4' }));
    expect(page.records.map(({ seq }) => seq)).toEqual([3, 2, 1]);
    expect(page.more).toBe(false);
    expect(read(await newest(person, { before: '1' }))).toMatchObject({ records: [], more: false });
    expect(read(await newest(person, { table: 'nothingLikeThis' }))).toMatchObject({ records: [], more: false });
  });

  test('keeps within the bytes of a page, and brings one record however large', async () => {
    const large = () => opOf(person, { body: fieldOf(person, now(), { v: newEnvelope(300 * 1024) }) });
    for (let n = 1; n <= 5; n += 1) await push(person, [large()], { n });
    const answer = await newest(person);
    const { records, more } = read(answer);
    expect([records.map(({ seq }) => seq), more]).toEqual([[5, 4, 3].slice(0, records.length), true]);
    expect(records.length).toBeGreaterThan(0);
    expect(JSON.stringify(answer.json).length).toBeLessThanOrEqual(MAX_PAGE_BYTES);
  });

  test('leaves the cursor alone: everything comes again by it', async () => {
    await fill(3, 'notes', 1);
    await newest(person);
    expect(parse(pullAnswerSchema, (await pull(person)).json)).toMatchObject({ count: 3, cursor: '1-3' });
  });

  test('is refused to whoever is not a member', async () => {
    await fill(1, 'notes', 1);
    const stranger = await signUp(send);
    const answer = await newest(stranger, { space: person.space });
    expect([answer.status, JSON.stringify(answer.json).includes('enc:1:')]).toEqual([403, false]);
  });

  for (const query of [{ limit: '0' }, { limit: '501' }, { before: '-1' }, { table: '__proto__' }, { space: 'mine' }, { cursor: '1-1' }]) {
    test(`with ${JSON.stringify(query)} is refused as malformed`, async () => {
      const answer = await newest(person, query);
      expect([answer.status, answer.json]).toMatchObject([400, { code: 'VALIDATION' }]);
    });
  }

  test('reads an index that holds the newest of each table, however large the space', async () => {
    const plan = await app.deps.db.as({ role: 'app', account: person.account.id }, async (transaction) => {
      await transaction.execute(sql`set local enable_seqscan = off`);
      return rowsOf<{ 'QUERY PLAN': string }>(
        await transaction.execute(sql`
          explain select seq, bytes from sync.records where space_id = ${person.space} and table_name = 'notes' and seq < 1000::bigint
          order by seq desc limit 501`),
      );
    });
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('records_newest');
    expect(text).not.toContain('Sort');
  });
});
