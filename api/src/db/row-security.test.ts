import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { fieldOf, opOf, push, stampAt } from '../testing/test-ops.ts';
import { signUp, type TestPerson } from '../testing/test-person.ts';

type Command = 'select' | 'insert' | 'update' | 'delete';
const commands: readonly Command[] = ['select', 'insert', 'update', 'delete'];
const identities = ['owner', 'stranger', 'anonymous', 'auth', 'live'] as const;
type Identity = (typeof identities)[number];

/** What the owner may do with their own rows, and the roles `mana_auth` and `mana_live` with all; a stranger and nobody never anything. */
const declared: Readonly<Record<string, { owner: readonly Command[]; auth: readonly Command[]; live?: readonly Command[] }>> = {
  'auth.accounts': { owner: ['select', 'insert'], auth: ['select'] },
  'auth.credentials': { owner: ['insert'], auth: ['select', 'update'] },
  'auth.wraps': { owner: ['select', 'insert', 'update'], auth: [] },
  'auth.identities': { owner: ['select', 'insert'], auth: [] },
  'auth.passkeys': { owner: ['select', 'insert', 'update', 'delete'], auth: ['select', 'update'] },
  'auth.attempts': { owner: [], auth: ['select', 'insert', 'update', 'delete'] },
  'auth.throttles': { owner: [], auth: ['select', 'insert', 'update', 'delete'] },
  'auth.network_limits': { owner: [], auth: ['select', 'insert', 'update', 'delete'] },
  'auth.sessions': { owner: ['select', 'delete'], auth: ['select', 'insert', 'update', 'delete'], live: ['select'] },
  'auth.refresh_tokens': { owner: [], auth: ['select', 'insert', 'update', 'delete'] },
  'auth.totps': { owner: ['select', 'insert', 'update', 'delete'], auth: ['select', 'update'] },
  'auth.backup_codes': { owner: ['select', 'insert', 'delete'], auth: ['select', 'update'] },
  'auth.recovery_openers': { owner: ['select', 'insert', 'update'], auth: ['select'] },
  'auth.security_events': { owner: ['select', 'insert'], auth: ['insert'] },
  'sync.spaces': { owner: ['select', 'insert', 'update'], auth: [], live: ['select'] },
  'sync.members': { owner: ['select', 'insert'], auth: [], live: ['select'] },
  'sync.space_keys': { owner: ['select', 'insert'], auth: [] },
  'sync.records': { owner: ['select', 'insert', 'update'], auth: [] },
  'sync.pushes': { owner: ['select', 'insert', 'update'], auth: [] },
  'sync.shared_points': { owner: ['select', 'insert'], auth: [] },
};

/** Tables that hold no person's row. */
const impersonal = ['sync.server_state'];

/** A value that only the matrix writes, by table: an update that reads nothing needs no right to read. */
const marks: Readonly<Record<string, string>> = {
  'auth.accounts': 'created_at_ms = 77',
  'auth.credentials': 'created_at_ms = 77',
  'auth.wraps': 'version = 77',
  'auth.identities': 'version = 77',
  'auth.passkeys': 'counter = 77',
  'auth.attempts': 'opened_at_ms = 77',
  'auth.throttles': 'locked_until_ms = 77',
  'auth.network_limits': 'hits = 77',
  'auth.sessions': 'created_at_ms = 77',
  'auth.refresh_tokens': 'created_at_ms = 77',
  'auth.totps': 'last_step = 77',
  'auth.backup_codes': 'used_at_ms = 77',
  'auth.recovery_openers': `public_b64 = 'mark'`,
  'auth.security_events': 'at_ms = 77',
  'sync.spaces': 'seq = 77',
  'sync.members': 'read_only = true',
  'sync.space_keys': 'epoch = 77',
  'sync.records': 'seq = 77',
  'sync.pushes': 'n = 77',
  'sync.shared_points': 'seq = 77',
};

let app: TestApp;
let owner: TestPerson;
let stranger: TestPerson;
let tables: string[];

beforeAll(async () => {
  app = await createTestApp();
  const send = (request: Request) => app.app.handle(request);
  owner = await signUp(send, { client: 'extension' });
  stranger = await signUp(send);
  const signedIn = await signUp(send);
  await push(signedIn, [opOf(signedIn, { title: fieldOf(signedIn, stampAt(app.clock.nowMs())) })], { n: 1 });
  // The owner's rows of every table, one each: what is looked for, changed, deleted and inserted again.
  const { id } = owner.account;
  await app.database.asOwner(`
    delete from sync.records where space_id = '${owner.space}';
    insert into sync.records values ('${owner.space}', 'notes', '${crypto.randomUUID()}', 1, 2, '{}');
    insert into sync.pushes values ('${id}', 'a1b2c3d4e5f60718', 1, 'digest', '{}');
    insert into sync.shared_points values ('${owner.space}', 2, 0);
    insert into auth.passkeys values ('${crypto.randomUUID()}', '${id}', 'credential', 'key', 0, 'name', 'aaguid', '{}', false, 1);
    insert into auth.attempts values ('${crypto.randomUUID()}', 'key', '${id}', 'open', 1, null);
    insert into auth.totps values ('${id}', 'sealed', null, 1);
    insert into auth.backup_codes values ('${id}', 'hash', null);
    insert into auth.throttles values ('key', 0);
    insert into auth.network_limits values ('key', 1, 1);
    update sync.spaces set seq = 1 where id = '${owner.space}'`);
  tables = await readTables();
}, 60_000);
afterAll(() => app.close());

async function readTables(): Promise<string[]> {
  const rows = await app.database.asOwner(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'drizzle', 'pg_toast') order by 1`,
  );
  return rows.map(({ name }) => String(name));
}

const ownRows: Readonly<Record<string, () => string>> = {
  'auth.accounts': () => `id = '${owner.account.id}'`,
  'auth.throttles': () => `throttle_key = 'key'`,
  'auth.network_limits': () => `limit_key = 'key'`,
  'sync.spaces': () => `id = '${owner.space}'`,
  'sync.records': () => `space_id = '${owner.space}'`,
  'sync.shared_points': () => `space_id = '${owner.space}'`,
};
const whereOwn = (table: string): string => (ownRows[table] ?? (() => `account_id = '${owner.account.id}'`))();

function becomeText(identity: Identity): string {
  const account = { owner: owner.account.id, stranger: stranger.account.id, anonymous: '', auth: '', live: '' }[identity];
  return `set local role ${{ auth: 'mana_auth', live: 'mana_live' }[String(identity)] ?? 'mana_app'}; select set_config('app.account', '${account}', true);`;
}

/** Statements that try the command, and count what it reached of the owner's rows. */
function attemptText(table: string, command: Command): string {
  const own = whereOwn(table);
  const texts: Record<Command, string> = {
    select: `select count(*)::int as reached from ${table}`,
    insert: `insert into ${table} select * from jsonb_populate_recordset(null::${table}, current_setting('test.rows')::jsonb); select 1 as reached`,
    update: `update ${table} set ${marks[table]}; reset role; select count(*)::int as reached from ${table} where ${own} and ${marks[table]}`,
    delete: `delete from ${table}; reset role; select (count(*) = 0)::int as reached from ${table} where ${own}`,
  };
  return texts[command];
}

/** Whether an identity reaches the owner's rows by a command; everything is taken back. */
async function reaches(table: string, command: Command, given: { identity: Identity; before?: string }): Promise<boolean> {
  // Foreign keys sleep: only rights are asked for.
  const setUp = `begin; select set_config('session_replication_role', 'replica', true); ${given.before ?? ''};`;
  const remember = `select set_config('test.rows', (select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text from ${table} t where ${whereOwn(table)}), true);`;
  const clear = `delete from ${table} where ${whereOwn(table)};`;
  const others = `delete from ${table} where not (${whereOwn(table)});`;
  const prepare = command === 'insert' ? clear : others;
  try {
    const result = await app.database.asOwner(
      `${setUp} ${remember} ${prepare} ${becomeText(given.identity)} ${attemptText(table, command)}`,
    );
    return Number(lastRow(result)?.['reached'] ?? 0) > 0;
  } catch {
    return false;
  } finally {
    await app.database.asOwner('rollback');
  }
}

/** One driver answers the last statement's rows, the other every statement's. */
function lastRow(result: Record<string, unknown>[]): Record<string, unknown> | undefined {
  const last = result.at(-1);
  return Array.isArray(last) ? (last[0] as Record<string, unknown>) : last;
}

const mayReach = (table: string, command: Command, identity: Identity): boolean => {
  if (identity === 'owner') return declared[table]?.owner.includes(command) ?? false;
  if (identity !== 'auth' && identity !== 'live') return false;
  return declared[table]?.[identity]?.includes(command) ?? false;
};

async function deviations(table: string, before?: string): Promise<string[]> {
  const found: string[] = [];
  for (const command of commands) {
    for (const identity of identities) {
      const reached = await reaches(table, command, { identity, ...(before ? { before } : {}) });
      if (reached !== mayReach(table, command, identity)) found.push(`${identity} ${reached ? 'can' : 'cannot'} ${command} ${table}`);
    }
  }
  return found;
}

describe('row-level security', () => {
  test('every table is declared, and every personal one has its rows guarded against its owner role too', async () => {
    expect(tables).toEqual([...Object.keys(declared), ...impersonal].toSorted());
    const unguarded = await app.database.asOwner(
      `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('auth', 'sync') and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity) order by 1`,
    );
    expect(unguarded.map(({ name }) => String(name))).toEqual(impersonal);
  });

  test('the roles are neither superuser nor owner of anything', async () => {
    const roles = await app.database.asOwner(
      `select rolname from pg_roles r where rolname in ('mana_app', 'mana_auth', 'mana_live')
       and not rolsuper and not rolbypassrls and not exists (select from pg_class where relowner = r.oid) order by 1`,
    );
    expect(roles.map(({ rolname }) => String(rolname))).toEqual(['mana_app', 'mana_auth', 'mana_live']);
  });

  test('owner, stranger, nobody and signing in reach exactly what is declared', async () => {
    const found: string[] = [];
    for (const table of Object.keys(declared)) found.push(...(await deviations(table)));
    expect(found).toEqual([]);
  }, 60_000);

  test('the matrix notices each policy that is dropped or opened', async () => {
    const policies = await app.database.asOwner(
      `select schemaname || '.' || tablename as name, policyname, cmd from pg_policies where schemaname in ('auth', 'sync') order by 1, 2`,
    );
    expect(policies.length).toBeGreaterThan(20);
    const unnoticed: string[] = [];
    for (const { name, policyname, cmd } of policies) {
      const table = String(name);
      const dropped = await deviations(table, `drop policy ${String(policyname)} on ${table}`);
      if (dropped.length === 0) unnoticed.push(`${String(policyname)} dropped`);
      const opened =
        String(cmd) === 'INSERT'
          ? 'with check (true)'
          : `using (true)${['UPDATE', 'ALL'].includes(String(cmd)) ? ' with check (true)' : ''}`;
      const openedTo = `alter policy ${String(policyname)} on ${table} to mana_app, mana_auth ${opened}`;
      const grants = `grant select, insert, update, delete on ${table} to mana_app; grant usage on schema sync to mana_auth`;
      if ((await deviations(table, `${openedTo}; ${grants}`)).length === 0) unnoticed.push(`${String(policyname)} opened`);
    }
    expect(unnoticed).toEqual([]);
  }, 120_000);
});
