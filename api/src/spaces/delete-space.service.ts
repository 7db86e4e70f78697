import { err, ok, type Result } from '@mana/shared/base/result';
import { become } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { lockSpaces } from '../sync/sync.queries.ts';
import { deleteSpaceRows } from './delete-space.queries.ts';
import { readMemberIds, readMembership } from './space.queries.ts';
import type { SpaceCaller } from './statement.service.ts';

/** Deletes a shared space with all that is in it. Only its owner may, and only alone: nobody else's words go with it. */
export async function deleteSpace(deps: Deps, { accountId, space }: SpaceCaller): Promise<Result<void, Failure>> {
  const deleted = await deps.db.as({ role: 'app', account: accountId }, async (transaction): Promise<Result<void, Failure>> => {
    // Locked, so that nobody is let in meanwhile.
    const locked = (await lockSpaces(transaction, accountId, [space])).get(space);
    const membership = locked && (await readMembership(transaction, space, accountId));
    if (!membership) return err(failure('NOT_FOUND'));
    if (membership.type === 'personal' || membership.role !== 'owner') return err(failure('FORBIDDEN'));
    if ((await readMemberIds(transaction, space)).length > 1) return err(failure('CONFLICT'));
    await become(transaction, { role: 'leave', account: accountId });
    await deleteSpaceRows(transaction, space);
    return ok(undefined);
  });
  if (deleted.ok) deps.live.membersChanged([accountId]);
  return deleted;
}
