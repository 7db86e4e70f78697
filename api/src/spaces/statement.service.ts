import { err, ok, type Result } from '@mana/shared/base/result';
import { nextFault, statementHash } from '@mana/shared/crypto/space-chain';
import { goneBetween, isSameIdentity, memberOf, type SpaceStatement, type StatementMember } from '@mana/shared/wire/space-statement';
import type { leaveRequestSchema, nextStatementRequestSchema } from '@mana/shared/wire/spaces';
import type { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { lockSpaces } from '../sync/sync.queries.ts';
import { deleteInvitation, readInvitation, type InvitationRow } from './invitation.queries.ts';
import {
  countOwners,
  deleteMembers,
  endMembership,
  insertKeys,
  insertLeaving,
  insertMember,
  insertStatement,
  readLastStatement,
  readMemberIds,
  readMembership,
  setEpoch,
  updateMember,
} from './space.queries.ts';

type NextBody = z.output<typeof nextStatementRequestSchema>;
type LeaveBody = z.output<typeof leaveRequestSchema>;

/** Who asks for which space. */
export interface SpaceCaller {
  readonly accountId: string;
  readonly space: string;
}

/** Accounts that a change concerns: their devices are told. */
type Concerned = Promise<Result<readonly string[], Failure>>;

/** What a statement changes. */
interface Difference {
  readonly before: SpaceStatement;
  readonly next: SpaceStatement;
  readonly gone: readonly string[];
  readonly added: readonly StatementMember[];
  readonly changed: readonly StatementMember[];
}

/** Takes the next statement of a space: members, roles, keys and epoch change with it in one transaction, or nothing does. */
export async function continueSpace(deps: Deps, caller: SpaceCaller, body: NextBody): Promise<Result<void, Failure>> {
  const { accountId } = caller;
  const done = await deps.db.as({ role: 'app', account: accountId }, async (transaction): Concerned => {
    const before = await lockForLeader(transaction, caller);
    if (!before.ok) return before;
    const fault = await refusal(before.value, body.statement, accountId);
    if (fault) return err(fault);
    const difference = differenceOf(before.value, body.statement);
    const invitation = body.admits === undefined ? undefined : await readInvitation(transaction, body.admits);
    if (!isAdmission(difference, invitation) || !bringsKeys(difference, body.keys)) return err(failure('STATEMENT_REFUSED'));
    await apply(transaction, { difference, invitation, keys: body.keys });
    return ok([...new Set([...before.value.members, ...body.statement.members].map(({ account }) => account))]);
  });
  if (!done.ok) return done;
  deps.live.membersChanged(done.value);
  return ok(undefined);
}

/** Locks the space against pushes and other statements. A space that the caller is not in does not exist for them. */
async function lockForLeader(transaction: Transaction, { accountId, space }: SpaceCaller): Promise<Result<SpaceStatement, Failure>> {
  const locked = (await lockSpaces(transaction, accountId, [space])).get(space);
  const membership = locked && (await readMembership(transaction, space, accountId));
  if (!membership) return err(failure('NOT_FOUND'));
  if (membership.role === 'member') return err(failure('FORBIDDEN'));
  const last = await readLastStatement(transaction, space);
  return last ? ok(last) : err(failure('FORBIDDEN'));
}

async function refusal(before: SpaceStatement, next: SpaceStatement, accountId: string): Promise<Failure | undefined> {
  if (next.signer !== accountId) return failure('STATEMENT_REFUSED');
  const fault = await nextFault({ statement: before, hashB64: statementHash(before) }, next);
  if (fault === 'NOT_NEXT') return failure('CONFLICT');
  return fault && failure(fault === 'NOT_ALLOWED' ? 'FORBIDDEN' : 'STATEMENT_REFUSED');
}

function differenceOf(before: SpaceStatement, next: SpaceStatement): Difference {
  const gone = goneBetween(before, next);
  const isKnown = ({ account }: StatementMember) => memberOf(before, account) !== undefined && !gone.includes(account);
  const differs = (member: StatementMember) => {
    const was = memberOf(before, member.account);
    return was?.role !== member.role || was.readOnly !== member.readOnly;
  };
  return {
    before,
    next,
    gone,
    added: next.members.filter((member) => !isKnown(member)),
    changed: next.members.filter((member) => isKnown(member) && differs(member)),
  };
}

/** Somebody new comes by the invitation that they took, with its role and their own keys, and alone. */
function isAdmission({ added, next }: Difference, invitation: InvitationRow | undefined): boolean {
  const [member] = added;
  if (!member) return true;
  if (added.length > 1 || !invitation || invitation.spaceId !== next.space || invitation.takenBy !== member.account) return false;
  const { role, readOnly, takenSealingB64, takenSigningB64 } = invitation;
  const taken = { sealingPublicB64: takenSealingB64 ?? '', signingPublicB64: takenSigningB64 ?? '' };
  return member.role === role && member.readOnly === readOnly && isSameIdentity(member, taken);
}

/** Everybody who needs the epoch's key gets it, and nobody outside gets any. */
function bringsKeys({ before, next, added }: Difference, keys: NextBody['keys']): boolean {
  const needing = next.epoch > before.epoch ? next.members : added;
  const reaches = ({ account }: StatementMember) => keys.some((key) => key.account === account && key.epoch === next.epoch);
  return needing.every(reaches) && keys.every(({ account, epoch }) => epoch <= next.epoch && memberOf(next, account) !== undefined);
}

async function apply(
  transaction: Transaction,
  { difference, invitation, keys }: { difference: Difference; invitation: InvitationRow | undefined; keys: NextBody['keys'] },
): Promise<void> {
  const { before, next, gone, added, changed } = difference;
  const { space } = next;
  await insertStatement(transaction, next);
  if (gone.length > 0) await deleteMembers(transaction, space, gone);
  for (const member of added) {
    if (!invitation) continue;
    const { acceptanceEncB64: encB64, acceptanceCiphertextB64: ciphertextB64 } = invitation;
    const acceptance = { encB64: encB64 ?? '', ciphertextB64: ciphertextB64 ?? '' };
    await insertMember(transaction, { spaceId: space, member, name: invitation.takenName ?? '', acceptance });
    await deleteInvitation(transaction, invitation.id);
  }
  await insertKeys(transaction, space, keys);
  if (next.epoch > before.epoch) await setEpoch(transaction, space, next.epoch);
  // Last: from here on the caller may no longer lead.
  for (const member of changed) await updateMember(transaction, space, member);
}

/** Ends the caller's membership at once; who leads the space then makes its next epoch. */
export async function leaveSpace(deps: Deps, caller: SpaceCaller, { number, signatureB64 }: LeaveBody): Promise<Result<void, Failure>> {
  const { accountId, space } = caller;
  const left = await deps.db.as({ role: 'app', account: accountId }, async (transaction): Concerned => {
    const locked = (await lockSpaces(transaction, accountId, [space])).get(space);
    const membership = locked && (await readMembership(transaction, space, accountId));
    if (!membership) return err(failure('NOT_FOUND'));
    if (membership.type === 'personal') return err(failure('FORBIDDEN'));
    if (membership.role === 'owner' && (await countOwners(transaction, space)) === 1) return err(failure('LAST_OWNER'));
    const last = await readLastStatement(transaction, space);
    if (last?.number !== number) return err(failure('CONFLICT'));
    const concerned = await readMemberIds(transaction, space);
    await insertLeaving(transaction, space, { account: accountId, number, signatureB64 });
    await endMembership(transaction, space, accountId);
    return ok(concerned);
  });
  if (!left.ok) return left;
  deps.live.membersChanged(left.value);
  return ok(undefined);
}
