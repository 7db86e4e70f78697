import { b64ToBytes, bytesToB64, bytesToB64Url, bytesToHex } from '@mana/shared/base/bytes';
import { systemRandom } from '@mana/shared/base/random';
import { makeRecoveryCode } from '@mana/shared/crypto/recovery-code';
import { readOpenCopy } from '@mana/shared/session/vault-entries';
import { paths } from '@mana/shared/wire/endpoints';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { createTestDevice, type TestDevice } from '../testing/test-device.ts';

const slow = 60_000; // ms; Argon2id runs for every password
const fine = { ok: true, value: undefined } as const;
const wrong = { ok: false, error: 'INVALID_CREDENTIALS' } as const;
const next = 'a quite different sentence of mine';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
}, 120_000);
afterAll(() => app.close());

async function newMember() {
  const rosa = await createTestDevice(app);
  const input = { email: `rosa-${crypto.randomUUID()}@example.org`, password: 'correct horse battery staple' };
  expect(await rosa.session.signUp(input)).toEqual(fine);
  return { ...rosa, ...input };
}

async function withCode(member: TestDevice): Promise<readonly string[]> {
  const words = await member.session.newRecoveryCode();
  expect(await member.session.confirmRecoveryCode(words)).toEqual(fine);
  return words;
}

async function signedInElsewhere({ email, password }: { email: string; password: string }): Promise<TestDevice> {
  const other = await createTestDevice(app);
  expect(await other.session.signIn({ email, password })).toEqual(fine);
  return other;
}

const isSignedIn = async ({ browser }: TestDevice): Promise<boolean> => (await browser.send('GET', paths.session)).status === 200;

async function accountKeyOf({ device }: TestDevice): Promise<string> {
  const state = await device.vault.read();
  const key = state.current?.kind === 'account' ? await readOpenCopy(state, state.current.id) : undefined;
  return key ? bytesToB64(key) : 'locked';
}

const eventsOf = async ({ browser }: TestDevice): Promise<string[]> =>
  ((await browser.send('GET', paths.securityLog)).json as { events: { event: string }[] }).events.map(({ event }) => event);

describe('a changed password', () => {
  test(
    'opens the same account key, ends every other session, and follows to the lock of this device',
    async () => {
      const rosa = await newMember();
      const other = await signedInElsewhere(rosa);
      const before = await accountKeyOf(rosa);
      expect(await rosa.session.changePassword({ current: rosa.password, next })).toEqual(fine);
      expect([await isSignedIn(rosa), await isSignedIn(other)]).toEqual([true, false]);
      await rosa.session.lock();
      expect(await rosa.session.unlock(rosa.password)).toEqual(wrong);
      expect(await rosa.session.unlock(next)).toEqual(fine);
      expect(await other.session.signIn(rosa)).toEqual(wrong);
      expect(await other.session.signIn({ ...rosa, password: next })).toEqual(fine);
      expect([await accountKeyOf(rosa), await accountKeyOf(other)]).toEqual([before, before]);
      expect((await eventsOf(rosa)).slice(-3)).toEqual(['PASSWORD_CHANGED', 'LOGIN_SUCCESS', 'REGISTER']);
    },
    slow,
  );

  test(
    'needs the old one, a good new one, and nothing changes without them; guesses are counted',
    async () => {
      const rosa = await newMember();
      expect(await rosa.session.changePassword({ current: rosa.password, next: 'short' })).toEqual({ ok: false, error: 'WEAK_PASSWORD' });
      for (let guess = 0; guess < 5; guess++)
        expect(await rosa.session.changePassword({ current: `${rosa.password}${guess}`, next })).toEqual(wrong);
      expect(await rosa.session.changePassword({ current: rosa.password, next })).toEqual({ ok: false, error: 'ACCOUNT_LOCKED' });
      expect((await eventsOf(rosa)).filter((event) => event === 'PASSWORD_CHANGED')).toEqual([]);
    },
    slow,
  );

  test(
    'cannot be begun by one account and finished by another',
    async () => {
      const [rosa, eve] = [await newMember(), await newMember()];
      const start = rosa.sent.length;
      await rosa.session.changePassword({ current: rosa.password, next });
      const finish = rosa.sent.slice(start).find((line) => line.includes(paths.passwordFinish)) ?? '';
      const answer = await eve.browser.send('POST', paths.passwordFinish, { rawBody: finish.slice(finish.indexOf('{')) });
      expect([answer.status, answer.json['code']]).toEqual([400, 'TOKEN_INVALID']);
    },
    slow,
  );
});

describe('a recovery code', () => {
  test(
    'brings a new password and the same account key, ends every session and tells so',
    async () => {
      const rosa = await newMember();
      const words = await withCode(rosa);
      const before = await accountKeyOf(rosa);
      const found = await createTestDevice(app);
      const typed = words.map((word) => ` ${word.toUpperCase()} `);
      expect(await found.session.recover({ email: rosa.email, words: typed, password: next })).toEqual(fine);
      expect([await isSignedIn(rosa), await isSignedIn(found), await accountKeyOf(found)]).toEqual([false, true, before]);
      expect((await eventsOf(found)).slice(0, 2)).toEqual(['RECOVERY_USED', 'RECOVERY_CODE_MADE']);
      expect(await rosa.session.signIn({ ...rosa, password: next })).toEqual(fine);
      await found.session.lock();
      expect(await found.session.unlock(next)).toEqual(fine);
    },
    slow,
  );

  test(
    'of another account, or for an address that nobody has, fails alike and is counted',
    async () => {
      const rosa = await newMember();
      await withCode(rosa);
      const stranger = await createTestDevice(app);
      const words = makeRecoveryCode(systemRandom);
      const nobody = { email: 'nobody@example.org', words, password: next };
      expect(await stranger.session.recover({ ...nobody, email: rosa.email })).toEqual(wrong);
      expect(await stranger.session.recover(nobody)).toEqual(wrong);
      const [known, unknown] = stranger.received.filter((text) => text.includes('"sealed"'));
      expect(known?.length).toBeGreaterThan(2_000);
      expect(known?.length).toBe(unknown?.length as number);
      for (let guess = 0; guess < 4; guess++) await stranger.session.recover({ ...nobody, email: rosa.email });
      expect(await stranger.session.recover({ ...nobody, email: rosa.email })).toEqual({ ok: false, error: 'ACCOUNT_LOCKED' });
      expect(await stranger.session.recover({ ...nobody, words: words.slice(1) })).toEqual({ ok: false, error: 'VALIDATION' });
    },
    slow,
  );

  test(
    'is not enough without the account key: a forged signature changes nothing',
    async () => {
      const rosa = await newMember();
      const words = await withCode(rosa);
      const forger = await createTestDevice(app, (body) =>
        body.replace(/("signatureB64":")(.)/, (_, head, letter) => `${head}${letter === 'A' ? 'B' : 'A'}`),
      );
      expect(await forger.session.recover({ email: rosa.email, words, password: next })).toEqual(wrong);
      expect(await rosa.session.signIn(rosa)).toEqual(fine);
    },
    slow,
  );

  test(
    'that was replaced opens nothing any more',
    async () => {
      const rosa = await newMember();
      const old = await withCode(rosa);
      await withCode(rosa);
      const stranger = await createTestDevice(app);
      expect(await stranger.session.recover({ email: rosa.email, words: old, password: next })).toEqual(wrong);
    },
    slow,
  );
});

describe('a full session', () => {
  test(
    'sends nothing password-equivalent, stores none of it, and logs neither address nor token',
    async () => {
      const rosa = await newMember();
      const words = await withCode(rosa);
      await rosa.session.changePassword({ current: rosa.password, next });
      const other = await createTestDevice(app);
      await other.session.recover({ email: rosa.email, words, password: `${next} again` });
      const accountKey = b64ToBytes(await accountKeyOf(other));
      const tables = await app.database.asOwner(
        `select string_agg(format('select t::text as row from %I.%I t', schemaname, tablename), ' union all ') as query
         from pg_tables where schemaname in ('auth', 'sync')`,
      );
      const rows = (await app.database.asOwner(String(tables[0]?.['query']))).map(({ row }) => String(row)).join('\n');
      const log = app.logLines.join('\n');
      const wire = [...rosa.sent, ...rosa.received, ...other.sent, ...other.received].join('\n');
      expect(rows).toContain(rosa.email);
      const secrets = [
        rosa.password,
        next,
        words.slice(0, 4).join(' '),
        bytesToB64(accountKey),
        bytesToB64Url(accountKey),
        bytesToHex(accountKey),
      ];
      for (const [place, text] of Object.entries({ wire, rows, log })) {
        for (const secret of secrets) expect(`${place}: ${text.includes(secret)}`).toBe(`${place}: false`);
      }
      expect(log).not.toContain(rosa.email);
      for (const { browser } of [rosa, other]) for (const cookie of browser.cookies.values()) expect(`${log}${rows}`).not.toContain(cookie);
    },
    slow,
  );
});
