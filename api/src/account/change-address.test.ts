import { paths } from '@mana/shared/wire/endpoints';
import { EMAIL_UNDO_MS, MAIL_TOKEN_MS } from '@mana/shared/wire/mail';
import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { createTestApp } from '../testing/test-app.ts';
import { createTestBrowser } from '../testing/test-browser.ts';
import { createTestDevice, type TestDevice } from '../testing/test-device.ts';
import { createMailingApp, type MailingApp } from '../testing/test-mailbox.ts';
import { signUp } from '../testing/test-person.ts';

const slow = 120_000; // ms; Argon2id runs for every password
const fine = { ok: true, value: undefined } as const;
const password = 'correct horse battery staple';

let post: MailingApp;
let rosa: TestDevice;
let [from, to] = ['', ''];

beforeAll(async () => {
  post = await createMailingApp();
}, slow);
beforeEach(async () => {
  await post.app.database.asOwner('delete from auth.network_limits');
  from = `rosa-${crypto.randomUUID()}@example.org`;
  to = `rosa-new-${crypto.randomUUID()}@example.org`;
  rosa = await newMember(from);
}, slow);
afterAll(() => post.close());

const stranger = () => createTestBrowser((request) => post.app.app.handle(request));

async function newMember(email: string): Promise<TestDevice> {
  const device = await createTestDevice(post.app);
  await device.session.signUp({ email, password });
  await stranger().send('POST', paths.emailVerify, { body: { token: await post.tokenTo(email, '/verify') } });
  expect(await device.session.signIn({ email, password })).toEqual(fine);
  return device;
}

async function ask(email = to, device = rosa) {
  const proof = await device.session.proveKey('email');
  return device.browser.send('POST', paths.emailChangeStart, { body: { email, proof: proof.ok ? proof.value : {} } });
}
const finish = async (address = to) =>
  stranger().send('POST', paths.emailChangeFinish, { body: { token: await post.tokenTo(address, '/new-address') } });
const undo = async (address = from) =>
  stranger().send('POST', paths.emailChangeUndo, { body: { token: await post.tokenTo(address, '/undo-address') } });
const signIn = async (email: string) => (await createTestDevice(post.app)).session.signIn({ email, password });
const wrong = { ok: false, error: 'INVALID_CREDENTIALS' } as const;

test(
  'an address changes when the new one confirms; the password goes on, and the old address is told',
  async () => {
    expect((await ask()).json).toEqual({ mail: 'sent' });
    expect(await signIn(to)).toEqual(wrong);
    expect((await finish()).status).toBe(204);
    expect((await finish()).json['code']).toBe('TOKEN_INVALID');
    expect(await signIn(to)).toEqual(fine);
    expect(await signIn(from)).toEqual(wrong);
    expect((await rosa.browser.send('GET', paths.session)).json).toMatchObject({ account: { email: to } });
    expect((await post.mailsTo(from)).at(-1)).toContain('now belongs to another address');
    const { events } = (await rosa.browser.send('GET', paths.securityLog)).json as { events: { event: string }[] };
    expect(events.map(({ event }) => event)).toContain('EMAIL_CHANGED');
  },
  slow,
);

test(
  'the old address takes it back for seven days, every session ends, and nobody else can have it until then',
  async () => {
    await ask();
    await finish();
    const second = `rosa-third-${crypto.randomUUID()}@example.org`;
    await ask(second);
    expect((await finish(second)).status).toBe(204);
    const squatter = await createTestDevice(post.app);
    await squatter.session.signUp({ email: from, password: 'a squatter has a password' });
    expect((await post.mailsTo(from)).at(-1)).toContain('There is one already');
    post.app.clock.advance(EMAIL_UNDO_MS - 60_000);
    expect((await undo()).status).toBe(204);
    expect((await rosa.browser.send('GET', paths.session)).status).toBe(401);
    expect(await signIn(from)).toEqual(fine);
    expect(await signIn(second)).toEqual(wrong);
    expect((await undo()).json['code']).toBe('TOKEN_INVALID');
    expect((await undo(to)).json['code']).toBe('TOKEN_INVALID');
    const { events } = (
      await (async () => {
        const again = await createTestDevice(post.app);
        await again.session.signIn({ email: from, password });
        return again.browser.send('GET', paths.securityLog);
      })()
    ).json as { events: { event: string }[] };
    expect(events.map(({ event }) => event)).toContain('EMAIL_CHANGE_UNDONE');
  },
  slow,
);

test(
  'after seven days it stays as it is',
  async () => {
    await ask();
    await finish();
    const token = await post.tokenTo(from, '/undo-address');
    post.app.clock.advance(EMAIL_UNDO_MS);
    expect((await stranger().send('POST', paths.emailChangeUndo, { body: { token } })).json['code']).toBe('TOKEN_EXPIRED');
    expect(await signIn(to)).toEqual(fine);
  },
  slow,
);

test(
  'a cookie alone changes no address, a late link neither, and a taken address is told to its owner only',
  async () => {
    expect((await rosa.browser.send('POST', paths.emailChangeStart, { body: { email: to } })).json['code']).toBe('VALIDATION');
    const eve = await newMember(`eve-${to}`);
    const taken = await ask(from, eve);
    expect([taken.status, taken.json]).toEqual([200, { mail: 'sent' }]);
    expect((await post.mailsTo(from)).at(-1)).toContain('There is one already');
    await ask();
    post.app.clock.advance(MAIL_TOKEN_MS - 1_000);
    const token = await post.tokenTo(to, '/new-address');
    post.app.clock.advance(1_000);
    expect((await stranger().send('POST', paths.emailChangeFinish, { body: { token } })).json['code']).toBe('TOKEN_EXPIRED');
  },
  slow,
);

test(
  'without mail an address cannot be changed, and that is said',
  async () => {
    const plain = await createTestApp();
    const { browser } = await signUp((request) => plain.app.handle(request));
    const refused = await browser.send('POST', paths.emailChangeStart, { body: { email: to, proof: { attempt: 'x', answerB64: 'eA==' } } });
    expect([refused.status, refused.json['code']]).toEqual([404, 'MAIL_NOT_ENABLED']);
    expect((await browser.send('POST', paths.emailResend, { body: { email: to } })).json['code']).toBe('MAIL_NOT_ENABLED');
    expect((await browser.send('GET', paths.signUpStatus)).json['mail']).toBe(false);
    await plain.close();
  },
  slow,
);
