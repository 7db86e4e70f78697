import { err, ok, type Result } from '@mana/shared/base/result';
import { registerFinishRequestSchema } from '@mana/shared/wire/account';
import { MAIL_TOKEN_MS } from '@mana/shared/wire/mail';
import * as mini from 'zod/mini';
import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { languageOf, mailWords } from '../mail/mail-words.ts';
import { dropMail, queueMail, type NewMail } from '../mail/outbox.service.ts';
import { addressKeyOf, normalisedEmail } from './address.ts';
import { ownersOf } from './address-changes.queries.ts';
import { makeAccount, type SignUpContent } from './make-account.service.ts';
import { admitMail } from './mail-limits.ts';
import { linkTo, signUpToken } from './mail-links.ts';
import {
  deleteOldPending,
  deletePending,
  findPending,
  insertPending,
  lockPending,
  renewPending,
  type PendingSignUp,
} from './pending-sign-ups.queries.ts';
import { openText, sealText } from './sealed-text.ts';
import { takePlace } from './sign-up-cap.service.ts';
import { hashOf } from './token-hash.ts';

/**
 * [Note: pending sign-ups] Where mail is sent, a sign-up waits sealed until its link is opened. Several may wait for one address,
 * so that nobody can take it away from its owner; the one whose link is opened becomes the account.
 */

const pendingLifeMs = 86_400_000;
const sealPurpose = 'pending-sign-up';

type MailSent = Result<{ mail: 'sent' }, Failure>;
const sent: MailSent = ok({ mail: 'sent' });

const contentSchema = mini.omit(registerFinishRequestSchema, { attempt: true, client: true });

/** Keeps a sign-up until its address is confirmed. A known address takes the same steps: its owner gets a notice in the place of a link. */
export async function keepSignUp(deps: Deps, { id, content }: { id: string; content: SignUpContent }, request: Request): Promise<MailSent> {
  const admitted = await admitMail(deps, content.email, request);
  if (!admitted.ok) return admitted;
  const email = normalisedEmail(content.email);
  const sealed = await sealText(deps, sealPurpose, content);
  return deps.db.as({ role: 'auth' }, async (transaction) => {
    const place = await takePlace(deps, transaction);
    if (!place.ok) return place;
    const nowMs = deps.clock.nowMs();
    const token = signUpToken(deps, id);
    const [owner] = await ownersOf(transaction, email, nowMs);
    await insertPending(transaction, {
      id,
      addressKey: addressKeyOf(deps.secrets, email),
      sealed,
      tokenHash: hashOf(token),
      tokenUntilMs: nowMs + MAIL_TOKEN_MS,
      createdAtMs: nowMs,
    });
    await queueMail(deps, transaction, owner === undefined ? linkMail(deps, { email, token }, request) : noticeMail(deps, email, request));
    return sent;
  });
}

const linkMail = (deps: Deps, { email, token }: { email: string; token: string }, request: Request): NewMail => ({
  ...mailWords.verify(languageOf(request), linkTo(deps, '/verify', token)),
  accountId: null,
  to: email,
  lifeMs: MAIL_TOKEN_MS,
});

const noticeMail = (deps: Deps, email: string, request: Request): NewMail => ({
  ...mailWords.alreadyRegistered(languageOf(request), linkTo(deps, '/sign-in')),
  accountId: null,
  to: email,
  lifeMs: MAIL_TOKEN_MS,
});

/** Sends the link once more. Whether there was anything to send, the answer does not tell, nor its time. */
export async function resendLink(deps: Deps, rawEmail: string, request: Request): Promise<MailSent> {
  if (!deps.config.mail) return err(failure('MAIL_NOT_ENABLED'));
  const admitted = await admitMail(deps, rawEmail, request);
  if (!admitted.ok) return admitted;
  const email = normalisedEmail(rawEmail);
  return deps.db.as({ role: 'auth' }, async (transaction) => {
    const nowMs = deps.clock.nowMs();
    const [owner] = await ownersOf(transaction, email, nowMs);
    const pending = await findPending(transaction, addressKeyOf(deps.secrets, email));
    const waits = owner === undefined && pending !== undefined && pending.createdAtMs > nowMs - pendingLifeMs;
    const id = waits ? pending.id : nobody;
    await renewPending(transaction, id, nowMs + MAIL_TOKEN_MS);
    await (waits ? queueMail : dropMail)(deps, transaction, linkMail(deps, { email, token: signUpToken(deps, id) }, request));
    return sent;
  });
}

const nobody = '00000000-0000-0000-0000-000000000000';

/** Opens a link: the sign-up becomes an account. Nobody is signed in by it: the password is on the person's device. */
export async function verifyAddress(deps: Deps, token: string, request: Request): Promise<Result<void, Failure>> {
  return deps.db.as({ role: 'auth' }, async (transaction) => {
    const pending = await lockPending(transaction, hashOf(token));
    if (!pending) return err(failure('TOKEN_INVALID'));
    const nowMs = deps.clock.nowMs();
    if (pending.tokenUntilMs <= nowMs) return err(failure('TOKEN_EXPIRED'));
    const content = await contentOf(deps, pending);
    if (!content) return err(failure('TOKEN_INVALID'));
    const [owner] = await ownersOf(transaction, normalisedEmail(content.email), nowMs);
    if (owner !== undefined) return err(failure('EMAIL_ALREADY_REGISTERED'));
    await deletePending(transaction, pending.addressKey);
    await makeAccount(deps, transaction, { id: pending.id, content, request });
    return ok(undefined);
  });
}

async function contentOf({ secrets }: Pick<Deps, 'secrets'>, { sealed }: PendingSignUp): Promise<SignUpContent | undefined> {
  const parsed = mini.safeParse(contentSchema, await openText(secrets, sealPurpose, sealed));
  return parsed.success ? parsed.data : undefined;
}

/** The password record of a sign-up that waits: who knows its password is told that the link is missing, everybody else nothing. */
export async function findPendingCredential(deps: Deps, transaction: Transaction, email: string) {
  if (!deps.config.mail) return undefined;
  const pending = await findPending(transaction, addressKeyOf(deps.secrets, email));
  const isFresh = pending !== undefined && pending.createdAtMs > deps.clock.nowMs() - pendingLifeMs;
  const content = isFresh ? await contentOf(deps, pending) : undefined;
  return content && pending ? { accountId: pending.id, registrationRecord: content.registrationRecord } : undefined;
}

/** Forgets sign-ups that nobody confirmed. */
export const purgePending = (deps: Deps): Promise<void> =>
  deps.db.as({ role: 'auth' }, (transaction) => deleteOldPending(transaction, deps.clock.nowMs() - pendingLifeMs));
