import { err, ok, type Result } from '@mana/shared/base/result';
import { createHmac } from 'node:crypto';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { accessTokenLifeSec, signAccessToken } from './access-token.ts';
import { noteEvent, originOf } from './security-log.service.ts';
import { deleteSession, findSession, insertRefreshToken, lockRefreshToken, spendRefreshToken, touchSession } from './sessions.queries.ts';
import { hashOf } from './token-hash.ts';

const graceMs = 10_000; // two tabs, or a lost answer: the same parent may come twice within this time
const lifeMs = 30 * 86_400_000;

export interface TokenPair {
  readonly accessToken: string;
  readonly expiresInSec: number;
  readonly refreshToken: string;
}

/** Trades a refresh token for an access token and the next refresh token. A token that was spent long ago was copied: its session ends. */
export async function rotateRefreshToken(deps: Deps, refreshToken: string, request: Request): Promise<Result<TokenPair, Failure>> {
  const nowMs = deps.clock.nowMs();
  let endedSession: string | undefined;
  const rotated = await deps.db.as({ role: 'auth' }, async (transaction) => {
    const token = await lockRefreshToken(transaction, hashOf(refreshToken));
    if (!token) return err(failure('TOKEN_INVALID'));
    const { accountId, sessionId } = token;
    if (token.spentAtMs !== null && nowMs - token.spentAtMs > graceMs) {
      await deleteSession(transaction, accountId, sessionId);
      await noteEvent(deps, transaction, { accountId, event: 'REFRESH_TOKEN_REUSED', origin: originOf(request) });
      endedSession = sessionId;
      return err(failure('TOKEN_INVALID'));
    }
    if (!(await findSession(transaction, sessionId, nowMs))) return err(failure('TOKEN_EXPIRED'));
    const successor = successorOf(deps, refreshToken);
    if (token.spentAtMs === null) {
      await spendRefreshToken(transaction, token.tokenHash, nowMs);
      await insertRefreshToken(transaction, { tokenHash: hashOf(successor), accountId, sessionId, createdAtMs: nowMs });
      await touchSession(transaction, sessionId, { lastUsedAtMs: nowMs, expiresAtMs: nowMs + lifeMs });
    }
    return ok({ successor, caller: { accountId, sessionId } });
  });
  if (endedSession) deps.live.endSession(endedSession);
  if (!rotated.ok) return rotated;
  const { successor, caller } = rotated.value;
  return ok({ accessToken: await signAccessToken(deps, caller), expiresInSec: accessTokenLifeSec, refreshToken: successor });
}

/** The same parent always has the same successor, so it need not be stored anywhere. */
const successorOf = ({ secrets }: Pick<Deps, 'secrets'>, parent: string): string =>
  createHmac('sha256', Buffer.from(secrets.attemptKeyB64Url, 'base64url')).update(`refresh\0${parent}`).digest('base64url');
