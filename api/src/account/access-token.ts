import { err, ok, type Result } from '@mana/shared/base/result';
import { isUuid } from '@mana/shared/base/ids';
import { errors, importJWK, jwtVerify, SignJWT } from 'jose';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import type { Caller } from '../http/route.ts';

/** Life of an access token: as long as a stolen one is of use at most, as short as refreshing stays rare. */
export const accessTokenLifeSec = 15 * 60;

const audience = 'mana';
type TokenDeps = Pick<Deps, 'config' | 'clock' | 'secrets'>;

/** Signs a short-lived token that names the account and its session. */
export async function signAccessToken({ config, clock, secrets }: TokenDeps, caller: Caller): Promise<string> {
  const nowSec = Math.floor(clock.nowMs() / 1_000);
  return new SignJWT({ sid: caller.sessionId })
    .setProtectedHeader({ alg: 'EdDSA', kid: secrets.accessTokenKey.kid })
    .setSubject(caller.accountId)
    .setIssuer(config.publicUrl.origin)
    .setAudience(audience)
    .setIssuedAt(nowSec)
    .setExpirationTime(nowSec + accessTokenLifeSec)
    .sign(await importJWK({ ...secrets.accessTokenKey }, 'EdDSA'));
}

/** The caller that a token names, when it is ours and has not expired. */
export async function verifyAccessToken({ config, clock, secrets }: TokenDeps, token: string): Promise<Result<Caller, Failure>> {
  const key = await importJWK({ ...publicHalf(secrets.accessTokenKey) }, 'EdDSA');
  const options = { algorithms: ['EdDSA'], issuer: config.publicUrl.origin, audience, currentDate: new Date(clock.nowMs()) };
  try {
    const { payload } = await jwtVerify(token, key, options);
    const { sub, sid } = payload;
    if (typeof sub !== 'string' || typeof sid !== 'string' || !isUuid(sub) || !isUuid(sid)) return err(failure('UNAUTHORIZED'));
    return ok({ accountId: sub, sessionId: sid });
  } catch (error) {
    return err(failure(error instanceof errors.JWTExpired ? 'TOKEN_EXPIRED' : 'UNAUTHORIZED'));
  }
}

/** Keys by which anybody can verify access tokens. */
export const publicKeys = ({ secrets }: Pick<Deps, 'secrets'>) => ({
  keys: [{ ...publicHalf(secrets.accessTokenKey), alg: 'EdDSA', use: 'sig' }],
});

const publicHalf = ({ d: _, ...key }: Deps['secrets']['accessTokenKey']) => key;
