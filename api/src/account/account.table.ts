import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgSchema, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { authRows, leavingRows, liveRows, ownRows } from '../db/row-policies.ts';
import { currentAccount } from '../db/roles.ts';

export const auth = pgSchema('auth');

export const wrapKind = auth.enum('wrap_kind', ['password', 'recovery']);
export const clientKind = auth.enum('client_kind', ['web', 'extension']);
export const attemptState = auth.enum('attempt_state', ['open', 'ok', 'rejected', 'infra']);

export const milliseconds = (name: string) => bigint(name, { mode: 'number' });
export const accounts = auth.table(
  'accounts',
  {
    id: uuid('id').primaryKey(),
    email: text('email').notNull().unique('accounts_email_unique'),
    name: text('name').notNull(),
    createdAtMs: milliseconds('created_at_ms').notNull(),
  },
  (table) => [...ownRows('accounts', table.id, ['select', 'insert', 'update']), ...authRows('accounts', ['select'])],
);

export const credentials = auth.table(
  'credentials',
  {
    accountId: uuid('account_id')
      .primaryKey()
      .references(() => accounts.id),
    scheme: text('scheme').notNull(),
    registrationRecord: text('registration_record').notNull(),
    createdAtMs: milliseconds('created_at_ms').notNull(),
  },
  (table) => [...ownRows('credentials', table.accountId, ['insert']), ...authRows('credentials', ['select', 'update'])],
);

export const wraps = auth.table(
  'wraps',
  {
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    kind: wrapKind('kind').notNull(),
    version: integer('version').$type<1>().notNull(),
    ivB64: text('iv_b64').notNull(),
    ciphertextB64: text('ciphertext_b64').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.kind] }), ...ownRows('wraps', table.accountId, ['select', 'insert', 'update'])],
);

export const identities = auth.table(
  'identities',
  {
    accountId: uuid('account_id')
      .primaryKey()
      .references(() => accounts.id),
    version: integer('version').$type<1>().notNull(),
    sealingPublicB64: text('sealing_public_b64').notNull(),
    signingPublicB64: text('signing_public_b64').notNull(),
    privateIvB64: text('private_iv_b64').notNull(),
    privateCiphertextB64: text('private_ciphertext_b64').notNull(),
  },
  (table) => ownRows('identities', table.accountId, ['select', 'insert']),
);

export const attempts = auth.table(
  'attempts',
  {
    id: uuid('id').primaryKey(),
    throttleKey: text('throttle_key').notNull(),
    accountId: uuid('account_id'),
    state: attemptState('state').notNull(),
    openedAtMs: milliseconds('opened_at_ms').notNull(),
    closedAtMs: milliseconds('closed_at_ms'),
  },
  (table) => [
    index('attempts_throttle_key').on(table.throttleKey, table.openedAtMs),
    ...leavingRows('attempts', sql`${table.accountId} = ${currentAccount}`),
    ...authRows('attempts', ['all']),
  ],
);

export const throttles = auth.table(
  'throttles',
  {
    throttleKey: text('throttle_key').primaryKey(),
    lockedUntilMs: milliseconds('locked_until_ms').notNull(),
  },
  () => authRows('throttles', ['all']),
);

export const networkLimits = auth.table(
  'network_limits',
  {
    limitKey: text('limit_key').primaryKey(),
    windowStartMs: milliseconds('window_start_ms').notNull(),
    hits: integer('hits').notNull(),
  },
  (table) => [index('network_limits_window').on(table.windowStartMs), ...authRows('network_limits', ['all'])],
);

export const sessions = auth.table(
  'sessions',
  {
    id: uuid('id').primaryKey(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    tokenHash: text('token_hash').notNull().unique('sessions_token_hash_unique'),
    client: clientKind('client').notNull(),
    device: text('device').notNull(),
    network: text('network').notNull(),
    createdAtMs: milliseconds('created_at_ms').notNull(),
    lastUsedAtMs: milliseconds('last_used_at_ms').notNull(),
    expiresAtMs: milliseconds('expires_at_ms').notNull(),
  },
  (table) => [
    index('sessions_account').on(table.accountId),
    ...ownRows('sessions', table.accountId, ['select', 'delete']),
    ...authRows('sessions', ['all']),
    ...liveRows('sessions'),
  ],
);

export const refreshTokens = auth.table(
  'refresh_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    accountId: uuid('account_id').notNull(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    createdAtMs: milliseconds('created_at_ms').notNull(),
    spentAtMs: milliseconds('spent_at_ms'),
  },
  (table) => [
    index('refresh_tokens_session').on(table.sessionId),
    ...leavingRows('refresh_tokens', sql`${table.accountId} = ${currentAccount}`),
    ...authRows('refresh_tokens', ['all']),
  ],
);
