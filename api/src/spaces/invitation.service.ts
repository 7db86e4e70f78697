import { b64ToBytes } from '@mana/shared/base/bytes';
import { err, ok, type Result } from '@mana/shared/base/result';
import { MAX_INVITATION_MS, MAX_OPEN_INVITATIONS } from '@mana/shared/wire/limits';
import type { SharedType } from '@mana/shared/wire/space-statement';
import type { acceptInvitationRequestSchema, InvitationView, inviteRequestSchema } from '@mana/shared/wire/spaces';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import {
  countOpenInvitations,
  deleteInvitation,
  dropExpired,
  holdInvitation,
  insertInvitation,
  readInvitation,
  takeInvitation,
  type InvitationRow,
} from './invitation.queries.ts';
import { readMemberIds, readMembership, readSelf } from './space.queries.ts';
import type { SpaceCaller } from './statement.service.ts';

type InviteBody = z.output<typeof inviteRequestSchema>;
type AcceptBody = z.output<typeof acceptInvitationRequestSchema>;

const hashOf = (tokenB64: string): string => createHash('sha256').update(b64ToBytes(tokenB64)).digest('base64');

/** Keeps an invitation: a hash, a role, an end. An admin invites members only. */
export async function invite(deps: Deps, caller: SpaceCaller, body: InviteBody): Promise<Result<void, Failure>> {
  const { accountId, space } = caller;
  const nowMs = await deps.serverTime.now(); // what devices measure their clocks by
  const expiresAtMs = Date.parse(body.expiresAt);
  if (expiresAtMs <= nowMs || expiresAtMs > nowMs + MAX_INVITATION_MS)
    return err(failure('VALIDATION', { issues: [{ path: 'expiresAt', message: 'must be within 30 days' }] }));
  if (body.role === 'admin' && body.readOnly)
    return err(failure('VALIDATION', { issues: [{ path: 'readOnly', message: 'must be false for who leads' }] }));
  return deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    const allowed = await mayInvite(transaction, caller, body.role);
    if (!allowed.ok) return allowed;
    const { type, self } = allowed.value;
    await dropExpired(transaction, space, nowMs);
    if ((await countOpenInvitations(transaction, space, nowMs)) >= MAX_OPEN_INVITATIONS)
      return err(failure('RATE_LIMITED', { retryAfterSec: MAX_INVITATION_MS / 1_000 }));
    await insertInvitation(transaction, {
      id: body.id,
      spaceId: space,
      spaceType: type,
      tokenHash: body.tokenHashB64,
      role: body.role,
      readOnly: body.readOnly,
      expiresAtMs,
      madeBy: accountId,
      madeByName: self.name,
      madeBySealingB64: self.sealingPublicB64,
      madeBySigningB64: self.signingPublicB64,
      sealedEncB64: body.sealed.encB64,
      sealedCiphertextB64: body.sealed.ciphertextB64,
    });
    return ok(undefined);
  });
}

async function mayInvite(transaction: Transaction, { accountId, space }: SpaceCaller, role: InviteBody['role']) {
  const membership = await readMembership(transaction, space, accountId);
  const self = membership && (await readSelf(transaction, accountId));
  if (!self) return err(failure('NOT_FOUND'));
  if (membership.type === 'personal' || membership.role === 'member') return err(failure('FORBIDDEN'));
  if (role === 'admin' && membership.role !== 'owner') return err(failure('FORBIDDEN'));
  return ok({ type: membership.type, self });
}

/** Takes an invitation back; whoever leads its space may. */
export async function withdrawInvitation(deps: Deps, accountId: string, id: string): Promise<Result<void, Failure>> {
  const concerned = await deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    const row = await readInvitation(transaction, id);
    const membership = row && (await readMembership(transaction, row.spaceId, accountId));
    if (!row || !membership || membership.role === 'member') return undefined;
    await deleteInvitation(transaction, id);
    return readMemberIds(transaction, row.spaceId);
  });
  if (!concerned) return err(failure('NOT_FOUND'));
  deps.live.membersChanged(concerned);
  return ok(undefined);
}

/** What an invitation is to, for whoever holds its token. */
export const lookAtInvitation = (deps: Deps, accountId: string, tokenB64: string): Promise<Result<InvitationView, Failure>> =>
  deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    const row = await holdInvitation(transaction, hashOf(tokenB64));
    if (!row) return err(failure('NOT_FOUND'));
    const isMember = (await readMembership(transaction, row.spaceId, accountId)) !== undefined;
    if (!isMember && isOver(row, accountId, deps.clock.nowMs())) return err(failure('INVITATION_OVER'));
    return ok(viewOf(row, isMember ? 'member' : row.takenBy === accountId ? 'taken' : 'open'));
  });

const isOver = (row: InvitationRow, accountId: string, nowMs: number): boolean =>
  row.takenBy === null ? row.expiresAtMs <= nowMs : row.takenBy !== accountId;

function viewOf(row: InvitationRow, state: InvitationView['state']): InvitationView {
  return {
    id: row.id,
    space: row.spaceId,
    type: row.spaceType as SharedType,
    role: row.role,
    readOnly: row.readOnly,
    expiresAt: new Date(row.expiresAtMs).toISOString(),
    inviter: {
      account: row.madeBy,
      name: row.madeByName,
      sealingPublicB64: row.madeBySealingB64,
      signingPublicB64: row.madeBySigningB64,
    },
    state,
  };
}

/** Takes an invitation: it waits for the inviter's device, which alone can open the space to the newcomer. */
export async function acceptInvitation(deps: Deps, accountId: string, body: AcceptBody): Promise<Result<void, Failure>> {
  const taken = await deps.db.as({ role: 'app', account: accountId }, async (transaction): Promise<Result<string, Failure>> => {
    const row = await holdInvitation(transaction, hashOf(body.tokenB64));
    if (!row) return err(failure('NOT_FOUND'));
    if (await readMembership(transaction, row.spaceId, accountId)) return err(failure('CONFLICT'));
    if (isOver(row, accountId, deps.clock.nowMs())) return err(failure('INVITATION_OVER'));
    const self = await readSelf(transaction, accountId);
    if (!self) return err(failure('UNAUTHORIZED'));
    const { proofB64, acceptance } = body;
    const isTaken = await takeInvitation(transaction, row.id, { self, proofB64, acceptance });
    return isTaken ? ok(row.madeBy) : err(failure('INVITATION_OVER'));
  });
  if (!taken.ok) return taken;
  deps.live.membersChanged([taken.value]);
  return ok(undefined);
}
