import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgPolicy, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { leavingRows } from '../db/row-policies.ts';
import { appRole, currentAccount } from '../db/roles.ts';
import { isLeftBehind, isLed, isMember, memberRole, spaceType, sync } from '../sync/sync.table.ts';

const milliseconds = (name: string) => bigint(name, { mode: 'number' });

/** Hash of the token that the caller holds: who knows it sees the invitation. */
const heldToken = sql.raw(`token_hash = (select nullif(current_setting('app.invitation', true), ''))`);

export const statements = sync.table(
  'statements',
  {
    spaceId: uuid('space_id').notNull(),
    number: integer('number').notNull(),
    signer: uuid('signer').notNull(),
    // As it was signed: JSON text that is never read into, only handed on.
    body: text('body').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.spaceId, table.number] }),
    ...leavingRows('statements', isLeftBehind),
    pgPolicy('statements_member_select', { for: 'select', to: appRole, using: isMember('space_id') }),
    pgPolicy('statements_leader_insert', {
      for: 'insert',
      to: appRole,
      withCheck: sql`${table.signer} = ${currentAccount} and ${isLed('space_id')}`,
    }),
  ],
);

export const invitations = sync.table(
  'invitations',
  {
    id: uuid('id').primaryKey(),
    spaceId: uuid('space_id').notNull(),
    // Whoever is invited sees no row of the space.
    spaceType: spaceType('space_type').notNull(),
    tokenHash: text('token_hash').notNull().unique('invitations_token_hash_unique'),
    role: memberRole('role').notNull(),
    readOnly: boolean('read_only').notNull(),
    expiresAtMs: milliseconds('expires_at_ms').notNull(),
    madeBy: uuid('made_by').notNull(),
    madeByName: text('made_by_name').notNull(),
    madeBySealingB64: text('made_by_sealing_b64').notNull(),
    madeBySigningB64: text('made_by_signing_b64').notNull(),
    sealedEncB64: text('sealed_enc_b64').notNull(),
    sealedCiphertextB64: text('sealed_ciphertext_b64').notNull(),
    takenBy: uuid('taken_by'),
    takenName: text('taken_name'),
    takenSealingB64: text('taken_sealing_b64'),
    takenSigningB64: text('taken_signing_b64'),
    proofB64: text('proof_b64'),
    acceptanceEncB64: text('acceptance_enc_b64'),
    acceptanceCiphertextB64: text('acceptance_ciphertext_b64'),
  },
  (table) => [
    index('invitations_space').on(table.spaceId),
    ...leavingRows('invitations', sql`${table.madeBy} = ${currentAccount} or ${table.takenBy} = ${currentAccount} or ${isLeftBehind}`),
    pgPolicy('invitations_leader_select', { for: 'select', to: appRole, using: isLed('space_id') }),
    pgPolicy('invitations_holder_select', { for: 'select', to: appRole, using: heldToken }),
    pgPolicy('invitations_leader_insert', {
      for: 'insert',
      to: appRole,
      withCheck: sql`${table.madeBy} = ${currentAccount} and ${table.takenBy} is null and ${isLed('space_id')}`,
    }),
    // Whoever holds the link takes it, once.
    pgPolicy('invitations_holder_update', {
      for: 'update',
      to: appRole,
      using: sql`${heldToken} and (${table.takenBy} is null or ${table.takenBy} = ${currentAccount})`,
      withCheck: sql`${heldToken} and ${table.takenBy} = ${currentAccount}`,
    }),
    pgPolicy('invitations_leader_delete', { for: 'delete', to: appRole, using: isLed('space_id') }),
  ],
);

export const leavings = sync.table(
  'leavings',
  {
    spaceId: uuid('space_id').notNull(),
    accountId: uuid('account_id').notNull(),
    number: integer('number').notNull(),
    signatureB64: text('signature_b64').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.spaceId, table.accountId] }),
    ...leavingRows('leavings', sql`${table.accountId} = ${currentAccount} or ${isLeftBehind}`),
    pgPolicy('leavings_member_select', { for: 'select', to: appRole, using: isMember('space_id') }),
    pgPolicy('leavings_own_insert', {
      for: 'insert',
      to: appRole,
      withCheck: sql`${table.accountId} = ${currentAccount} and ${isMember('space_id')}`,
    }),
    pgPolicy('leavings_leader_delete', { for: 'delete', to: appRole, using: isLed('space_id') }),
  ],
);
