import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { insertMatrixRows } from '../testing/matrix-rows.ts';
import { fieldOf, opOf, push, stampAt } from '../testing/test-ops.ts';
import { signUp, type TestPerson } from '../testing/test-person.ts';

type Command = 'select' | 'insert' | 'update' | 'delete';
const commands: readonly Command[] = ['select', 'insert', 'update', 'delete'];
/** `member`: the other one in the owner's shared space · `reader`: one who may only read there · `operator`: who owns the tables · `holder`: a stranger with an invitation's token · `leaving`: the owner at their end. */
type Identity =
  'owner' | 'member' | 'reader' | 'operator' | 'holder' | 'stranger' | 'anonymous' | 'auth' | 'live' | 'leaving' | 'leavingStranger';
const alone: readonly Identity[] = ['owner', 'stranger', 'anonymous', 'operator', 'auth', 'live', 'leaving', 'leavingStranger'];
const shared: readonly Identity[] = [...alone, 'member', 'reader', 'holder'];

/** Rows of a table, and who may reach them; everybody else never. */
interface Target {
  readonly table: string;
  readonly where: () => string;
  readonly may: Partial<Record<Identity, readonly Command[]>>;
  /** Rows that are another's, or nobody's: they stay when the owner leaves. */
  readonly stays?: true;
  /** A value that only the matrix writes: an update that reads nothing needs no right to read. */
  readonly mark: () => string;
}

let app: TestApp;
let owner: TestPerson;
let member: TestPerson;
let reader: TestPerson;
let stranger: TestPerson;
let ownerSession: unknown;
let tables: string[];
const family = crypto.randomUUID();
const invitation = { id: crypto.randomUUID(), tokenHash: 'hash' };

const own =
  (column = 'account_id') =>
  () =>
    `${column} = '${owner.account.id}'`;
const target = (table: string, mark: string, more: Pick<Target, 'may'> & Partial<Target>): Target => ({
  table,
  where: own(),
  mark: () => mark,
  ...more,
});
const all: readonly Command[] = commands;

const declared: readonly Target[] = [
  target('auth.accounts', `name = '77'`, { where: own('id'), may: { owner: ['select', 'insert', 'update'], auth: ['select'] } }),
  target('auth.profiles', 'onboarded_at_ms = 77', { may: { owner: ['select', 'insert', 'update'] } }),
  target('auth.credentials', 'created_at_ms = 77', { may: { owner: ['insert'], auth: ['select', 'update'] } }),
  target('auth.wraps', 'version = 77', { may: { owner: ['select', 'insert', 'update'] } }),
  target('auth.identities', 'version = 77', { may: { owner: ['select', 'insert'] } }),
  target('auth.passkeys', 'counter = 77', { may: { owner: all, auth: ['select', 'update'] } }),
  target('auth.attempts', 'opened_at_ms = 77', { may: { auth: all } }),
  target('auth.throttles', 'locked_until_ms = 77', {
    stays: true,
    where: () => `throttle_key = 'key'`,
    may: { auth: all },
  }),
  target('auth.network_limits', 'hits = 77', {
    stays: true,
    where: () => `limit_key = 'key'`,
    may: { auth: all },
  }),
  target('auth.sessions', 'created_at_ms = 77', {
    where: () => `id = '${ownerSession}'`,
    may: { owner: ['select', 'delete'], auth: all, live: ['select'] },
  }),
  target('auth.totps', 'last_step = 77', { may: { owner: all, auth: ['select', 'update'] } }),
  target('auth.backup_codes', 'used_at_ms = 77', { may: { owner: ['select', 'insert', 'delete'], auth: ['select', 'update'] } }),
  target('auth.recovery_openers', `public_b64 = 'mark'`, { may: { owner: ['select', 'insert', 'update'], auth: ['select'] } }),
  target('auth.security_events', 'at_ms = 77', { may: { owner: ['select', 'insert'], auth: ['insert'] } }),
  target('auth.address_changes', 'token_until_ms = 77', { may: { owner: all, auth: ['select'] } }),
  target('auth.mails', 'tries = 77', { may: { owner: ['insert'], auth: all } }),
  target('auth.pending_sign_ups', 'token_until_ms = 77', { stays: true, where: () => `address_key = 'key'`, may: { auth: all } }),
  target('auth.deletions', 'due_at_ms = 77', { may: { owner: ['select', 'insert', 'delete'], auth: ['select'] } }),
  target('auth.refresh_tokens', 'created_at_ms = 77', { may: { auth: all } }),
  target('sync.spaces', 'seq = 77', {
    where: () => `id = '${owner.space}'`,
    may: { owner: ['select', 'insert', 'update'], live: ['select'] },
  }),
  target('sync.spaces', 'seq = 77', {
    where: () => `id = '${family}'`,
    may: { owner: ['select', 'insert', 'update'], member: ['select', 'update'], reader: ['select'], live: ['select'] },
  }),
  target('sync.members', 'read_only = true', {
    where: () => `account_id = '${owner.account.id}' and space_id = '${family}'`,
    may: { owner: all, member: ['select'], reader: ['select'], live: ['select'] },
  }),
  target('sync.members', 'read_only = true', {
    stays: true,
    where: () => `account_id = '${member.account.id}' and space_id = '${family}'`,
    may: { owner: all, member: ['select', 'delete'], reader: ['select'], live: ['select'] },
  }),
  target('sync.space_keys', 'epoch = 77', { may: { owner: ['select', 'insert', 'delete'] } }),
  target('sync.space_keys', 'epoch = 77', {
    stays: true,
    where: () => `account_id = '${member.account.id}' and space_id = '${family}'`,
    may: { owner: ['insert', 'delete'], member: ['select', 'insert', 'delete'] },
  }),
  target('sync.statements', 'signer = null', {
    where: () => `space_id = '${family}'`,
    may: { owner: ['select', 'insert'], member: ['select'], reader: ['select'] },
  }),
  target('sync.invitations', '', {
    where: () => `id = '${invitation.id}'`,
    mark: () => `taken_by = '${stranger.account.id}'`,
    may: { owner: ['select', 'insert', 'delete'], holder: ['select', 'update'] },
  }),
  target('sync.leavings', 'number = 77', {
    where: () => `account_id = '${member.account.id}'`,
    may: { owner: ['select', 'delete'], member: ['select', 'insert'], reader: ['select'] },
  }),
  target('sync.records', 'seq = 77', { where: () => `space_id = '${owner.space}'`, may: { owner: ['select', 'insert', 'update'] } }),
  target('sync.records', 'bytes = 77', {
    where: () => `space_id = '${family}'`,
    may: { owner: ['select', 'insert', 'update'], member: ['select', 'insert', 'update'], reader: ['select'] },
  }),
  target('sync.pushes', 'n = 77', { may: { owner: ['select', 'insert', 'update'] } }),
  target('sync.shared_points', 'seq = 77', { where: () => `space_id = '${owner.space}'`, may: { owner: ['select', 'insert'] } }),
  target('sync.shared_points', 'seq = 77', {
    where: () => `space_id = '${family}'`,
    may: { owner: ['select', 'insert'], member: ['select', 'insert'], reader: ['select'] },
  }),
];

/** Whoever leaves takes along and deletes what is theirs, in every table that knows persons. */
const targets: readonly Target[] = declared.map((each) =>
  each.stays ? each : { ...each, may: { ...each.may, leaving: ['select', 'delete'] } },
);

/** Tables that hold no person's row. */
const impersonal = ['sync.server_state'];

beforeAll(async () => {
  app = await createTestApp();
  const send = (request: Request) => app.app.handle(request);
  owner = await signUp(send, { client: 'extension' });
  member = await signUp(send);
  reader = await signUp(send);
  stranger = await signUp(send);
  const signedIn = await signUp(send);
  await push(signedIn, [opOf(signedIn, { title: fieldOf(signedIn, stampAt(app.clock.nowMs())) })], { n: 1 });
  await insertMatrixRows(app.database, { owner, member, reader, family, invitation });
  const sessions = await app.database.asOwner(`select id from auth.sessions where account_id = '${owner.account.id}'`);
  ownerSession = sessions[0]?.['id'];
  tables = await readTables();
}, 180_000);
afterAll(() => app.close());

async function readTables(): Promise<string[]> {
  const rows = await app.database.asOwner(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'drizzle', 'pg_toast') order by 1`,
  );
  return rows.map(({ name }) => String(name));
}

/** Whoever runs the database and owns its tables, without being above its policies. */
const operatorText = (table: string): string => `create role mana_operator; grant usage on schema auth, sync to mana_operator;
  alter table ${table} owner to mana_operator; set local role mana_operator; select set_config('app.account', '', true);`;

function becomeText(identity: Identity, table: string): string {
  if (identity === 'operator') return operatorText(table);
  const accounts = { owner, member, reader, holder: stranger, stranger, leaving: owner, leavingStranger: stranger };
  const account = identity in accounts ? accounts[identity as keyof typeof accounts].account.id : '';
  const token = identity === 'holder' ? invitation.tokenHash : '';
  const roles: Partial<Record<Identity, string>> = {
    auth: 'mana_auth',
    live: 'mana_live',
    leaving: 'mana_leave',
    leavingStranger: 'mana_leave',
  };
  return `set local role ${roles[identity] ?? 'mana_app'};
    select set_config('app.account', '${account}', true), set_config('app.invitation', '${token}', true);`;
}

/** Statements that try the command, and count what it reached of the target's rows. */
function attemptText({ table, where, mark }: Target, command: Command): string {
  const texts: Record<Command, string> = {
    select: `select count(*)::int as reached from ${table} where ${where()}`,
    insert: `insert into ${table} select * from jsonb_populate_recordset(null::${table}, current_setting('test.rows')::jsonb); select 1 as reached`,
    update: `update ${table} set ${mark()}; reset role; select count(*)::int as reached from ${table} where ${where()} and ${mark()}`,
    delete: `delete from ${table}; reset role; select (count(*) = 0)::int as reached from ${table} where ${where()}`,
  };
  return texts[command];
}

/** Whether an identity reaches the target's rows by a command; everything is taken back. */
async function reaches(aim: Target, command: Command, given: { identity: Identity; before?: string }): Promise<boolean> {
  const { table } = aim;
  const where = aim.where();
  // Foreign keys sleep: only rights are asked for.
  const setUp = `begin; select set_config('session_replication_role', 'replica', true); ${given.before ?? ''};`;
  const remember = `select set_config('test.rows', (select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text from ${table} t where ${where}), true);`;
  const prepare = command === 'insert' ? `delete from ${table} where ${where};` : '';
  try {
    const result = await app.database.asOwner(
      `${setUp} ${remember} ${prepare} ${becomeText(given.identity, table)} ${attemptText(aim, command)}`,
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

/** What differs from the matrix in a table, one after the other. */
async function* deviations(table: string, before?: string): AsyncGenerator<string> {
  for (const aim of targets.filter((each) => each.table === table)) {
    const pairs = (table.startsWith('auth.') ? alone : shared).flatMap((identity) => commands.map((command) => ({ identity, command })));
    for (const { identity, command } of pairs) {
      const reached = await reaches(aim, command, { identity, ...(before ? { before } : {}) });
      const may = aim.may[identity]?.includes(command) ?? false;
      if (reached !== may) yield `${identity} ${reached ? 'can' : 'cannot'} ${command} ${table} where ${aim.where()}`;
    }
  }
}

const isNoticed = async (table: string, before: string): Promise<boolean> => !(await deviations(table, before).next()).done;
const targetTables = [...new Set(targets.map(({ table }) => table))];

describe('row-level security', () => {
  test('every table is declared, and every personal one has its rows guarded against its owner role too', async () => {
    expect(tables).toEqual([...targetTables, ...impersonal].toSorted());
    const unguarded = await app.database.asOwner(
      `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('auth', 'sync') and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity) order by 1`,
    );
    expect(unguarded.map(({ name }) => String(name))).toEqual(impersonal);
  });

  test('the roles are neither superuser nor owner of anything', async () => {
    const roles = await app.database.asOwner(
      `select rolname from pg_roles r where rolname in ('mana_app', 'mana_auth', 'mana_leave', 'mana_live', 'mana_members')
       and not rolsuper and not rolbypassrls and not rolcanlogin and not exists (select from pg_class where relowner = r.oid) order by 1`,
    );
    expect(roles.map(({ rolname }) => String(rolname))).toEqual(['mana_app', 'mana_auth', 'mana_leave', 'mana_live', 'mana_members']);
  });

  test('owner, co-member, reader, operator, holder of a link, stranger, nobody and signing in reach exactly what is declared', async () => {
    const found: string[] = [];
    for (const table of targetTables) for await (const deviation of deviations(table)) found.push(deviation);
    expect(found).toEqual([]);
  }, 60_000);

  test('the matrix notices each table whose owner is let past its policies', async () => {
    const unnoticed: string[] = [];
    for (const table of targetTables)
      if (!(await isNoticed(table, `alter table ${table} no force row level security`))) unnoticed.push(table);
    expect(unnoticed).toEqual([]);
  }, 60_000);

  test('the matrix notices each policy that is dropped or opened', async () => {
    const policies = await app.database.asOwner(
      `select schemaname || '.' || tablename as name, policyname, cmd from pg_policies where schemaname in ('auth', 'sync') order by 1, 2`,
    );
    expect(policies.length).toBeGreaterThan(20);
    const unnoticed: string[] = [];
    for (const { name, policyname, cmd } of policies) {
      const table = String(name);
      if (!(await isNoticed(table, `drop policy ${String(policyname)} on ${table}`))) unnoticed.push(`${String(policyname)} dropped`);
      const opened =
        String(cmd) === 'INSERT'
          ? 'with check (true)'
          : `using (true)${['UPDATE', 'ALL'].includes(String(cmd)) ? ' with check (true)' : ''}`;
      const openedTo = `alter policy ${String(policyname)} on ${table} to mana_app, mana_auth ${opened}`;
      const grants = `grant select, insert, update, delete on ${table} to mana_app; grant usage on schema sync to mana_auth`;
      if (!(await isNoticed(table, `${openedTo}; ${grants}`))) unnoticed.push(`${String(policyname)} opened`);
    }
    expect(unnoticed).toEqual([]);
  }, 120_000);
});
