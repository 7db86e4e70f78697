import { paths } from '@mana/shared/wire/endpoints';
import { DELETION_UNDO_MS, exportAnswerSchema } from '@mana/shared/wire/leave';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { parse } from 'zod/v4/core';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { createTestDevice, type TestDevice } from '../testing/test-device.ts';
import { purgeAccounts } from './leave.service.ts';

const slow = 120_000; // ms; Argon2id runs for every password
const fine = { ok: true, value: undefined } as const;

/** Tables that know no person, and why. */
const withoutPersons: Readonly<Record<string, string>> = {
  'auth.throttles': 'counts by a keyed hash of the address',
  'auth.network_limits': 'counts by network',
  'auth.pending_sign_ups': 'holds no account yet, and only by a keyed hash and a seal; gone after a day',
  'sync.server_state': 'is the instance’s own',
};

let app: TestApp;
let rosa: TestDevice;
let input: { email: string; password: string };
let id: string;
let space: string;

beforeAll(async () => {
  app = await createTestApp();
}, slow);
afterAll(() => app.close());

/** Rosa, with a row of hers in every table that knows persons. */
beforeEach(async () => {
  rosa = await createTestDevice(app);
  input = { email: `rosa-${crypto.randomUUID()}@example.org`, password: 'correct horse battery staple' };
  expect(await rosa.session.signUp(input)).toEqual(fine);
  expect(await rosa.session.confirmRecoveryCode(await rosa.session.newRecoveryCode())).toEqual(fine);
  await rosa.browser.send('POST', paths.pair);
  const state = rosa.session.state();
  if (state.kind !== 'open') throw new Error(state.kind);
  id = state.account?.id ?? '';
  space = state.store.homeSpace;
  await app.database.asOwner(`
    insert into sync.records values ('${space}', 'notes', '${crypto.randomUUID()}', 9, 2, '{"title":{"v":"enc:1:canary"}}');
    insert into sync.pushes values ('${id}', 'a1b2c3d4e5f60718', 1, 'digest', '{}');
    insert into sync.shared_points values ('${space}', 2, 1);
    insert into sync.statements values ('${space}', 1, '${id}', '{}');
    insert into sync.leavings values ('${space}', '${id}', 1, '');
    insert into sync.invitations (id, space_id, space_type, token_hash, role, read_only, expires_at_ms, made_by, made_by_name,
      made_by_sealing_b64, made_by_signing_b64, sealed_enc_b64, sealed_ciphertext_b64)
      values ('${crypto.randomUUID()}', '${space}', 'personal', '${crypto.randomUUID()}', 'member', false, 1, '${id}', '', '', '', '', '');
    insert into auth.attempts values ('${crypto.randomUUID()}', 'key', '${id}', 'open', 1, null);
    insert into auth.totps values ('${id}', 'sealed', null, 1);
    insert into auth.backup_codes values ('${id}', 'hash', null);
    insert into auth.profiles values ('${id}', null, false, null);
    insert into auth.address_changes values ('${crypto.randomUUID()}', '${id}', 'new@example.org', '${crypto.randomUUID()}', 1, 'old@example.org', null, null, 1);
    insert into auth.deletions values ('${id}', 1, 9e15);
    insert into auth.passkeys values ('${crypto.randomUUID()}', '${id}', '${crypto.randomUUID()}', 'key', 0, 'name', 'aaguid', '{}', false, 1)`);
}, slow);

const tableNames = async (): Promise<string[]> =>
  (
    await app.database.asOwner(
      `select schemaname || '.' || tablename as name from pg_tables where schemaname in ('auth', 'sync') order by 1`,
    )
  ).map(({ name }) => String(name));

/** Tables with a row that names the account or its space, wherever in it. */
async function tablesThatKnowRosa(): Promise<string[]> {
  const found: string[] = [];
  for (const name of await tableNames()) {
    const [row] = await app.database.asOwner(
      `select count(*)::int as count from ${name} t where t::text like '%${id}%' or t::text like '%${space}%' or t::text like '%${input.email}%'`,
    );
    if (Number(row?.['count']) > 0) found.push(name);
  }
  return found;
}

async function ask(purpose: 'delete' | 'totp' = 'delete') {
  const proof = await rosa.session.proveKey(purpose);
  return rosa.browser.send('DELETE', paths.me, { body: { proof: proof.ok ? proof.value : {} } });
}

test(
  'an export holds the account’s rows of every table that knows persons, and says what it leaves out and why',
  async () => {
    const known = await tablesThatKnowRosa();
    expect(known).toEqual((await tableNames()).filter((name) => !(name in withoutPersons)));
    const exported = parse(exportAnswerSchema, (await rosa.browser.send('GET', paths.export)).json);
    const empty = known.filter((name) => (exported.tables[name] ?? []).length === 0);
    expect(empty).toEqual([]);
    expect(exported.tables['auth.accounts']).toMatchObject([{ id, email: input.email }]);
    expect(JSON.stringify(exported.tables['sync.records'])).toContain('enc:1:canary');
    for (const path of Object.keys(exported.withheld)) {
      const at = path.lastIndexOf('.');
      for (const row of exported.tables[path.slice(0, at)] ?? []) expect(row).not.toHaveProperty([path.slice(at + 1)]);
    }
  },
  slow,
);

test(
  'an export holds nothing of anybody else',
  async () => {
    const eve = await createTestDevice(app);
    expect(await eve.session.signUp({ ...input, email: `eve-${crypto.randomUUID()}@example.org` })).toEqual(fine);
    const text = (await eve.browser.send('GET', paths.export)).text;
    for (const foreign of [id, space, input.email]) expect(text).not.toContain(foreign);
  },
  slow,
);

describe('a deletion', () => {
  beforeEach(() => app.database.asOwner(`delete from auth.deletions where account_id = '${id}'`));

  test(
    'is asked for by proof of the account key only, never by a cookie alone',
    async () => {
      expect((await ask('totp')).json['code']).toBe('TOKEN_INVALID');
      expect((await rosa.browser.send('DELETE', paths.me, { body: {} })).json['code']).toBe('VALIDATION');
      expect((await rosa.browser.send('GET', paths.deletion)).json).toEqual({ dueAt: null });
    },
    slow,
  );

  test(
    'ends other sessions at once, can be taken back for seven days, and asking again does not put it off',
    async () => {
      const other = await createTestDevice(app);
      expect(await other.session.signIn(input)).toEqual(fine);
      const dueAt = new Date(app.clock.nowMs() + DELETION_UNDO_MS).toISOString();
      expect((await ask()).json).toEqual({ dueAt });
      expect((await other.browser.send('GET', paths.session)).status).toBe(401);
      app.clock.advance(DELETION_UNDO_MS - 60_000);
      expect((await ask()).json).toEqual({ dueAt });
      expect(await purgeAccounts(app.deps)).toBe(0);
      expect((await rosa.browser.send('DELETE', paths.deletion)).status).toBe(204);
      expect((await rosa.browser.send('DELETE', paths.deletion)).json['code']).toBe('NOT_FOUND');
      const { events } = (await rosa.browser.send('GET', paths.securityLog)).json as { events: { event: string }[] };
      expect(events.slice(0, 3).map(({ event }) => event)).toEqual(['DELETION_UNDONE', 'DELETION_REQUESTED', 'DELETION_REQUESTED']);
      app.clock.advance(DELETION_UNDO_MS);
      expect(await purgeAccounts(app.deps)).toBe(0);
      expect(await tablesThatKnowRosa()).not.toEqual([]);
    },
    slow,
  );

  test(
    'leaves nothing behind in any table, and the address is free again; others keep everything',
    async () => {
      const eve = await createTestDevice(app);
      expect(await eve.session.signUp({ ...input, email: `eve-${crypto.randomUUID()}@example.org` })).toEqual(fine);
      await ask();
      app.clock.advance(DELETION_UNDO_MS + 1);
      expect(await purgeAccounts(app.deps)).toBe(1);
      expect(await tablesThatKnowRosa()).toEqual([]);
      expect((await rosa.browser.send('GET', paths.session)).status).toBe(401);
      expect((await eve.browser.send('GET', paths.session)).status).toBe(200);
      expect(await (await createTestDevice(app)).session.signUp(input)).toEqual(fine);
    },
    slow,
  );

  test(
    'waits while others are in a space that the account founded',
    async () => {
      await app.database.asOwner(
        `insert into sync.members (space_id, account_id, role, read_only) values ('${space}', '${crypto.randomUUID()}', 'member', false)`,
      );
      const refused = await ask();
      expect([refused.status, refused.json['code']]).toEqual([409, 'CONFLICT']);
    },
    slow,
  );
});
