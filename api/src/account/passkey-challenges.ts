import { bytesToB64Url, type Bytes } from '@mana/shared/base/bytes';
import { err, ok, type Result } from '@mana/shared/base/result';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { cookieText, readCookie } from '../http/cookies.ts';
import { failure, type Failure } from '../http/failure.ts';
import { takeHit } from './limits.queries.ts';
import { openText, sealText } from './sealed-text.ts';

/** What a challenge may be answered for: signing in, or a new passkey of one account. */
export type ChallengeUse = 'sign-in' | `register ${string}`;

const lifeMs = 10 * 60_000; // longer than the browser waits for a person
const kept = 5; // several tabs of one browser share the cookie, each with a question of its own
const challengeBytes = 32;

const challengeSchema = z.object({ challenge: z.string(), use: z.string(), expiresAtMs: z.number() });
const listSchema = z.array(challengeSchema);

/** A challenge, and the cookie in which the browser carries it beside those of its other tabs. */
export async function newChallenge(
  deps: Deps,
  request: Request,
  use: ChallengeUse,
): Promise<{ readonly challenge: Bytes; readonly cookie: string }> {
  const challenge = deps.random.bytes(challengeBytes);
  const nowMs = deps.clock.nowMs();
  const others = (await readChallenges(deps, request)).filter(({ expiresAtMs }) => expiresAtMs > nowMs).slice(1 - kept);
  const list = [...others, { challenge: bytesToB64Url(challenge), use, expiresAtMs: nowMs + lifeMs }];
  const value = await sealText(deps, 'challenge', list);
  return { challenge, cookie: cookieText(deps.config, 'challenge', { value, maxAgeSec: lifeMs / 1_000 }) };
}

/** Takes the challenge that a response answers: it must be of this browser, for this use, in time, and each counts once. */
export async function takeChallenge(
  deps: Deps,
  request: Request,
  answered: { readonly challenge: string | undefined; readonly use: ChallengeUse },
): Promise<Result<string, Failure>> {
  const nowMs = deps.clock.nowMs();
  const asked = (await readChallenges(deps, request)).find(
    ({ challenge, use }) => challenge === answered.challenge && use === answered.use,
  );
  if (!asked) return err(failure('TOKEN_INVALID'));
  if (asked.expiresAtMs <= nowMs) return err(failure('TOKEN_EXPIRED'));
  const hit = { limitKey: `challenge ${asked.challenge}`, nowMs, windowMs: lifeMs };
  const times = await deps.db.as({ role: 'auth' }, (transaction) => takeHit(transaction, hit));
  return times === 1 ? ok(asked.challenge) : err(failure('TOKEN_INVALID'));
}

async function readChallenges(deps: Deps, request: Request): Promise<z.infer<typeof listSchema>> {
  const sealed = readCookie(deps.config, request, 'challenge');
  const parsed = listSchema.safeParse(sealed && (await openText(deps.secrets, 'challenge', sealed)));
  return parsed.success ? parsed.data : [];
}
