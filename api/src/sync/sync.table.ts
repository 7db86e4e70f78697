import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  json,
  pgPolicy,
  pgSchema,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { leavingRows, liveRows } from '../db/row-policies.ts';
import { appRole, currentAccount, membersRole } from '../db/roles.ts';

export const sync = pgSchema('sync');

export const spaceType = sync.enum('space_type', ['personal', 'brand', 'club', 'family', 'team', 'practice']);
export const memberRole = sync.enum('member_role', ['owner', 'admin', 'member']);

const milliseconds = (name: string) => bigint(name, { mode: 'number' });
const sequence = (name: string) => bigint(name, { mode: 'number' });

/** Spaces that the account leads. A function, because a policy of `members` cannot ask `members`. */
export const isLed = (column: string) => sql.raw(`${column} in (select sync.led_spaces())`);
/** Spaces that go with the account: it has founded them, or is alone in them and owns them. */
export const isLeftBehind = sql.raw(
  `(space_id in (select id from sync.spaces where created_by = (select nullif(current_setting('app.account', true), '')::uuid)) or space_id in (select sync.lone_spaces()))`,
);
export const isMember = (column: string) =>
  sql.raw(
    `${column} in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid))`,
  );
const isWriter = (column: string) =>
  sql.raw(
    `${column} in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid) and not read_only)`,
  );

export const spaces = sync.table(
  'spaces',
  {
    id: uuid('id').primaryKey(),
    type: spaceType('type').notNull(),
    createdBy: uuid('created_by').notNull(),
    epoch: integer('epoch').notNull(),
    seq: sequence('seq').notNull(),
    // In which `seq` was moved last; the trigger of `shared_points` keeps it.
    generation: integer('generation').notNull().default(1),
    createdAtMs: milliseconds('created_at_ms').notNull(),
  },
  (table) => [
    unique('spaces_founder').on(table.id, table.createdBy),
    ...leavingRows('spaces', sql`${table.createdBy} = ${currentAccount} or ${sql.raw('id in (select sync.lone_spaces())')}`),
    pgPolicy('spaces_member_select', {
      for: 'select',
      to: appRole,
      using: sql`${table.createdBy} = ${currentAccount} or ${isMember('id')}`,
    }),
    ...liveRows('spaces'),
    pgPolicy('spaces_founder_insert', { for: 'insert', to: appRole, withCheck: sql`${table.createdBy} = ${currentAccount}` }),
    // Locking the row asks for `using` alone: a member who only reads is told so by the push, not by an empty answer.
    pgPolicy('spaces_writer_update', { for: 'update', to: appRole, using: isMember('id'), withCheck: isWriter('id') }),
  ],
);

export const members = sync.table(
  'members',
  {
    spaceId: uuid('space_id').notNull(),
    accountId: uuid('account_id').notNull(),
    role: memberRole('role').notNull(),
    readOnly: boolean('read_only').notNull(),
    // Set on the membership that comes with making a space: only with its real founder does the reference hold.
    foundedBy: uuid('founded_by'),
    // As the person was called when they came, for the others to read.
    name: text('name').notNull().default(''),
    // What a member sealed to themselves when accepting the invitation; none for the founder.
    acceptanceEncB64: text('acceptance_enc_b64'),
    acceptanceCiphertextB64: text('acceptance_ciphertext_b64'),
  },
  (table) => [
    primaryKey({ columns: [table.spaceId, table.accountId] }),
    index('members_account').on(table.accountId),
    pgPolicy('members_member_select', {
      for: 'select',
      to: appRole,
      using: sql`${table.accountId} = ${currentAccount} or ${sql.raw('space_id in (select sync.own_spaces())')}`,
    }),
    pgPolicy('members_functions_select', { for: 'select', to: membersRole, using: sql`true` }),
    ...leavingRows('members', sql`${table.accountId} = ${currentAccount}`),
    ...liveRows('members'),
    foreignKey({ columns: [table.spaceId, table.foundedBy], foreignColumns: [spaces.id, spaces.createdBy] }),
    // Nobody adds themselves to a space that they have not made.
    pgPolicy('members_founder_insert', {
      for: 'insert',
      to: appRole,
      withCheck: sql`${table.accountId} = ${currentAccount} and ${table.foundedBy} = ${currentAccount}`,
    }),
    // Nor does anybody add somebody who has not accepted an invitation.
    pgPolicy('members_leader_insert', {
      for: 'insert',
      to: appRole,
      withCheck: sql`${isLed('space_id')} and ${table.foundedBy} is null and exists (select from ${sql.raw('sync.invitations i')} where ${sql.raw('i.space_id = members.space_id and i.taken_by = members.account_id')})`,
    }),
    pgPolicy('members_leader_update', { for: 'update', to: appRole, using: isLed('space_id'), withCheck: isLed('space_id') }),
    pgPolicy('members_leader_delete', {
      for: 'delete',
      to: appRole,
      using: sql`${table.accountId} = ${currentAccount} or ${isLed('space_id')}`,
    }),
  ],
);

export const spaceKeys = sync.table(
  'space_keys',
  {
    spaceId: uuid('space_id').notNull(),
    accountId: uuid('account_id').notNull(),
    epoch: integer('epoch').notNull(),
    encB64: text('enc_b64').notNull(),
    ciphertextB64: text('ciphertext_b64').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.spaceId, table.accountId, table.epoch] }),
    ...leavingRows('space_keys', sql`${table.accountId} = ${currentAccount}`),
    pgPolicy('space_keys_own_select', { for: 'select', to: appRole, using: sql`${table.accountId} = ${currentAccount}` }),
    pgPolicy('space_keys_own_insert', {
      for: 'insert',
      to: appRole,
      withCheck: sql`${table.accountId} = ${currentAccount} and ${isMember('space_id')}`,
    }),
    pgPolicy('space_keys_leader_insert', {
      for: 'insert',
      to: appRole,
      withCheck: sql`${isLed('space_id')} and exists (select from ${sql.raw('sync.members m')} where ${sql.raw('m.space_id = space_keys.space_id and m.account_id = space_keys.account_id')})`,
    }),
    pgPolicy('space_keys_leader_delete', {
      for: 'delete',
      to: appRole,
      using: sql`${table.accountId} = ${currentAccount} or ${isLed('space_id')}`,
    }),
  ],
);

export const records = sync.table(
  'records',
  {
    spaceId: uuid('space_id').notNull(),
    tableName: text('table_name').notNull(),
    id: uuid('id').notNull(),
    seq: sequence('seq').notNull(),
    // Length of `fields` as text: pages are cut by bytes without reading the values.
    bytes: integer('bytes').notNull(),
    fields: json('fields').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.spaceId, table.tableName, table.id] }),
    uniqueIndex('records_seq').on(table.spaceId, table.seq),
    // A head start reads the newest of one table, whatever else the space holds.
    index('records_newest').on(table.spaceId, table.tableName, table.seq),
    ...leavingRows('records', isLeftBehind),
    pgPolicy('records_member_select', { for: 'select', to: appRole, using: isMember('space_id') }),
    pgPolicy('records_writer_insert', { for: 'insert', to: appRole, withCheck: isWriter('space_id') }),
    pgPolicy('records_writer_update', { for: 'update', to: appRole, using: isWriter('space_id'), withCheck: isWriter('space_id') }),
  ],
);

export const pushes = sync.table(
  'pushes',
  {
    accountId: uuid('account_id').notNull(),
    device: text('device').notNull(),
    n: bigint('n', { mode: 'number' }).notNull(),
    digest: text('digest').notNull(),
    outcome: text('outcome').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.device] }),
    ...leavingRows('pushes', sql`${table.accountId} = ${currentAccount}`),
    pgPolicy('pushes_own_select', { for: 'select', to: appRole, using: sql`${table.accountId} = ${currentAccount}` }),
    pgPolicy('pushes_own_insert', { for: 'insert', to: appRole, withCheck: sql`${table.accountId} = ${currentAccount}` }),
    pgPolicy('pushes_own_update', {
      for: 'update',
      to: appRole,
      using: sql`${table.accountId} = ${currentAccount}`,
      withCheck: sql`${table.accountId} = ${currentAccount}`,
    }),
  ],
);

// Up to where a space's history before a generation goes on in it. Written by a trigger when the space is first moved in a generation:
// whoever moves a space's sequence number cannot forget it, and a generation begins without touching anybody's rows.
export const sharedPoints = sync.table(
  'shared_points',
  {
    spaceId: uuid('space_id').notNull(),
    generation: integer('generation').notNull(),
    seq: sequence('seq').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.spaceId, table.generation] }),
    ...leavingRows('shared_points', isLeftBehind),
    pgPolicy('shared_points_member_select', { for: 'select', to: appRole, using: isMember('space_id') }),
    pgPolicy('shared_points_writer_insert', { for: 'insert', to: appRole, withCheck: isWriter('space_id') }),
  ],
);

export const serverState = sync.table('server_state', {
  id: integer('id').primaryKey(),
  generation: integer('generation').notNull(),
  // Those that this history went through: of any other one it knows nothing.
  earlierGenerations: integer('earlier_generations').array().notNull().default([]),
  highWaterMs: milliseconds('high_water_ms').notNull(),
});
