import { ZERO_STAMP } from '@mana/shared/base/hybrid-clock';
import { singletonId } from '@mana/shared/modules/singleton-id';
import { bootstrapAnswerSchema, type BootstrapAnswer } from '@mana/shared/wire/account';
import { paths } from '@mana/shared/wire/endpoints';
import { pullAnswerSchema, type PullAnswer } from '@mana/shared/wire/sync';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { parse } from 'zod/v4/core';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { fieldOf, opOf, pull, push, stampAt } from '../testing/test-ops.ts';
import { signUp, type TestPerson } from '../testing/test-person.ts';

let app: TestApp;
const send = (request: Request) => app.app.handle(request);

beforeAll(async () => {
  app = await createTestApp();
}, 60_000);
afterAll(() => app.close());

async function bootstrap({ browser }: TestPerson): Promise<BootstrapAnswer> {
  const answer = await browser.send('POST', paths.bootstrapSingletons);
  expect(answer.status).toBe(200);
  return parse(bootstrapAnswerSchema, answer.json);
}
const pulled = async (person: TestPerson, cursor?: string): Promise<PullAnswer> =>
  parse(pullAnswerSchema, (await pull(person, cursor === undefined ? {} : { cursor })).json);
const forget = (person: TestPerson, table: string) =>
  app.database.asOwner(`delete from sync.records where space_id = '${person.space}' and table_name = '${table}'`);

test('signing up makes the singletons of account and space: structural fields only, at the zero clock, by the program', async () => {
  const person = await signUp(send);
  const { records } = await pulled(person);
  const ids = Object.fromEntries(records.map(({ table, id }) => [table, id]));
  expect(ids).toEqual({
    userContext: singletonId('userContext', person.account.id),
    kontextDoc: singletonId('kontextDoc', person.space),
  });
  expect(records.map(({ seq }) => seq)).toEqual([1, 2]);
  for (const { fields } of records) {
    expect(fields).toEqual({
      createdAt: { v: expect.any(String), at: ZERO_STAMP, actor: 'system:bootstrap', origin: 'system', epoch: 0 },
    } as never);
  }
});

test('asking for singletons that are there makes nothing', async () => {
  const person = await signUp(send);
  const before = await pulled(person);
  expect(await bootstrap(person)).toEqual({ ok: true, bootstrapped: { userContext: false, spaces: { [person.space]: false } } });
  expect((await pulled(person)).cursor).toBe(before.cursor);
});

test('what is missing is made once by twenty concurrent callers, behind every cursor that was given out', async () => {
  const person = await signUp(send);
  const { cursor } = await pulled(person);
  await forget(person, 'userContext');
  await forget(person, 'kontextDoc');
  const answers = await Promise.all(Array.from({ length: 20 }, () => bootstrap(person)));
  expect(answers.filter(({ bootstrapped }) => bootstrapped.userContext)).toHaveLength(1);
  expect(answers.filter(({ bootstrapped }) => bootstrapped.spaces[person.space])).toHaveLength(1);
  const page = await pulled(person, cursor);
  expect(page.records.map(({ table, seq }) => `${table} ${seq}`).toSorted()).toEqual(['kontextDoc 3', 'userContext 4']);
});

test('only what is missing is made', async () => {
  const person = await signUp(send);
  await forget(person, 'userContext');
  expect((await bootstrap(person)).bootstrapped).toEqual({ userContext: true, spaces: { [person.space]: false } });
});

test('every edit wins over what the program made, whatever its clock, and asking again changes nothing of it', async () => {
  const person = await signUp(send);
  const id = singletonId('userContext', person.account.id);
  const at = stampAt(1);
  const op = opOf(
    person,
    { about: fieldOf(person, at), createdAt: fieldOf(person, at, { v: '2026-01-01T00:00:00.000Z' }) },
    { table: 'userContext', id },
  );
  expect((await push(person, [op], { n: 1 })).json['results']).toMatchObject([{ op: op.op, status: 'applied' }]);
  await bootstrap(person);
  const found = (await pulled(person)).records.find((record) => record.id === id);
  expect(found?.fields).toEqual(op.fields);
});

test('nobody makes the singleton of somebody else', async () => {
  const [person, other] = [await signUp(send), await signUp(send)];
  await forget(person, 'userContext');
  expect((await bootstrap(other)).bootstrapped.spaces).toEqual({ [other.space]: false });
  expect((await pulled(person)).records.map(({ table }) => table)).toEqual(['kontextDoc']);
});
