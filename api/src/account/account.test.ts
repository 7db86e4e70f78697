import { paths } from '@mana/shared/wire/endpoints';
import { accountSchema } from '@mana/shared/wire/account';
import { problemSchema } from '@mana/shared/wire/problem';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { parse } from 'zod/v4/core';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { createTestBrowser } from '../testing/test-browser.ts';
import { newTestWrap, signUp, trySignIn, tryToSignUp } from '../testing/test-person.ts';

const b64Of = (length: number) => Buffer.alloc(length, 1).toString('base64');

let app: TestApp;
const send = (request: Request) => app.app.handle(request);
const newBrowser = () => createTestBrowser(send);

beforeAll(async () => {
  app = await createTestApp();
}, 60_000);
afterAll(() => app.close());

describe('signing up', () => {
  test('makes the account with its wraps, identity and personal space, and signs in', async () => {
    const person = await signUp(send);
    const account = parse(accountSchema, person.account);
    expect(account.name).toBe(person.email.slice(0, person.email.indexOf('@')));
    expect(account.wraps.map(({ kind }) => kind)).toEqual(['password', 'recovery']);
    expect(account.spaces).toMatchObject([{ type: 'personal', role: 'owner', readOnly: false, epoch: 1 }]);
    expect(account.spaces[0]?.keys).toHaveLength(1);
    const session = await person.browser.send('GET', paths.session);
    expect(session.json['account']).toEqual(person.account);
  });

  test('a taken address is refused, however it is written, and nothing is made', async () => {
    const { email } = await signUp(send);
    const before = await app.database.asOwner('select count(*)::int as count from auth.accounts');
    const answer = await tryToSignUp(newBrowser(), { email: ` ${email.toUpperCase()} `, password: 'another long password' });
    expect([answer.status, answer.json['code']]).toEqual([409, 'EMAIL_ALREADY_REGISTERED']);
    expect(await app.database.asOwner('select count(*)::int as count from auth.accounts')).toEqual(before);
  });

  test('a space id that exists makes no account at all', async () => {
    const person = await signUp(send);
    const email = `${crypto.randomUUID()}@example.org`;
    const answer = await tryToSignUp(newBrowser(), { email, password: 'another long password', space: person.space });
    expect([answer.status, answer.json['code']]).toEqual([409, 'CONFLICT']);
    expect(await app.database.asOwner(`select * from auth.accounts where email = '${email}'`)).toEqual([]);
  });

  test('who looks for taken addresses is stopped, others are not', async () => {
    const own = await createTestApp();
    const sendOwn = (request: Request) => own.app.handle(request);
    const { email } = await signUp(sendOwn);
    const codes: unknown[] = [];
    for (let attempt = 0; attempt < 11; attempt++) {
      codes.push((await tryToSignUp(createTestBrowser(sendOwn), { email, password: 'another long password' })).json['code']);
    }
    expect(codes).toEqual([...Array.from({ length: 10 }, () => 'EMAIL_ALREADY_REGISTERED'), 'RATE_LIMITED']);
    own.clock.advance(3_600_001);
    expect((await signUp(sendOwn)).account.id).toBeString();
    await own.close();
  }, 60_000);

  test('what was begun a minute ago can no longer be finished', async () => {
    const browser = newBrowser();
    const start = await browser.send('POST', paths.registerStart, { body: { email: 'late@example.org', registrationRequest: 'AAAA' } });
    expect(start.json['code']).toBe('VALIDATION');
  });
});

describe('signing in', () => {
  test('the right password opens a new session; the cookie is not readable by scripts', async () => {
    const person = await signUp(send);
    const browser = newBrowser();
    const answer = await trySignIn(browser, person);
    expect(answer.status).toBe(200);
    expect(answer.json['account']).toEqual(person.account);
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith(`mana-session-${person.account.id}=`));
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    const name = `mana-session-${person.account.id}`;
    expect(browser.cookies.get(name)).not.toBe(person.browser.cookies.get(name));
  });

  test('a wrong password and an unknown address get the same answer', async () => {
    const person = await signUp(send);
    const wrong = await trySignIn(newBrowser(), { email: person.email, password: 'not the password' });
    const unknown = await trySignIn(newBrowser(), { email: 'nobody@example.org', password: 'not the password' });
    const { requestId: first, ...wrongBody } = wrong.json;
    const { requestId: second, ...unknownBody } = unknown.json;
    expect(first).not.toBe(second);
    expect([wrong.status, wrongBody]).toEqual([unknown.status, unknownBody]);
    expect(wrongBody).toMatchObject({ status: 401, code: 'INVALID_CREDENTIALS', retryable: false });
    expect(parse(problemSchema, wrong.json).code).toBe('INVALID_CREDENTIALS');
  });

  test('a known and an unknown address take the same time', async () => {
    const known = Array.from({ length: 12 }, () => crypto.randomUUID());
    const people = await Promise.all(known.map(() => signUp(send)));
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 48; round++) {
      for (const kind of ['known', 'unknown'] as const) {
        const email = kind === 'known' ? (people[round % 12]?.email ?? '') : `${crypto.randomUUID()}@example.org`;
        const startMs = performance.now();
        await trySignIn(newBrowser(), { email, password: 'not the password' });
        times[kind].push(performance.now() - startMs);
      }
    }
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    const ratio = median(times.known) / median(times.unknown);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  }, 60_000);

  test('an attempt counts once', async () => {
    const person = await signUp(send);
    const answer = await trySignIn(newBrowser(), { email: person.email, password: 'not the password' });
    expect(answer.status).toBe(401);
    const again = await newBrowser().send('POST', paths.loginFinish, { body: { attempt: 'AAAA', finishLoginRequest: 'AAAA' } });
    expect([again.status, again.json['code']]).toEqual([400, 'TOKEN_INVALID']);
  });
});

describe('sessions', () => {
  test('are listed with device and masked network, and end one by one', async () => {
    const person = await signUp(send);
    const second = newBrowser();
    await trySignIn(second, person);
    const { sessions } = (await person.browser.send('GET', paths.sessions)).json as { sessions: { id: string; current: boolean }[] };
    expect(sessions).toHaveLength(2);
    const other = sessions.find(({ current }) => !current);
    expect((await person.browser.send('DELETE', `${paths.sessions}/${other?.id}`)).status).toBe(204);
    expect((await second.send('GET', paths.session)).status).toBe(401);
    expect((await person.browser.send('GET', paths.session)).status).toBe(200);
  });

  test('of another account cannot be ended', async () => {
    const [person, stranger] = [await signUp(send), await signUp(send)];
    const { sessions } = (await person.browser.send('GET', paths.sessions)).json as { sessions: { id: string }[] };
    const answer = await stranger.browser.send('DELETE', `${paths.sessions}/${sessions[0]?.id}`);
    expect([answer.status, answer.json['code']]).toEqual([404, 'NOT_FOUND']);
    expect((await person.browser.send('GET', paths.session)).status).toBe(200);
  });

  test('signing out ends the session on the server too', async () => {
    const person = await signUp(send);
    const stolen = newBrowser();
    for (const [name, value] of person.browser.cookies) stolen.cookies.set(name, value);
    expect((await person.browser.send('POST', paths.logout)).status).toBe(204);
    expect(person.browser.cookies.has(`mana-session-${person.account.id}`)).toBeFalse();
    expect((await stolen.send('GET', paths.session)).status).toBe(401);
  });

  test('last 30 days from their last use', async () => {
    const own = await createTestApp();
    const person = await signUp((request) => own.app.handle(request));
    own.clock.advance(29 * 86_400_000);
    const used = await person.browser.send('GET', paths.session);
    expect([used.status, used.headers.getSetCookie().length]).toEqual([200, 1]);
    own.clock.advance(29 * 86_400_000);
    expect((await person.browser.send('GET', paths.session)).status).toBe(200);
    own.clock.advance(31 * 86_400_000);
    expect((await person.browser.send('GET', paths.session)).status).toBe(401);
    await own.close();
  }, 60_000);
});

describe('tokens of the extension', () => {
  const bearer = (token: unknown) => ({ headers: { authorization: `Bearer ${String(token)}` } });

  async function pairedClient() {
    const person = await signUp(send);
    const { refreshToken } = (await person.browser.send('POST', paths.pair)).json;
    const extension = newBrowser();
    return { person, extension, refreshToken: String(refreshToken) };
  }

  test('a paired client reads the session by its access token', async () => {
    const { person, extension, refreshToken } = await pairedClient();
    const pair = await extension.send('POST', paths.token, { body: { refreshToken } });
    const session = await extension.send('GET', paths.session, bearer(pair.json['accessToken']));
    expect(session.json['account']).toEqual(person.account);
  });

  test('a parent that comes again at once has the same successor; later it ends the family', async () => {
    const { extension, refreshToken } = await pairedClient();
    const rotate = (token: string) => extension.send('POST', paths.token, { body: { refreshToken: token } });
    const [first, again] = [await rotate(refreshToken), await rotate(refreshToken)];
    expect(again.json['refreshToken']).toBe(first.json['refreshToken']);
    app.clock.advance(10_001);
    expect((await rotate(refreshToken)).json['code']).toBe('TOKEN_INVALID');
    expect((await rotate(String(first.json['refreshToken']))).json['code']).toBe('TOKEN_INVALID');
    expect((await extension.send('GET', paths.session, bearer(first.json['accessToken']))).status).toBe(401);
  });

  test('fifty clients that rotate at once are never signed out', async () => {
    const { extension, refreshToken } = await pairedClient();
    let token = refreshToken;
    for (let round = 0; round < 4; round++) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => extension.send('POST', paths.token, { body: { refreshToken: token } })),
      );
      expect(new Set(answers.map(({ json }) => json['refreshToken'])).size).toBe(1);
      token = String(answers[0]?.json['refreshToken']);
    }
  }, 30_000);

  test('an access token ends after a quarter of an hour, and says so', async () => {
    const { extension, refreshToken } = await pairedClient();
    const pair = await extension.send('POST', paths.token, { body: { refreshToken } });
    app.clock.advance(15 * 60_000 + 1_000);
    const answer = await extension.send('GET', paths.session, bearer(pair.json['accessToken']));
    expect([answer.status, answer.json['code']]).toEqual([401, 'TOKEN_EXPIRED']);
  });

  test('anybody can verify them by the published key', async () => {
    const { keys } = (await newBrowser().send('GET', paths.jwks)).json as { keys: Record<string, unknown>[] };
    expect(keys).toMatchObject([{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' }]);
    expect(keys[0]).not.toHaveProperty('d');
  });

  test('a made-up token is not valid', async () => {
    const answer = await newBrowser().send('POST', paths.token, { body: { refreshToken: 'made-up' } });
    expect([answer.status, answer.json['code']]).toEqual([400, 'TOKEN_INVALID']);
    expect((await newBrowser().send('GET', paths.session, bearer('a.b.c'))).status).toBe(401);
  });
});

test('the wrap of a recovery code is stored and replaced', async () => {
  const person = await signUp(send);
  const wrap = newTestWrap('recovery');
  expect((await person.browser.send('PUT', paths.recoveryWrap, { body: { wrap, openerPublicB64: b64Of(32) } })).status).toBe(204);
  const { account } = (await person.browser.send('GET', paths.session)).json as { account: { wraps: unknown[] } };
  expect(account.wraps).toContainEqual(wrap);
  const wrong = await person.browser.send('PUT', paths.recoveryWrap, {
    body: { wrap: newTestWrap('password'), openerPublicB64: b64Of(32) },
  });
  expect(wrong.status).toBe(400);
});
