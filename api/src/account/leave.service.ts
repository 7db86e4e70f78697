import { err, ok, type Result } from '@mana/shared/base/result';
import type { KeyProof } from '@mana/shared/wire/key-proof';
import { DELETION_UNDO_MS } from '@mana/shared/wire/leave';
import { become } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import type { Caller } from '../http/route.ts';
import { checkKeyProof } from './key-proof.service.ts';
import {
  deleteDeletion,
  deleteEverything,
  findDeletion,
  foundedSpaces,
  insertDeletion,
  listDueDeletions,
  readEverything,
  sharesOwnSpace,
} from './leave.queries.ts';
import { deleteOtherSessions } from './password.queries.ts';
import { noteEvent, originOf } from './security-log.service.ts';

const secret = 'lets somebody in who reads the file, and tells you nothing';

/** What an export leaves out, and why. */
const withheld: Readonly<Record<string, string>> = {
  'auth.credentials.registration_record': 'is half of what guessing your password would need',
  'auth.sessions.token_hash': secret,
  'auth.refresh_tokens.token_hash': secret,
  'auth.address_changes.token_hash': secret,
  'auth.address_changes.undo_hash': secret,
  'auth.mails.sealed': 'is the text of a mail to you, and may hold a link that lets somebody in',
  'auth.totps.sealed_secret': secret,
  'auth.backup_codes.code_hash': secret,
  'sync.invitations.token_hash': secret,
};

/** Everything that the server holds about an account, ciphertext included. */
export async function exportAccount(deps: Deps, accountId: string) {
  const tables = await deps.db.as({ role: 'leave', account: accountId }, (transaction) => readEverything(transaction, accountId));
  for (const path of Object.keys(withheld)) {
    const at = path.lastIndexOf('.');
    for (const row of tables[path.slice(0, at)] ?? []) delete row[path.slice(at + 1)];
  }
  return { format: 'mana-export/1' as const, exportedAt: new Date(deps.clock.nowMs()).toISOString(), tables, withheld };
}

const describeDue = (dueAtMs: number | undefined) => ({ dueAt: dueAtMs === undefined ? null : new Date(dueAtMs).toISOString() });

export const describeDeletion = (deps: Deps, accountId: string) =>
  deps.db.as({ role: 'app', account: accountId }, async (transaction) => describeDue(await findDeletion(transaction, accountId)));

/** Marks an account for deletion: every other session ends now, everything goes when the time to take it back is over. */
export async function requestDeletion(
  deps: Deps,
  { accountId, sessionId }: Caller,
  { proof, request }: { proof: KeyProof; request: Request },
): Promise<Result<{ dueAt: string | null }, Failure>> {
  const proven = await checkKeyProof(deps, { accountId, purpose: 'delete' }, proof);
  if (!proven.ok) return proven;
  const requestedAtMs = deps.clock.nowMs();
  const outcome = await deps.db.as({ role: 'leave', account: accountId }, async (transaction) => {
    const founded = await foundedSpaces(transaction, accountId);
    await become(transaction, { role: 'live' });
    if (await sharesOwnSpace(transaction, founded, accountId)) return undefined;
    await become(transaction, { role: 'app', account: accountId });
    await insertDeletion(transaction, { accountId, requestedAtMs, dueAtMs: requestedAtMs + DELETION_UNDO_MS });
    await noteEvent(deps, transaction, { accountId, event: 'DELETION_REQUESTED', origin: originOf(request) });
    const dueAtMs = await findDeletion(transaction, accountId);
    await become(transaction, { role: 'auth' });
    return { dueAtMs, ended: await deleteOtherSessions(transaction, accountId, sessionId) };
  });
  // Others would lose what they wrote there: the space is handed over or left by them first.
  if (!outcome) return err(failure('CONFLICT'));
  outcome.ended.forEach((id) => deps.live.endSession(id));
  return ok(describeDue(outcome.dueAtMs));
}

export const undoDeletion = (deps: Deps, { accountId }: Caller, request: Request): Promise<Result<void, Failure>> =>
  deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    if (!(await deleteDeletion(transaction, accountId, deps.clock.nowMs()))) return err(failure('NOT_FOUND'));
    await noteEvent(deps, transaction, { accountId, event: 'DELETION_UNDONE', origin: originOf(request) });
    return ok(undefined);
  });

/** Deletes every account whose time is over, each in a transaction of its own. */
export async function purgeAccounts(deps: Deps): Promise<number> {
  const due = await deps.db.as({ role: 'auth' }, (transaction) => listDueDeletions(transaction, deps.clock.nowMs()));
  for (const accountId of due)
    await deps.db.as({ role: 'leave', account: accountId }, (transaction) => deleteEverything(transaction, accountId));
  return due.length;
}
