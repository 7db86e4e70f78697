import { paths } from '@mana/shared/wire/endpoints';
import { MAIL_TOKEN_MS } from '@mana/shared/wire/mail';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { createTestBrowser } from '../testing/test-browser.ts';
import { createTestDevice } from '../testing/test-device.ts';
import { createMailingApp, type MailingApp } from '../testing/test-mailbox.ts';
import { trySignIn, tryToSignUp } from '../testing/test-person.ts';

const slow = 120_000; // ms; Argon2id runs for every password of a device
const fine = { ok: true, value: undefined } as const;

let post: MailingApp;
let email: string;
const password = 'correct horse battery staple';

beforeAll(async () => {
  post = await createMailingApp();
}, slow);
beforeEach(async () => {
  email = `rosa-${crypto.randomUUID()}@example.org`;
  await post.app.database.asOwner('delete from auth.network_limits');
});
afterAll(() => post.close());

const browser = () => createTestBrowser((request) => post.app.app.handle(request));
const signUp = (address = email, secret = password) => tryToSignUp(browser(), { email: address, password: secret });
const verify = (token: string) => browser().send('POST', paths.emailVerify, { body: { token } });
const resend = (address = email) => browser().send('POST', paths.emailResend, { body: { email: address } });
const signIn = (secret = password) => trySignIn(browser(), { email, password: secret });
const seen = ({ status, text, headers }: { status: number; text: string; headers: Headers }) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => name !== 'x-request-id'),
});

async function member(): Promise<void> {
  await signUp();
  expect((await verify(await post.tokenTo(email, '/verify'))).status).toBe(204);
}

describe('a sign-up where mail is sent', () => {
  test(
    'signs nobody in before the link, tells whoever knows the password that it is missing, and signs in after it',
    async () => {
      const device = await createTestDevice(post.app);
      expect(await device.session.signUp({ email, password })).toEqual({ ok: false, error: 'EMAIL_NOT_VERIFIED' });
      expect(device.session.state().kind).toBe('none');
      expect(device.browser.cookies.size).toBe(0);
      expect(await device.session.signIn({ email, password })).toEqual({ ok: false, error: 'EMAIL_NOT_VERIFIED' });
      expect(await device.session.signIn({ email, password: 'something else entirely' })).toEqual({
        ok: false,
        error: 'INVALID_CREDENTIALS',
      });
      expect(await post.app.database.asOwner('select * from auth.accounts')).toEqual([]);
      expect((await verify(await post.tokenTo(email, '/verify'))).status).toBe(204);
      expect(await device.session.signIn({ email, password })).toEqual(fine);
    },
    slow,
  );

  test('answers a known address as it answers an unknown one, byte for byte, and its owner gets a notice', async () => {
    await member();
    const before = await post.mailsTo(email);
    const [known, unknown] = [await signUp(email, 'another good password'), await signUp(`new-${email}`)];
    expect(seen(known)).toEqual(seen(unknown));
    expect(known.json).toEqual({ mail: 'sent' });
    const mails = await post.mailsTo(email);
    expect(mails.length).toBe(before.length + 1);
    expect(mails.at(-1)).toContain('There is one already');
    expect(mails.at(-1)).not.toContain('#');
    expect((await signIn()).status).toBe(200);
    expect((await signIn('another good password')).json['code']).toBe('INVALID_CREDENTIALS');
  });

  test('writes the mail in the language that the browser asks for', async () => {
    const german = createTestBrowser((request) => {
      request.headers.set('accept-language', 'de-AT,de;q=0.9');
      return post.app.app.handle(request);
    });
    await tryToSignUp(german, { email, password });
    expect((await post.mailsTo(email)).at(-1)).toContain('bestätigst du deine Adresse');
  });

  test('of two sign-ups for one address the one whose link is opened becomes the account', async () => {
    await signUp(email, 'the password of a stranger');
    await signUp();
    await member().catch(() => undefined);
    expect((await signIn('the password of a stranger')).json['code']).toBe('INVALID_CREDENTIALS');
    expect((await signIn()).status).toBe(200);
  });
});

describe('the link', () => {
  test('works once, and for an hour; sent again it is the same, so that of two mails either works', async () => {
    await signUp();
    const token = await post.tokenTo(email, '/verify');
    post.app.clock.advance(MAIL_TOKEN_MS);
    expect((await verify(token)).json['code']).toBe('TOKEN_EXPIRED');
    expect((await resend()).json).toEqual({ mail: 'sent' });
    expect(await post.tokenTo(email, '/verify')).toBe(token);
    expect((await verify(token)).status).toBe(204);
    expect((await verify(token)).json['code']).toBe('TOKEN_INVALID');
    expect((await verify('made up')).json['code']).toBe('TOKEN_INVALID');
  });

  test('rests as a hash, and what was signed up lies sealed', async () => {
    await signUp();
    const token = await post.tokenTo(email, '/verify');
    const tables = ['pending_sign_ups', 'mails', 'network_limits', 'attempts', 'throttles'];
    const rows = await Promise.all(tables.map((table) => post.app.database.asOwner(`select * from auth.${table}`)));
    const held = JSON.stringify(rows) + post.app.logLines.join('');
    for (const secret of [token, email, email.slice(0, 12), password]) expect(held).not.toContain(secret);
  });

  test('is sent again without telling who is waiting for one', async () => {
    await signUp();
    const [waiting, unknown] = [await resend(), await resend(`nobody-${email}`)];
    await verify(await post.tokenTo(email, '/verify'));
    expect(seen(waiting)).toEqual(seen(unknown));
    const before = (await post.mailsTo(email)).length;
    expect(seen(await resend())).toEqual(seen(unknown));
    expect((await post.mailsTo(email)).length).toBe(before);
    expect(await post.mailsTo(`nobody-${email}`)).toEqual([]);
  });
});

test('a thousand mails asked for one address: five are sent, the rest is told to wait, known or not', async () => {
  await signUp();
  const answers: string[] = [];
  for (let round = 0; round < 1_000; round++) {
    const { status, json } = await resend();
    answers.push(`${status} ${String(json['code'] ?? 'sent')}`);
  }
  expect(answers.filter((answer) => answer === '200 sent').length).toBe(4);
  expect(answers.filter((answer) => answer === '429 RATE_LIMITED').length).toBe(996);
  expect((await post.mailsTo(email)).length).toBe(5);
  expect((await signUp()).json['code']).toBe('RATE_LIMITED');
  post.app.clock.advance(3_600_000);
  expect((await resend()).status).toBe(200);
}, 60_000);
