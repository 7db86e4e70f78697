import { paths } from '@mana/shared/wire/endpoints';
import type { Account } from '@mana/shared/wire/account';
import { client, ready } from '@serenity-kit/opaque';
import type { TestDatabase } from './test-database.ts';
import { createTestBrowser, type SendRequest, type TestAnswer, type TestBrowser } from './test-browser.ts';

// The server never sees the stretching: the least of it keeps tests quick.
const quickStretching = { 'argon2id-custom': { iterations: 1, memory: 8, parallelism: 1 } };

const b64 = (length: number): string => Buffer.from(crypto.getRandomValues(new Uint8Array(length))).toString('base64');

export const newTestIdentity = () => ({
  version: 1,
  sealingPublicB64: b64(32),
  signingPublicB64: b64(32),
  privateIvB64: b64(12),
  privateCiphertextB64: b64(80),
});

type TestIdentity = ReturnType<typeof newTestIdentity>;

export const newTestWrap = (kind: 'password' | 'recovery') => ({ version: 1, kind, ivB64: b64(12), ciphertextB64: b64(48) });

export interface TestPerson {
  readonly browser: TestBrowser;
  readonly email: string;
  readonly password: string;
  readonly account: Account;
  readonly space: string;
  /** Handed over instead of a cookie where the client is an extension. */
  readonly refreshToken: string | undefined;
}

/** Signs a new person up in a browser of their own. */
export async function signUp(
  send: SendRequest,
  options: { email?: string; client?: 'web' | 'extension'; baseUrl?: string; identity?: TestIdentity } = {},
): Promise<TestPerson> {
  const email = options.email ?? `${crypto.randomUUID()}@example.org`;
  const password = `correct horse ${crypto.randomUUID()}`;
  const browser = createTestBrowser(send, options.baseUrl);
  const answer = await tryToSignUp(browser, {
    email,
    password,
    client: options.client ?? 'web',
    identity: options.identity ?? newTestIdentity(),
  });
  if (answer.status !== 200) throw new Error(`signing up failed: ${answer.text}`);
  const account = answer.json['account'] as Account;
  return {
    browser,
    email,
    password,
    account,
    space: account.spaces[0]?.id ?? '',
    refreshToken: answer.json['refreshToken'] as string | undefined,
  };
}

/** Takes out of a space what signing up put there, so that the sequence numbers of a test begin at 1. */
export async function emptySpace({ asOwner }: Pick<TestDatabase, 'asOwner'>, { space }: TestPerson): Promise<void> {
  await asOwner(`delete from sync.records where space_id = '${space}'; update sync.spaces set seq = 0 where id = '${space}'`);
}

export async function tryToSignUp(
  browser: TestBrowser,
  {
    email,
    password,
    keyStretching = quickStretching,
    ...more
  }: { email: string; password: string; client?: string; space?: string; identity?: TestIdentity; keyStretching?: typeof quickStretching },
): Promise<TestAnswer> {
  await ready;
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const start = await browser.send('POST', paths.registerStart, { body: { email, registrationRequest } });
  if (start.status !== 200) return start;
  const registrationResponse = String(start.json['registrationResponse']);
  const { registrationRecord } = client.finishRegistration({ password, registrationResponse, clientRegistrationState, keyStretching });
  return browser.send('POST', paths.registerFinish, {
    body: {
      attempt: start.json['attempt'],
      email,
      registrationRecord,
      wraps: [newTestWrap('password'), newTestWrap('recovery')],
      identity: more.identity ?? newTestIdentity(),
      recoveryOpenerB64: b64(32),
      space: { id: more.space ?? crypto.randomUUID(), key: { epoch: 1, encB64: b64(32), ciphertextB64: b64(48) } },
      ...(more.client ? { client: more.client } : {}),
    },
  });
}

/** Signs in as the app does: a wrong password is noticed on the device, and said. */
export async function trySignIn(browser: TestBrowser, { email, password }: { email: string; password: string }): Promise<TestAnswer> {
  await ready;
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  const start = await browser.send('POST', paths.loginStart, { body: { email, startLoginRequest } });
  if (start.status !== 200) return start;
  const loginResponse = String(start.json['loginResponse']);
  const finish = client.finishLogin({ clientLoginState, loginResponse, password, keyStretching: quickStretching });
  const { attempt } = start.json;
  return finish
    ? browser.send('POST', paths.loginFinish, { body: { attempt, finishLoginRequest: finish.finishLoginRequest } })
    : browser.send('POST', paths.loginAbandon, { body: { attempt } });
}
