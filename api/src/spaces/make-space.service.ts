import { err, ok, type Result } from '@mana/shared/base/result';
import { nextFault } from '@mana/shared/crypto/space-chain';
import type { makeSpaceRequestSchema, personalEpochRequestSchema, SharedSpace } from '@mana/shared/wire/spaces';
import { isSameIdentity } from '@mana/shared/wire/space-statement';
import type { z } from 'zod';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { makeSingletons } from '../sync/singletons.service.ts';
import { lockSpaces } from '../sync/sync.queries.ts';
import { insertKeys, insertSpace, listSpaces, readLastStatement, readMembership, readSelf, setEpoch } from './space.queries.ts';

type MakeBody = z.output<typeof makeSpaceRequestSchema>;
type EpochBody = z.output<typeof personalEpochRequestSchema>;
type Done = Promise<Result<void, Failure>>;

/** The account's shared spaces. */
export const readSpaces = (deps: Deps, accountId: string): Promise<SharedSpace[]> =>
  deps.db.as({ role: 'app', account: accountId }, (transaction) => listSpaces(transaction, accountId));

/** Makes a space with its singletons; a repeat after a lost answer is no second one. */
export async function makeSpace(deps: Deps, accountId: string, { statement, key }: MakeBody): Done {
  if (statement.signer !== accountId || (await nextFault(undefined, statement))) return err(failure('STATEMENT_REFUSED'));
  if (key.epoch !== 1) return err(failure('VALIDATION', { issues: [{ path: 'key.epoch', message: 'must be 1' }] }));
  const made = await deps.db.as({ role: 'app', account: accountId }, async (transaction): Done => {
    const known = await readLastStatement(transaction, statement.space);
    if (known) return known.signatureB64 === statement.signatureB64 ? ok(undefined) : err(failure('CONFLICT'));
    const self = await readSelf(transaction, accountId);
    const [founder] = statement.members;
    if (!self || !founder || !isSameIdentity(self, founder)) return err(failure('STATEMENT_REFUSED'));
    await insertSpace(transaction, { statement, key, founder: self, createdAtMs: deps.clock.nowMs() });
    await makeSingletons(transaction, accountId, deps.clock.nowMs());
    return ok(undefined);
  });
  if (made.ok) deps.live.membersChanged([accountId]);
  return made;
}

/** The next key of a personal space: what its owner sealed to themselves. */
export async function rotatePersonal(deps: Deps, caller: { accountId: string; space: string }, { key }: EpochBody): Done {
  const { accountId, space } = caller;
  const rotated = await deps.db.as({ role: 'app', account: accountId }, async (transaction): Done => {
    const locked = (await lockSpaces(transaction, accountId, [space])).get(space);
    const membership = locked && (await readMembership(transaction, space, accountId));
    if (!membership) return err(failure('NOT_FOUND'));
    if (membership.type !== 'personal') return err(failure('FORBIDDEN'));
    if (key.epoch !== membership.epoch + 1) return err(failure('CONFLICT'));
    await insertKeys(transaction, space, [{ ...key, account: accountId }]);
    await setEpoch(transaction, space, key.epoch);
    return ok(undefined);
  });
  if (rotated.ok) deps.live.membersChanged([accountId]);
  return rotated;
}
