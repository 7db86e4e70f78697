import { paths } from '@mana/shared/wire/endpoints';
import { SECURITY_LOG_PAGE, securityLogAnswerSchema, type LoggedEvent } from '@mana/shared/wire/security-log';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { parse } from 'zod/v4/core';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { createTestBrowser } from '../testing/test-browser.ts';
import { newTestWrap, signUp, trySignIn, type TestPerson } from '../testing/test-person.ts';

let app: TestApp;
let person: TestPerson;
const send = (request: Request) => app.app.handle(request);
const newBrowser = () => createTestBrowser(send);

beforeAll(async () => {
  app = await createTestApp();
}, 120_000);
beforeEach(async () => {
  person = await signUp(send);
});
afterAll(() => app.close());

const read = async ({ browser }: TestPerson, query = '') =>
  parse(securityLogAnswerSchema, (await browser.send('GET', `${paths.securityLog}${query}`)).json);
const names = (events: readonly LoggedEvent[]) => events.map(({ event }) => event);

describe('the security log', () => {
  test('tells what happened, where and when, the newest first', async () => {
    app.clock.advance(60_000);
    const other = newBrowser();
    await trySignIn(newBrowser(), { ...person, password: 'not the password' });
    await trySignIn(other, person);
    const { sessions } = (await person.browser.send('GET', paths.sessions)).json as { sessions: { id: string; current: boolean }[] };
    await person.browser.send('DELETE', `${paths.sessions}/${sessions.find(({ current }) => !current)?.id}`);
    await person.browser.send('PUT', paths.recoveryWrap, {
      body: { wrap: newTestWrap('recovery'), openerPublicB64: Buffer.alloc(32, 1).toString('base64') },
    });
    await person.browser.send('POST', paths.pair);
    const { events, more } = await read(person);
    expect(names(events)).toEqual([
      'EXTENSION_PAIRED',
      'RECOVERY_CODE_MADE',
      'SESSION_ENDED',
      'LOGIN_SUCCESS',
      'LOGIN_FAILURE',
      'REGISTER',
    ]);
    expect([more, events[0]?.at, events[0]?.device]).toEqual([false, new Date(app.clock.nowMs()).toISOString(), 'Unknown']);
  });

  test('tells of a lock once, and of each guess before it', async () => {
    for (let attempt = 0; attempt < 7; attempt++) await trySignIn(newBrowser(), { ...person, password: 'not the password' });
    const { events } = await read(person);
    expect(names(events)).toEqual(['ACCOUNT_LOCKED', ...Array.from({ length: 5 }, () => 'LOGIN_FAILURE'), 'REGISTER']);
  });

  test('tells of a signed-out device and of a refresh token that was used twice', async () => {
    const { refreshToken } = (await person.browser.send('POST', paths.pair)).json;
    for (let round = 0; round < 2; round++) {
      await newBrowser().send('POST', paths.token, { body: { refreshToken } });
      app.clock.advance(10_001);
    }
    await person.browser.send('POST', paths.logout);
    await trySignIn(person.browser, person);
    expect(names((await read(person)).events)).toEqual(['LOGIN_SUCCESS', 'LOGOUT', 'REFRESH_TOKEN_REUSED', 'EXTENSION_PAIRED', 'REGISTER']);
  });

  test('tells that the server failed in the middle of a sign-in', async () => {
    const breaking = createTestBrowser(async (request) => {
      const finishes = new URL(request.url).pathname === paths.loginFinish;
      if (finishes) await app.database.asOwner('alter table auth.sessions rename column device to device_gone');
      const answer = await send(request);
      if (finishes) await app.database.asOwner('alter table auth.sessions rename column device_gone to device');
      return answer;
    });
    expect((await trySignIn(breaking, person)).status).toBe(503);
    expect(names((await read(person)).events)).toEqual(['SERVICE_ERROR', 'REGISTER']);
  });

  test('shows nothing of another account', async () => {
    const stranger = await signUp(send);
    await trySignIn(newBrowser(), person);
    expect(names((await read(stranger)).events)).toEqual(['REGISTER']);
  });

  test('is read page by page to its end', async () => {
    await app.database.asOwner(
      `insert into auth.security_events (id, account_id, event, network, device, at_ms)
       select gen_random_uuid(), '${person.account.id}', 'EXTENSION_PAIRED', 'n', 'd', 1 from generate_series(1, ${SECURITY_LOG_PAGE + 3})`,
    );
    const first = await read(person);
    expect([first.events.length, first.more]).toEqual([SECURITY_LOG_PAGE, true]);
    const second = await read(person, `?before=${first.events.at(-1)?.id}`);
    expect([names(second.events), second.more]).toEqual([['EXTENSION_PAIRED', 'EXTENSION_PAIRED', 'EXTENSION_PAIRED', 'REGISTER'], false]);
    expect((await person.browser.send('GET', `${paths.securityLog}?before=1`)).status).toBe(400);
  });

  test('an address without an account writes nothing', async () => {
    const before = await app.database.asOwner('select count(*)::int as count from auth.security_events');
    for (let attempt = 0; attempt < 6; attempt++) await trySignIn(newBrowser(), { email: 'nobody@example.org', password: 'no password' });
    expect(await app.database.asOwner('select count(*)::int as count from auth.security_events')).toEqual(before);
  });
});
