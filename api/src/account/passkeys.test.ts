import { paths } from '@mana/shared/wire/endpoints';
import { passkeyCapabilitySchema, type Passkey } from '@mana/shared/wire/passkeys';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { parse } from 'zod/v4/core';
import { createSoftPasskey } from '../testing/soft-passkey.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { createTestBrowser, type TestAnswer, type TestBrowser } from '../testing/test-browser.ts';
import { addPasskey, askForChallenge, tryPasskey, tryToAddPasskey } from '../testing/test-passkey.ts';
import { signUp, trySignIn, type TestPerson } from '../testing/test-person.ts';

let app: TestApp;
let person: TestPerson;
const send = (request: Request) => app.app.handle(request);
const newBrowser = () => createTestBrowser(send);
const outcome = ({ status, json }: TestAnswer) => [status, json['code'] ?? 'ok'];
const passkeysOf = async (browser: TestBrowser) => (await browser.send('GET', paths.passkeys)).json['passkeys'] as Passkey[];
const handleOf = ({ account }: TestPerson) => Buffer.from(account.id).toString('base64url');

beforeAll(async () => {
  app = await createTestApp();
}, 60_000);
beforeEach(async () => {
  app.clock.advance(3_600_000); // limits of networks begin anew
  person = await signUp(send);
});
afterAll(() => app.close());

describe('a passkey', () => {
  test('is offered where the address of the instance is a domain, and not where it is a number', async () => {
    const capability = (browser: TestBrowser) => browser.send('GET', paths.passkeyCapability);
    const here = parse(passkeyCapabilitySchema, (await capability(newBrowser())).json);
    expect(here).toEqual({ enabled: true, rpId: 'localhost', conditionalUi: true, prf: true });
    const other = await createTestApp({ PUBLIC_URL: 'http://127.0.0.1:4321' });
    const browser = createTestBrowser((request) => other.app.handle(request), 'http://127.0.0.1:4321');
    const headers = { origin: 'http://127.0.0.1:4321' };
    expect((await capability(browser)).json['enabled']).toBe(false);
    const options = await browser.send('POST', paths.passkeyAuthenticateOptions, { body: {}, headers });
    expect(outcome(options)).toEqual([404, 'PASSKEY_NOT_ENABLED']);
    await other.close();
  });

  test('is made from raw options, kept with what the authenticator says, and never attested', async () => {
    const options = await person.browser.send('POST', paths.passkeyRegisterOptions, { body: {} });
    expect(options.json).toMatchObject({
      rp: { id: 'localhost', name: 'Mana' },
      user: { id: handleOf(person), name: person.email },
      attestation: 'none',
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const aaguid = Buffer.from('bada5566a7aa401fbd9645619a55120d', 'hex');
    const { passkey, soft } = await addPasskey(person.browser, createSoftPasskey({ aaguid, backedUp: true }));
    const kept = { name: '1Password', aaguid: 'bada5566-a7aa-401f-bd96-45619a55120d', backedUp: true, transports: ['internal'] };
    expect(passkey).toMatchObject({ ...kept, credentialId: soft.id, lastUsedAt: null, opensVault: false });
    expect(await passkeysOf(person.browser)).toEqual([passkey]);
    const again = await person.browser.send('POST', paths.passkeyRegisterOptions, { body: {} });
    expect(again.json['excludeCredentials']).toEqual([{ id: soft.id, type: 'public-key', transports: ['internal'] }]);
  });

  test('signs in with a new session, and its last use is kept', async () => {
    const { soft } = await addPasskey(person.browser);
    const browser = newBrowser();
    const answer = await tryPasskey(browser, soft, { userHandle: handleOf(person) });
    expect(answer.json['account']).toMatchObject({ id: person.account.id });
    expect([...browser.cookies.keys()].toSorted()).toEqual([
      'mana-challenge',
      expect.stringMatching(/^mana-known-[0-9a-f]{32}$/),
      `mana-session-${person.account.id}`,
    ]);
    expect((await browser.send('GET', paths.session)).status).toBe(200);
    expect((await passkeysOf(browser))[0]?.lastUsedAt).toBe(new Date(app.clock.nowMs()).toISOString());
  });

  test('signs in while the password is locked, and its browser is then trusted', async () => {
    const { soft } = await addPasskey(person.browser);
    for (let attempt = 0; attempt < 5; attempt++) await trySignIn(newBrowser(), { ...person, password: 'not the password' });
    expect(outcome(await trySignIn(newBrowser(), person))).toEqual([429, 'ACCOUNT_LOCKED']);
    const browser = newBrowser();
    expect((await tryPasskey(browser, soft)).status).toBe(200);
    expect((await trySignIn(browser, person)).status).toBe(200);
  });

  test('of an extension page gets a refresh token instead of a cookie', async () => {
    const { soft } = await addPasskey(person.browser);
    const browser = newBrowser();
    const answer = await tryPasskey(browser, soft, { origin: 'chrome-extension://obbjdcidlffnficinjjgofcbbkjmjbab' });
    expect(answer.json['refreshToken']).toBeString();
    expect([...browser.cookies.keys()]).toEqual(['mana-challenge']);
  });

  test('answers the tab that asked, also when another tab asked later', async () => {
    const { soft } = await addPasskey(person.browser);
    const browser = newBrowser();
    const first = await askForChallenge(browser, paths.passkeyAuthenticateOptions);
    await askForChallenge(browser, paths.passkeyAuthenticateOptions);
    const answer = await browser.send('POST', paths.passkeyAuthenticateVerify, { body: { response: soft.answer({ challenge: first }) } });
    expect(answer.status).toBe(200);
  });
});

describe('what proves nothing is refused:', () => {
  test('a foreign origin, another domain, no verified person, another one’s handle, a wrong signature, a removed passkey', async () => {
    const { soft, passkey } = await addPasskey(person.browser);
    const stranger = createSoftPasskey();
    const wrong = [
      await tryPasskey(newBrowser(), soft, { origin: 'https://evil.example' }),
      await tryPasskey(newBrowser(), soft, { rpId: 'evil.example' }),
      await tryPasskey(newBrowser(), soft, { userVerified: false }),
      await tryPasskey(newBrowser(), soft, { userHandle: Buffer.from(crypto.randomUUID()).toString('base64url') }),
      await tryPasskey(newBrowser(), stranger),
    ];
    const browser = newBrowser();
    const challenge = await askForChallenge(browser, paths.passkeyAuthenticateOptions);
    const forged = { ...stranger.answer({ challenge }), id: soft.id, rawId: soft.id };
    wrong.push(await browser.send('POST', paths.passkeyAuthenticateVerify, { body: { response: forged } }));
    await person.browser.send('DELETE', `${paths.passkeys}/${passkey.id}`);
    wrong.push(await tryPasskey(newBrowser(), soft));
    expect(wrong.map(outcome)).toEqual(wrong.map(() => [401, 'PASSKEY_VERIFICATION_FAILED']));
  });

  test('a new passkey of a foreign origin, or without a verified person', async () => {
    for (const more of [{ origin: 'https://evil.example' }, { userVerified: false }, { rpId: 'evil.example' }]) {
      expect(outcome(await tryToAddPasskey(person.browser, createSoftPasskey(), more))).toEqual([401, 'PASSKEY_VERIFICATION_FAILED']);
    }
    expect(await passkeysOf(person.browser)).toEqual([]);
  });

  test('a challenge that was answered before, came too late, was never asked, or was asked of another account or use', async () => {
    const { soft } = await addPasskey(person.browser);
    const browser = newBrowser();
    const verify = (response: unknown, from = browser) => from.send('POST', paths.passkeyAuthenticateVerify, { body: { response } });
    const response = soft.answer({ challenge: await askForChallenge(browser, paths.passkeyAuthenticateOptions) });
    expect((await verify(response)).status).toBe(200);
    expect(outcome(await verify(response))).toEqual([400, 'TOKEN_INVALID']);
    const late = soft.answer({ challenge: await askForChallenge(browser, paths.passkeyAuthenticateOptions) });
    expect(outcome(await verify(late, newBrowser()))).toEqual([400, 'TOKEN_INVALID']);
    app.clock.advance(600_001);
    expect(outcome(await verify(late))).toEqual([401, 'TOKEN_EXPIRED']);
    const challenge = await askForChallenge(person.browser, paths.passkeyRegisterOptions);
    expect(outcome(await verify(soft.answer({ challenge }), person.browser))).toEqual([400, 'TOKEN_INVALID']);
    const other = await signUp(send);
    person.browser.cookies.delete(`mana-session-${person.account.id}`);
    for (const [name, value] of other.browser.cookies) if (name.startsWith('mana-session-')) person.browser.cookies.set(name, value);
    const swapped = { body: { response: createSoftPasskey().register({ challenge }) } };
    expect(outcome(await person.browser.send('POST', paths.passkeyRegisterVerify, swapped))).toEqual([400, 'TOKEN_INVALID']);
  });

  test('a counter that goes back: somebody copied the authenticator', async () => {
    const { soft } = await addPasskey(person.browser);
    soft.counter = 8;
    expect((await tryPasskey(newBrowser(), soft)).status).toBe(200);
    soft.counter = 8;
    expect(outcome(await tryPasskey(newBrowser(), soft))).toEqual([401, 'PASSKEY_VERIFICATION_FAILED']);
    soft.counter = 9;
    expect((await tryPasskey(newBrowser(), soft)).status).toBe(200);
  });

  test('a body with the output of PRF, which must never leave the device', async () => {
    const results = { prf: { results: { first: Buffer.alloc(32, 7).toString('base64url') } } };
    for (const clientExtensionResults of [results, { prf: { enabled: true, ...results.prf } }, { hmacGetSecret: { output1: 'AAAA' } }]) {
      const registering = { ...createSoftPasskey().register({ challenge: 'AAAA' }), clientExtensionResults };
      const answering = { ...createSoftPasskey().answer({ challenge: 'AAAA' }), clientExtensionResults };
      const answers = [
        await person.browser.send('POST', paths.passkeyRegisterVerify, { body: { response: registering } }),
        await newBrowser().send('POST', paths.passkeyAuthenticateVerify, { body: { response: answering } }),
      ];
      expect(answers.map(outcome)).toEqual(answers.map(() => [400, 'VALIDATION']));
    }
  });

  test('malformed and oversized responses', async () => {
    const good = createSoftPasskey().answer({ challenge: 'AAAA' }) as { response: object };
    const bad = [
      {},
      { ...good, id: 'A'.repeat(1_365) },
      { ...good, type: 'password' },
      { ...good, invented: 1 },
      { ...good, response: { ...good.response, signature: 'A'.repeat(40_000) } },
      { ...good, response: { ...good.response, clientDataJSON: '…' } },
    ];
    for (const response of bad) {
      const answer = await newBrowser().send('POST', paths.passkeyAuthenticateVerify, { body: { response } });
      expect(outcome(answer)).toEqual([400, 'VALIDATION']);
    }
    const noClientData = { ...good, response: { ...good.response, clientDataJSON: Buffer.from('null').toString('base64url') } };
    const answer = await newBrowser().send('POST', paths.passkeyAuthenticateVerify, { body: { response: noClientData } });
    expect(outcome(answer)).toEqual([400, 'TOKEN_INVALID']);
  });
});

describe('limits', () => {
  test('one network asks for twenty options a minute', async () => {
    const ask = () => newBrowser().send('POST', paths.passkeyAuthenticateOptions, { body: {} });
    for (let asked = 0; asked < 20; asked++) expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect([...outcome(refused), refused.headers.get('retry-after')]).toEqual([429, 'RATE_LIMITED', '60']);
    app.clock.advance(60_001);
    expect((await ask()).status).toBe(200);
  });

  test('after ten wrong answers for a credential it rests for five minutes; others do not', async () => {
    const [{ soft }, { soft: other }] = [await addPasskey(person.browser), await addPasskey(person.browser)];
    for (let attempt = 0; attempt < 10; attempt++) {
      expect(outcome(await tryPasskey(newBrowser(), soft, { userVerified: false }))).toEqual([401, 'PASSKEY_VERIFICATION_FAILED']);
    }
    const resting = await tryPasskey(newBrowser(), soft);
    expect([...outcome(resting), resting.headers.get('retry-after')]).toEqual([429, 'RATE_LIMITED', '300']);
    expect((await tryPasskey(newBrowser(), other)).status).toBe(200);
    app.clock.advance(299_000);
    expect(outcome(await tryPasskey(newBrowser(), soft))).toEqual([429, 'RATE_LIMITED']);
    app.clock.advance(1_001);
    expect((await tryPasskey(newBrowser(), soft)).status).toBe(200);
  });

  test('a right answer forgets the wrong ones before it', async () => {
    const { soft } = await addPasskey(person.browser);
    for (let round = 0; round < 2; round++) {
      for (let attempt = 0; attempt < 9; attempt++) await tryPasskey(newBrowser(), soft, { userVerified: false });
      app.clock.advance(10_000);
      expect((await tryPasskey(newBrowser(), soft)).status).toBe(200);
      await app.database.asOwner(`delete from auth.network_limits where limit_key like 'passkey-options%'`);
    }
  });

  test('an account has at most twenty', async () => {
    await app.database.asOwner(`
      insert into auth.passkeys select gen_random_uuid(), '${person.account.id}', 'many' || n, 'key', 0, 'name', 'aaguid', '{}', false, 1
      from generate_series(1, 20) n`);
    expect(outcome(await person.browser.send('POST', paths.passkeyRegisterOptions, { body: {} }))).toEqual([409, 'CONFLICT']);
  });
});

describe('its owner', () => {
  test('renames and removes it; nobody else can', async () => {
    const [{ passkey }, stranger] = [await addPasskey(person.browser), await signUp(send)];
    const path = `${paths.passkeys}/${passkey.id}`;
    const rename = (browser: TestBrowser, name: string) => browser.send('PATCH', path, { body: { name } });
    expect(outcome(await rename(stranger.browser, 'mine'))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await stranger.browser.send('DELETE', path))).toEqual([404, 'NOT_FOUND']);
    expect((await rename(person.browser, ' Work laptop ')).status).toBe(204);
    expect(outcome(await rename(person.browser, ' '))).toEqual([400, 'VALIDATION']);
    expect((await passkeysOf(person.browser)).map(({ name }) => name)).toEqual(['Work laptop']);
    expect((await person.browser.send('DELETE', path)).status).toBe(204);
    expect(await passkeysOf(person.browser)).toEqual([]);
  });

  test('keeps a wrap with it, which goes with it', async () => {
    const { passkey, soft } = await addPasskey(person.browser);
    const wrap = { version: 1, credentialId: soft.id, ivB64: 'AAAAAAAAAAAAAAAA', ciphertextB64: 'AAAA' };
    const put = (body: unknown) => person.browser.send('PUT', `${paths.passkeys}/${passkey.id}/wrap`, { body });
    expect(outcome(await put({ wrap: { ...wrap, credentialId: 'AAAA' } }))).toEqual([404, 'NOT_FOUND']);
    expect((await put({ wrap })).status).toBe(204);
    const wraps = async () => (await person.browser.send('GET', paths.session)).json['account'] as { passkeyWraps: unknown };
    expect((await wraps()).passkeyWraps).toEqual([wrap]);
    expect((await passkeysOf(person.browser))[0]?.opensVault).toBe(true);
    await person.browser.send('DELETE', `${paths.passkeys}/${passkey.id}`);
    expect((await wraps()).passkeyWraps).toEqual([]);
  });

  test('cannot remove the last way in', async () => {
    const [{ passkey }, { passkey: second }] = [await addPasskey(person.browser), await addPasskey(person.browser)];
    await app.database.asOwner(`delete from auth.credentials where account_id = '${person.account.id}'`);
    const remove = (id: string) => person.browser.send('DELETE', `${paths.passkeys}/${id}`);
    expect((await remove(passkey.id)).status).toBe(204);
    expect(outcome(await remove(second.id))).toEqual([409, 'CONFLICT']);
    expect(await passkeysOf(person.browser)).toHaveLength(1);
  });
});

test('the log of its owner tells when it was made, used, refused and removed', async () => {
  const { soft, passkey } = await addPasskey(person.browser);
  await tryPasskey(newBrowser(), soft);
  await tryPasskey(newBrowser(), soft, { userVerified: false });
  await person.browser.send('DELETE', `${paths.passkeys}/${passkey.id}`);
  const { events } = (await person.browser.send('GET', paths.securityLog)).json as { events: { event: string }[] };
  const told = ['PASSKEY_REMOVED', 'PASSKEY_LOGIN_FAILURE', 'PASSKEY_LOGIN_SUCCESS', 'PASSKEY_REGISTERED', 'REGISTER'];
  expect(events.map(({ event }) => event)).toEqual(told);
});

test('other configured origins are named to browsers, may sign in by passkey and read the answer', async () => {
  const own = await createTestApp({ WEBAUTHN_ORIGINS: 'https://mana.example', WEBAUTHN_RP_NAME: 'Mana at home' });
  const sendOwn = (request: Request) => own.app.handle(request);
  const { browser } = await signUp(sendOwn);
  const extension = 'chrome-extension://obbjdcidlffnficinjjgofcbbkjmjbab';
  const { origins } = (await browser.send('GET', paths.relatedOrigins)).json;
  expect(origins).toEqual(['http://localhost:4321', 'https://mana.example', extension]);
  const { soft } = await addPasskey(browser);
  const related = createTestBrowser(sendOwn);
  const answer = await tryPasskey(related, soft, { origin: 'https://mana.example' });
  expect(answer.status).toBe(200);
  const preflight = new Request('http://localhost:4321/api/v1/auth/passkeys', {
    method: 'OPTIONS',
    headers: { origin: 'https://mana.example' },
  });
  const allowed = await own.app.handle(preflight);
  expect(allowed.headers.get('access-control-allow-credentials')).toBe('true');
  await own.close();
});
