import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import { SmtpFake } from '../../../e2e/fakes/smtp-fake.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { signUp, type TestPerson } from '../testing/test-person.ts';
import { describeOutbox } from './describe-outbox.ts';
import { noticeLifeMs, queueMail } from './outbox.service.ts';
import { sendDueMails } from './send-mails.ts';
import { createSmtp } from './smtp.ts';

let app: TestApp;
let smtp: SmtpFake;
let person: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  smtp = await SmtpFake.open();
  person = await signUp((request) => app.app.handle(request));
}, 60_000);
afterEach(async () => {
  smtp.mood = 'takes';
  await app.database.asOwner('delete from auth.mails');
});
afterAll(async () => {
  await smtp.close();
  await app.close();
});

const deliver = () => createSmtp({ url: new URL(smtp.url), from: 'Mana <mana@mana.example>' }, { connectMs: 300, silenceMs: 300 });
const send = () => sendDueMails(app.deps, deliver());
const mails = () => app.database.asOwner('select state::text, tries, trouble, sealed from auth.mails order by created_at_ms');
const queue = (words: { subject?: string; text?: string; to?: string | null } = {}) =>
  app.deps.db.as({ role: 'auth' }, (transaction) =>
    queueMail(app.deps, transaction, {
      accountId: person.account.id,
      to: null,
      subject: 'Grüße',
      text: 'Ein Link: http://localhost:4321/verify#canary-token\n',
      lifeMs: noticeLifeMs,
      ...words,
    }),
  );

test('a mail goes to where the account is now, in UTF-8, once, and what it said is forgotten', async () => {
  await queue();
  expect(await send()).toBe(1);
  expect(await send()).toBe(0);
  const [mail] = smtp.to(person.email);
  expect(mail?.text).toContain('http://localhost:4321/verify#canary-token');
  expect(mail?.raw).toContain('From: Mana <mana@mana.example>');
  expect(await mails()).toEqual([{ state: 'sent', tries: 1, trouble: null, sealed: null }]);
});

test('neither outbox nor log holds an address, a name, or what a mail says', async () => {
  await queue({ to: 'secret.person@example.org' });
  smtp.mood = 'refuses';
  await send();
  await queue({ to: 'secret.person@example.org' });
  smtp.mood = 'greylists';
  await send();
  const held = JSON.stringify(await app.database.asOwner('select * from auth.mails')) + app.logLines.join('');
  for (const secret of ['secret.person', 'canary-token', 'Grüße', person.email]) expect(held).not.toContain(secret);
});

const later = [
  ['greylists', '451'],
  ['sleeps', 'ETIMEDOUT'],
  ['drops', 'ECONNECTION'],
] as const;
for (const [mood, trouble] of later) {
  test(`a server that ${mood} is asked again, ever more rarely, until it takes the mail`, async () => {
    const before = smtp.received.length;
    await queue();
    smtp.mood = mood;
    expect(await send()).toBe(1);
    expect(await mails()).toMatchObject([{ state: 'waiting', tries: 1, trouble }]);
    expect(await send()).toBe(0);
    app.clock.advance(30_000);
    expect(await send()).toBe(1);
    app.clock.advance(30_000);
    expect(await send()).toBe(0);
    app.clock.advance(90_000);
    smtp.mood = 'takes';
    expect(await send()).toBe(1);
    expect(await mails()).toMatchObject([{ state: 'sent', tries: 3 }]);
    expect(smtp.received.length).toBe(before + 1);
  });
}

test('a server that nobody answers at is asked again', async () => {
  const gone = await SmtpFake.open();
  await gone.close();
  await queue();
  await sendDueMails(app.deps, createSmtp({ url: new URL(gone.url), from: 'mana@mana.example' }));
  expect(await mails()).toMatchObject([{ state: 'waiting', trouble: 'ESOCKET' }]);
});

test('a refused recipient is not asked for again', async () => {
  await queue();
  smtp.mood = 'refuses';
  expect(await send()).toBe(1);
  expect(await mails()).toEqual([{ state: 'failed', tries: 1, trouble: '550', sealed: null }]);
  app.clock.advance(noticeLifeMs / 2);
  expect(await send()).toBe(0);
});

test('two processes never send one mail twice, and one that died leaves its mail to the other', async () => {
  const before = smtp.received.length;
  for (let index = 0; index < 6; index++) await queue();
  const tried = await Promise.all([send(), send()]);
  expect(tried[0] + tried[1]).toBe(6);
  expect(smtp.received.length).toBe(before + 6);
  await queue();
  await sendDueMails(app.deps, () => Promise.reject(new Error('killed'))).catch(() => undefined);
  expect(await send()).toBe(0);
  app.clock.advance(120_000);
  expect(await send()).toBe(1);
});

test('the operator reads what waits, and of the rest only what became of it', async () => {
  expect(await describeOutbox(app.deps)).toBe('The outbox is empty.\n');
  await queue();
  smtp.mood = 'refuses';
  await send();
  await queue();
  const outbox = await describeOutbox(app.deps);
  expect(outbox).toContain(`To: ${person.email}\nSubject: Grüße`);
  expect(outbox.match(/canary-token/g)?.length).toBe(1);
  expect(outbox).toContain('failed · tries 1 · 550');
});

test('a mail whose time is over is forgotten unsent', async () => {
  await queue();
  app.clock.advance(noticeLifeMs);
  expect(await send()).toBe(0);
  expect(await mails()).toEqual([]);
});
