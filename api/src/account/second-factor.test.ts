import { paths } from '@mana/shared/wire/endpoints';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { TOTP, Secret } from 'otpauth';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { createTestDevice, type TestDevice } from '../testing/test-device.ts';

const slow = 60_000; // ms; Argon2id runs for every password
const fine = { ok: true, value: undefined } as const;
const failed = (error: string) => ({ ok: false, error }) as never;
const periodMs = 30_000;

let app: TestApp;
let rosa: TestDevice;
let input: { email: string; password: string };

beforeAll(async () => {
  app = await createTestApp();
}, 120_000);
beforeEach(async () => {
  rosa = await createTestDevice(app);
  input = { email: `rosa-${crypto.randomUUID()}@example.org`, password: 'correct horse battery staple' };
  expect(await rosa.session.signUp(input)).toEqual(fine);
}, slow);
afterAll(() => app.close());

async function proofOf({ session }: TestDevice) {
  const proof = await session.proveKey('totp');
  if (!proof.ok) throw new Error(proof.error);
  return proof.value;
}

/** Switches the second step on, and answers the codes of any time and the back-up codes. */
async function enable() {
  const enabled = await rosa.browser.send('POST', paths.totpEnable, { body: { proof: await proofOf(rosa) } });
  const secret = Secret.fromBase32(String(enabled.json['secretB32']));
  const codeAt = (ms: number) => new TOTP({ secret }).generate({ timestamp: ms });
  const code = codeAt(app.clock.nowMs());
  const confirmed = await rosa.browser.send('POST', paths.totpConfirm, { body: { code } });
  app.clock.advance(periodMs);
  return { codeAt, codeNow: () => codeAt(app.clock.nowMs()), code, confirmed, backupCodes: confirmed.json['backupCodes'] as string[] };
}

const eventsOf = async ({ browser }: TestDevice): Promise<string[]> =>
  ((await browser.send('GET', paths.securityLog)).json as { events: { event: string }[] }).events.map(({ event }) => event);

const other = () => createTestDevice(app);
const signIn = async (code?: string) => (await other()).session.signIn({ ...input, ...(code === undefined ? {} : { code }) });

describe('a second step', () => {
  test(
    'is asked for after the right password only, and opens by the code of the moment',
    async () => {
      const { codeNow } = await enable();
      expect(await signIn()).toEqual(failed('TWO_FACTOR_REQUIRED'));
      const wrong = await (await other()).session.signIn({ ...input, password: 'not the password of rosa', code: codeNow() });
      expect(wrong).toEqual(failed('INVALID_CREDENTIALS'));
      expect(await signIn(codeNow())).toEqual(fine);
      expect((await rosa.browser.send('GET', paths.totp)).json).toEqual({ enabled: true, backupCodesLeft: 10 });
    },
    slow,
  );

  test(
    'takes a code that is one period early or late, none further away, and each once',
    async () => {
      const { codeAt } = await enable();
      app.clock.advance(10 * periodMs);
      const nowMs = app.clock.nowMs();
      expect(await signIn(codeAt(nowMs - 2 * periodMs))).toEqual(failed('TWO_FACTOR_FAILED'));
      expect(await signIn(codeAt(nowMs + 2 * periodMs))).toEqual(failed('TWO_FACTOR_FAILED'));
      expect(await signIn(codeAt(nowMs - periodMs))).toEqual(fine);
      expect(await signIn(codeAt(nowMs - periodMs))).toEqual(failed('TWO_FACTOR_FAILED'));
      expect(await signIn(codeAt(nowMs + periodMs))).toEqual(fine);
      expect(await signIn(codeAt(nowMs))).toEqual(failed('TWO_FACTOR_FAILED'));
    },
    slow,
  );

  test(
    'can be taken by each back-up code once, however it is grouped; the database holds no code and no secret',
    async () => {
      const { backupCodes } = await enable();
      const [first = '', second = ''] = backupCodes;
      expect([backupCodes.length, new Set(backupCodes).size]).toEqual([10, 10]);
      expect(await signIn(first)).toEqual(fine);
      expect((await eventsOf(rosa)).slice(0, 2)).toEqual(['LOGIN_SUCCESS', 'BACKUP_CODE_USED']);
      expect(await signIn(first)).toEqual(failed('TWO_FACTOR_FAILED'));
      expect(await signIn(second.replace('-', ' ').toUpperCase())).toEqual(fine);
      expect((await rosa.browser.send('GET', paths.totp)).json).toEqual({ enabled: true, backupCodesLeft: 8 });
      const rows = JSON.stringify(await app.database.asOwner('select b::text, t::text from auth.backup_codes b, auth.totps t'));
      for (const code of backupCodes) expect(rows).not.toContain(code.replace('-', ''));
    },
    slow,
  );

  test(
    'counts wrong codes as guesses: five lock, and asking without a code clears none of them',
    async () => {
      const { codeNow } = await enable();
      for (let guess = 0; guess < 4; guess++) expect(await signIn('000000')).toEqual(failed('TWO_FACTOR_FAILED'));
      expect(await signIn()).toEqual(failed('TWO_FACTOR_REQUIRED'));
      expect(await signIn('000000')).toEqual(failed('TWO_FACTOR_FAILED'));
      expect(await signIn(codeNow())).toEqual(failed('ACCOUNT_LOCKED'));
    },
    slow,
  );

  test(
    'does not count before a code has confirmed it, nor twice',
    async () => {
      const draft = await rosa.browser.send('POST', paths.totpEnable, { body: { proof: await proofOf(rosa) } });
      expect(String(draft.json['uri'])).toStartWith('otpauth://totp/Mana:');
      const refused = await rosa.browser.send('POST', paths.totpConfirm, { body: { code: '000000' } });
      expect([refused.status, refused.json['code']]).toEqual([401, 'TWO_FACTOR_FAILED']);
      expect(await signIn()).toEqual(fine);
      await enable();
      const again = await rosa.browser.send('POST', paths.totpEnable, { body: { proof: await proofOf(rosa) } });
      expect([again.status, again.json['code']]).toEqual([409, 'CONFLICT']);
    },
    slow,
  );

  test(
    'is neither switched on nor off by a stolen cookie, an old proof, or one made for something else',
    async () => {
      await enable();
      const proof = await proofOf(rosa);
      const elsewhere = await rosa.session.proveKey('delete');
      const forged = { ...proof, answerB64: Buffer.alloc(32).toString('base64') };
      const off = async (body: unknown) => (await rosa.browser.send('POST', paths.totpDisable, { body: { proof: body } })).json['code'];
      expect(await off(forged)).toBe('FORBIDDEN');
      expect(await off(elsewhere.ok ? elsewhere.value : {})).toBe('TOKEN_INVALID');
      app.clock.advance(60_001);
      expect(await off(proof)).toBe('TOKEN_EXPIRED');
      expect(await off(await proofOf(rosa))).toBeUndefined();
      expect(await off(await proofOf(rosa))).toBe('NOT_FOUND');
      expect(await eventsOf(rosa)).toEqual(['TOTP_DISABLED', 'TOTP_ENABLED', 'REGISTER']);
      expect(await signIn()).toEqual(fine);
    },
    slow,
  );
});
