import { newId } from '@mana/shared/base/ids';
import { err, ok, type Result } from '@mana/shared/base/result';
import type { KeyProof } from '@mana/shared/wire/key-proof';
import { EMAIL_UNDO_MS, MAIL_TOKEN_MS } from '@mana/shared/wire/mail';
import { become } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import type { Caller } from '../http/route.ts';
import { languageOf, mailWords } from '../mail/mail-words.ts';
import { queueMail } from '../mail/outbox.service.ts';
import { normalisedEmail } from './address.ts';
import {
  deleteChangesSince,
  findAddressChange,
  insertAddressChange,
  markChanged,
  ownersOf,
  setEmail,
  type AddressChange,
} from './address-changes.queries.ts';
import { checkKeyProof } from './key-proof.service.ts';
import { admitMail } from './mail-limits.ts';
import { linkTo, newMailToken } from './mail-links.ts';
import { deleteOtherSessions, findEmail } from './password.queries.ts';
import { noteEvent, originOf } from './security-log.service.ts';
import { hashOf } from './token-hash.ts';

/**
 * [Note: change of address] The password record is bound to the account's id, not to its address: nothing is registered again.
 * The new address confirms, the old one is told and may take it back for seven days; until then nobody else can have it.
 */

interface ChangeCall {
  readonly email: string;
  readonly proof: KeyProof;
  readonly caller: Caller;
  readonly request: Request;
}

/** Asks the new address. Whether somebody else has it, only its mailbox tells. */
export async function startAddressChange(
  deps: Deps,
  { email: rawEmail, proof, caller: { accountId }, request }: ChangeCall,
): Promise<Result<{ mail: 'sent' }, Failure>> {
  if (!deps.config.mail) return err(failure('MAIL_NOT_ENABLED'));
  const proven = await checkKeyProof(deps, { accountId, purpose: 'email' }, proof);
  if (!proven.ok) return proven;
  const admitted = await admitMail(deps, rawEmail, request);
  if (!admitted.ok) return admitted;
  const newEmail = normalisedEmail(rawEmail);
  const createdAtMs = deps.clock.nowMs();
  const { token, tokenHash, untilMs } = newMailToken(deps);
  const [language, lifeMs] = [languageOf(request), MAIL_TOKEN_MS];
  await deps.db.as({ role: 'auth' }, async (transaction) => {
    const isFree = (await ownersOf(transaction, newEmail, createdAtMs)).every((owner) => owner === accountId);
    const words = isFree
      ? mailWords.changeConfirm(language, linkTo(deps, '/new-address', token))
      : mailWords.alreadyRegistered(language, linkTo(deps, '/sign-in'));
    await queueMail(deps, transaction, { ...words, accountId: null, to: newEmail, lifeMs });
    await become(transaction, { role: 'app', account: accountId });
    const unmade = { oldEmail: null, undoHash: null, undoUntilMs: null };
    await insertAddressChange(transaction, {
      id: newId(deps),
      accountId,
      newEmail,
      tokenHash,
      tokenUntilMs: untilMs,
      createdAtMs,
      ...unmade,
    });
  });
  return ok({ mail: 'sent' });
}

/** The new address confirms; the old one is told. */
export async function finishAddressChange(deps: Deps, token: string, request: Request): Promise<Result<void, Failure>> {
  const nowMs = deps.clock.nowMs();
  return deps.db.as({ role: 'auth' }, async (transaction) => {
    const change = await findAddressChange(transaction, { tokenHash: hashOf(token) });
    if (!change || change.oldEmail !== null) return err(failure('TOKEN_INVALID'));
    if (change.tokenUntilMs <= nowMs) return err(failure('TOKEN_EXPIRED'));
    const { id, accountId, newEmail } = change;
    if ((await ownersOf(transaction, newEmail, nowMs)).some((owner) => owner !== accountId))
      return err(failure('EMAIL_ALREADY_REGISTERED'));
    const undo = newMailToken(deps, EMAIL_UNDO_MS);
    await become(transaction, { role: 'app', account: accountId });
    const oldEmail = (await findEmail(transaction, accountId)) ?? newEmail;
    if (!(await markChanged(transaction, id, { oldEmail, undoHash: undo.tokenHash, undoUntilMs: undo.untilMs })))
      return err(failure('TOKEN_INVALID'));
    await setEmail(transaction, accountId, newEmail);
    await noteEvent(deps, transaction, { accountId, event: 'EMAIL_CHANGED', origin: originOf(request) });
    const told = mailWords.changeTold(languageOf(request), linkTo(deps, '/undo-address', undo.token));
    await queueMail(deps, transaction, { ...told, accountId, to: oldEmail, lifeMs: EMAIL_UNDO_MS });
    return ok(undefined);
  });
}

/** The old address takes the change back: whoever made it is signed out everywhere. */
export async function undoAddressChange(deps: Deps, token: string, request: Request): Promise<Result<void, Failure>> {
  const undone = await deps.db.as({ role: 'auth' }, async (transaction) => {
    const change = await findAddressChange(transaction, { undoHash: hashOf(token) });
    if (!isUndoable(change)) return err(failure('TOKEN_INVALID'));
    if (change.undoUntilMs <= deps.clock.nowMs()) return err(failure('TOKEN_EXPIRED'));
    const { accountId } = change;
    await become(transaction, { role: 'app', account: accountId });
    await setEmail(transaction, accountId, change.oldEmail);
    await deleteChangesSince(transaction, change);
    await noteEvent(deps, transaction, { accountId, event: 'EMAIL_CHANGE_UNDONE', origin: originOf(request) });
    await become(transaction, { role: 'auth' });
    return ok(await deleteOtherSessions(transaction, accountId, undefined));
  });
  if (!undone.ok) return undone;
  undone.value.forEach((id) => deps.live.endSession(id));
  return ok(undefined);
}

const isUndoable = (change: AddressChange | undefined): change is AddressChange & { oldEmail: string; undoUntilMs: number } =>
  change !== undefined && change.oldEmail !== null && change.undoUntilMs !== null;
