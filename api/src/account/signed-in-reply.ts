import { ok, type Result } from '@mana/shared/base/result';
import type { Deps } from '../deps.ts';
import { cookieText } from '../http/cookies.ts';
import type { Failure } from '../http/failure.ts';
import type { Reply } from '../http/route.ts';
import { knownMark, knownName } from './guess.service.ts';
import type { SignedInAccount } from './sign-in.service.ts';

const yearSec = 31_536_000;

/** Answers a sign-in: the account, and what the client keeps of the session. */
export async function signedInReply(deps: Deps, outcome: Result<SignedInAccount, Failure>): Promise<Result<Reply, Failure>> {
  if (!outcome.ok) return outcome;
  const { account, handover } = outcome.value;
  if ('refreshToken' in handover) return ok({ json: { account, refreshToken: handover.refreshToken } });
  const known = cookieText(deps.config, knownName(deps, account.email), {
    value: await knownMark(deps, account.email),
    maxAgeSec: yearSec,
  });
  return ok({ json: { account }, cookies: [handover.cookie, known] });
}

/** Answers a registration: signed in, or a link on its way. */
export async function registeredReply(
  deps: Deps,
  outcome: Result<SignedInAccount | { mail: 'sent' }, Failure>,
): Promise<Result<Reply, Failure>> {
  if (!outcome.ok) return outcome;
  return 'mail' in outcome.value ? ok({ json: outcome.value }) : signedInReply(deps, ok(outcome.value));
}
