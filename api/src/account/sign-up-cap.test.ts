import { paths } from '@mana/shared/wire/endpoints';
import { signUpStatusSchema } from '@mana/shared/wire/account';
import { expect, test } from 'bun:test';
import { parse } from 'zod/v4/core';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { createTestBrowser } from '../testing/test-browser.ts';
import { signUp, tryToSignUp } from '../testing/test-person.ts';

const statusOf = async (app: TestApp) =>
  parse(signUpStatusSchema, (await createTestBrowser((request) => app.app.handle(request)).send('GET', paths.signUpStatus)).json);

test('without a limit everybody may come', async () => {
  const app = await createTestApp();
  expect(await statusOf(app)).toEqual({ open: true, mail: false, limit: null, left: null, resetsAt: null });
  await app.close();
});

test('the day’s places are given out once each, also to many at once, and again after midnight UTC', async () => {
  const app = await createTestApp({ MANA_MAX_DAILY_SIGNUPS: '3' });
  const send = (request: Request) => app.app.handle(request);
  app.clock.set(Date.parse('2026-11-25T22:30:00.000Z'));
  const resetsAt = '2026-11-26T00:00:00.000Z';
  expect(await statusOf(app)).toEqual({ open: true, mail: false, limit: 3, left: 3, resetsAt });
  const { email } = await signUp(send);
  await tryToSignUp(createTestBrowser(send), { email, password: 'another long password' });
  expect((await statusOf(app)).left).toBe(2); // a sign-up that failed takes no place
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      tryToSignUp(createTestBrowser(send), { email: `${n}@example.org`, password: 'another long password' }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
  const refused = answers.filter(({ json }) => json['code'] === 'SIGNUP_LIMIT_REACHED');
  expect(refused.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual(
    Array.from({ length: 4 }, () => [429, '5400']),
  );
  expect(await statusOf(app)).toEqual({ open: false, mail: false, limit: 3, left: 0, resetsAt });
  app.clock.advance(90 * 60_000);
  expect((await statusOf(app)).left).toBe(3);
  expect((await signUp(send)).account.id).toBeString();
  await app.close();
}, 60_000);
