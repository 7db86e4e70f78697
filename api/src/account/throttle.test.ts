import { paths } from '@mana/shared/wire/endpoints';
import { client, ready } from '@serenity-kit/opaque';
import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { createTestBrowser } from '../testing/test-browser.ts';
import { signUp, trySignIn, type TestPerson } from '../testing/test-person.ts';

let app: TestApp;
let person: TestPerson;
const send = (request: Request) => app.app.handle(request);
const newBrowser = () => createTestBrowser(send);
const guess = (email: string) => trySignIn(newBrowser(), { email, password: 'not the password' });
const startOnly = async (email: string) => {
  await ready;
  const { startLoginRequest } = client.startLogin({ password: 'not the password' });
  return newBrowser().send('POST', paths.loginStart, { body: { email, startLoginRequest } });
};

beforeAll(async () => {
  app = await createTestApp();
}, 60_000);
beforeEach(async () => {
  person = await signUp(send);
});
afterAll(() => app.close());

test('five wrong passwords lock the account for half an hour, whatever comes next', async () => {
  for (let attempt = 0; attempt < 5; attempt++) expect((await guess(person.email)).status).toBe(401);
  const locked = await trySignIn(newBrowser(), person);
  expect([locked.status, locked.json['code'], locked.headers.get('retry-after')]).toEqual([429, 'ACCOUNT_LOCKED', '1800']);
  app.clock.advance(29 * 60_000);
  expect((await trySignIn(newBrowser(), person)).status).toBe(429);
  app.clock.advance(60_001);
  expect((await trySignIn(newBrowser(), person)).status).toBe(200);
});

test('an unknown address locks alike', async () => {
  const email = `${crypto.randomUUID()}@example.org`;
  for (let attempt = 0; attempt < 5; attempt++) expect((await guess(email)).status).toBe(401);
  expect((await guess(email)).json['code']).toBe('ACCOUNT_LOCKED');
});

test('a success forgets the wrong ones before it', async () => {
  for (let round = 0; round < 2; round++) {
    for (let attempt = 0; attempt < 4; attempt++) await guess(person.email);
    expect((await trySignIn(newBrowser(), person)).status).toBe(200);
  }
});

test('a guesser who never finishes is counted', async () => {
  for (let attempt = 0; attempt < 5; attempt++) expect((await startOnly(person.email)).status).toBe(200);
  expect((await startOnly(person.email)).json['code']).toBe('RATE_LIMITED');
  app.clock.advance(60_001);
  expect((await startOnly(person.email)).json['code']).toBe('ACCOUNT_LOCKED');
});

test('of a hundred guesses at once five are answered', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => startOnly(person.email)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
});

test('of a hundred guesses at once in two processes five are answered, and they count', async () => {
  const second = await app.restart();
  await ready;
  const { startLoginRequest } = client.startLogin({ password: 'not the password' });
  const body = { email: person.email, startLoginRequest };
  const processes = [send, (request: Request) => second.app.handle(request)];
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => createTestBrowser(processes[n % 2] ?? send).send('POST', paths.loginStart, { body })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  app.clock.advance(60_001);
  for (const each of processes) {
    expect((await createTestBrowser(each).send('POST', paths.loginStart, { body })).json['code']).toBe('ACCOUNT_LOCKED');
  }
});

test('however an address is written, its guesses are one count', async () => {
  const variants = [person.email.toUpperCase(), ` ${person.email}`, `${person.email} `, person.email, person.email.replace('e', 'E')];
  for (const email of variants) expect((await guess(email)).status).toBe(401);
  for (const email of variants) expect((await guess(email)).json['code']).toBe('ACCOUNT_LOCKED');
});

test('a browser that has signed in before is not shut out by strangers', async () => {
  for (let attempt = 0; attempt < 6; attempt++) await guess(person.email);
  expect((await trySignIn(newBrowser(), person)).json['code']).toBe('ACCOUNT_LOCKED');
  expect((await trySignIn(person.browser, person)).status).toBe(200);
});

test('locks hold across a restart', async () => {
  for (let attempt = 0; attempt < 5; attempt++) await guess(person.email);
  const restarted = await app.restart();
  const browser = createTestBrowser((request) => restarted.app.handle(request));
  expect((await trySignIn(browser, person)).json['code']).toBe('ACCOUNT_LOCKED');
});

test('an attempt that a restart cut off is no wrong guess', async () => {
  for (let attempt = 0; attempt < 5; attempt++) await startOnly(person.email);
  app.clock.advance(60_001);
  const restarted = await app.restart();
  const browser = createTestBrowser((request) => restarted.app.handle(request));
  expect((await trySignIn(browser, person)).status).toBe(200);
});
