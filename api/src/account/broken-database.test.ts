import { paths } from '@mana/shared/wire/endpoints';
import { expect, test } from 'bun:test';
import { createTestApp } from '../testing/test-app.ts';
import { createTestBrowser, type TestAnswer } from '../testing/test-browser.ts';
import { signUp, trySignIn } from '../testing/test-person.ts';

const manySignIns = Number(process.env['MANA_SIGN_INS'] ?? 100); // a thousand in `npm run fuzz -- sign-ins`
const rounds = 10; // of 60 s each, right and wrong password by turns

const columns = [
  ['auth.accounts', 'email'],
  ['auth.credentials', 'registration_record'],
  ['auth.pending_sign_ups', 'sealed'],
  ['auth.mails', 'sealed'],
  ['auth.attempts', 'state'],
  ['auth.sessions', 'token_hash'],
  ['auth.wraps', 'ciphertext_b64'],
  ['auth.identities', 'private_iv_b64'],
  ['sync.spaces', 'epoch'],
  ['sync.space_keys', 'ciphertext_b64'],
] as const;

for (const [table, column] of columns) {
  test(`without ${table}.${column} signing in is unavailable, never wrong, and no counter moves`, async () => {
    const app = await createTestApp();
    const send = (request: Request) => app.app.handle(request);
    const person = await signUp(send);
    await app.database.asOwner(`alter table ${table} drop column ${column} cascade`);
    const answers: TestAnswer[] = [];
    for (let round = 0; round < rounds; round++) {
      answers.push(await trySignIn(createTestBrowser(send), person));
      answers.push(await trySignIn(createTestBrowser(send), { ...person, password: 'not the password' }));
      app.clock.advance(61_000);
    }
    expect(new Set(answers.map(({ status, json }) => `${status} ${String(json['code'])}`))).toEqual(new Set(['503 SERVICE_UNAVAILABLE']));
    expect(await app.database.asOwner('select * from auth.attempts')).toEqual([]);
    expect(await app.database.asOwner('select * from auth.throttles where locked_until_ms > 0')).toEqual([]);
    expect(app.logLines.join('')).not.toContain(person.email);
    await app.close();
  }, 60_000);
}

test('a column that goes between the two halves of a sign-in is no wrong guess either', async () => {
  const app = await createTestApp();
  let breakNow = false;
  const send = async (request: Request) => {
    const finishes = new URL(request.url).pathname === paths.loginFinish || new URL(request.url).pathname === paths.loginAbandon;
    if (breakNow && finishes) {
      breakNow = false;
      await app.database.asOwner('alter table auth.sessions rename column device to device_gone');
    }
    return app.app.handle(request);
  };
  const person = await signUp(send);
  for (const password of [person.password, 'not the password']) {
    breakNow = true;
    expect((await trySignIn(createTestBrowser(send), { email: person.email, password })).status).toBe(503);
    await app.database.asOwner('alter table auth.sessions rename column device_gone to device');
  }
  expect(await app.database.asOwner(`select distinct state::text as state from auth.attempts`)).toEqual([{ state: 'infra' }]);
  app.clock.advance(1_000);
  expect((await trySignIn(createTestBrowser(send), person)).status).toBe(200);
  await app.close();
}, 60_000);

test('many sign-ins without a column are all unavailable, no counter moves, and with the column back the next one succeeds', async () => {
  const app = await createTestApp();
  const send = (request: Request) => app.app.handle(request);
  const person = await signUp(send);
  await app.database.asOwner('alter table auth.attempts rename column state to state_gone');
  const outcomes = new Map<string, number>();
  for (let round = 0; round < manySignIns; round++) {
    const password = round % 2 === 0 ? person.password : 'not the password';
    const { status, json } = await trySignIn(createTestBrowser(send), { email: person.email, password });
    const outcome = `${status} ${String(json['code'])}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    app.clock.advance(61_000);
  }
  expect(Object.fromEntries(outcomes)).toEqual({ '503 SERVICE_UNAVAILABLE': manySignIns });
  await app.database.asOwner('alter table auth.attempts rename column state_gone to state');
  expect(await app.database.asOwner('select * from auth.attempts')).toEqual([]);
  expect(await app.database.asOwner('select * from auth.throttles where locked_until_ms > 0')).toEqual([]);
  expect((await trySignIn(createTestBrowser(send), person)).status).toBe(200);
  await app.close();
}, 300_000);
