import { bytesToB64Url } from '@mana/shared/base/bytes';
import { newId } from '@mana/shared/base/ids';
import { err, ok, type Result } from '@mana/shared/base/result';
import { ACCOUNT_HEADER } from '@mana/shared/wire/endpoints';
import type { Transaction } from '../db/database.ts';
import { gather } from '../db/gather.ts';
import type { Deps } from '../deps.ts';
import { cookieText, readCookie, sessionAccounts } from '../http/cookies.ts';
import { failure, type Failure } from '../http/failure.ts';
import type { Caller } from '../http/route.ts';
import type { Authenticated } from '../http/serve.ts';
import { verifyAccessToken } from './access-token.ts';
import { noteEvent, originOf } from './security-log.service.ts';
import { hashOf } from './token-hash.ts';
import {
  deleteSession,
  findSession,
  findSessionsByToken,
  insertRefreshToken,
  insertSession,
  listSessions,
  touchSession,
  type SessionRow,
} from './sessions.queries.ts';

const dayMs = 86_400_000;
const lifeMs = 30 * dayMs;
const touchAfterMs = 3_600_000; // "last used" is true to the hour; a write per request would be waste
const tokenBytes = 32;

/** What a new session hands over: a cookie for the web app, a refresh token for other clients. */
export type Handover = { readonly cookie: string } | { readonly refreshToken: string };

type SessionDeps = Pick<Deps, 'config' | 'clock' | 'random'>;

/** Makes a session in the running transaction, which acts as `auth`. */
export async function startSession(
  deps: SessionDeps,
  transaction: Transaction,
  start: { accountId: string; client: 'web' | 'extension'; request: Request },
): Promise<Handover> {
  const { accountId, client, request } = start;
  const nowMs = deps.clock.nowMs();
  const token = bytesToB64Url(deps.random.bytes(tokenBytes));
  const id = newId(deps);
  const { device, network } = originOf(request);
  if (client === 'web') await endReplaced(deps, transaction, { accountId, request });
  await insertSession(transaction, {
    id,
    accountId,
    tokenHash: hashOf(token),
    client,
    device,
    network,
    createdAtMs: nowMs,
    lastUsedAtMs: nowMs,
    expiresAtMs: nowMs + lifeMs,
  });
  if (client === 'web') return { cookie: sessionCookie(deps, accountId, token) };
  const refreshToken = bytesToB64Url(deps.random.bytes(tokenBytes));
  await insertRefreshToken(transaction, { tokenHash: hashOf(refreshToken), accountId, sessionId: id, createdAtMs: nowMs });
  return { refreshToken };
}

/** Whoever signs in again in the same browser leaves no second session behind. */
async function endReplaced(
  { config, clock }: SessionDeps,
  transaction: Transaction,
  { accountId, request }: { accountId: string; request: Request },
): Promise<void> {
  const token = readCookie(config, request, `session-${accountId}`);
  if (token === undefined) return;
  const hash = hashOf(token);
  const replaced = (await findSessionsByToken(transaction, [hash], clock.nowMs())).get(hash);
  if (replaced) await deleteSession(transaction, accountId, replaced.id);
}

const sessionCookie = ({ config }: Pick<Deps, 'config'>, accountId: string, value: string): string =>
  cookieText(config, `session-${accountId}`, { value, maxAgeSec: lifeMs / 1_000 });

/** The cookie that ends an account's session in the browser. */
export const endedCookie = ({ config }: Pick<Deps, 'config'>, accountId: string): string =>
  cookieText(config, `session-${accountId}`, { value: '', maxAgeSec: 0 });

/** The account that a request acts for, and its session's token; a browser that holds one session need not name it. */
function presented({ config }: Pick<Deps, 'config'>, request: Request, named = request.headers.get(ACCOUNT_HEADER)) {
  const [only, ...others] = sessionAccounts(config, request);
  const accountId = named ?? (others.length === 0 ? only : undefined);
  const token = accountId && readCookie(config, request, `session-${accountId}`);
  return token ? { accountId, token } : undefined;
}

/** Tells who sends a request: by access token where there is one, else by the cookie of the account that it names. Requests that come at once are looked up at once. */
export function createAuthenticate(deps: Deps): (request: Request, account?: string) => Promise<Result<Authenticated, Failure>> {
  const findByToken = gather((hashes) =>
    deps.db.as({ role: 'auth' }, (transaction) => findSessionsByToken(transaction, hashes, deps.clock.nowMs())),
  );
  return async (request, account) => {
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (bearer) {
      const caller = await authenticateToken(deps, bearer);
      return caller.ok ? ok({ caller: caller.value }) : caller;
    }
    const shown = presented(deps, request, account);
    const session = shown && (await findByToken(hashOf(shown.token)));
    const isOwn = session?.client === 'web' && session.accountId === shown?.accountId;
    return isOwn ? ok(await prolonged(deps, session, shown.token)) : err(failure('UNAUTHORIZED'));
  };
}

/** A session of the web app lasts from its last use. */
async function prolonged(deps: Deps, { id, accountId, lastUsedAtMs }: SessionRow, token: string): Promise<Authenticated> {
  const caller: Caller = { accountId, sessionId: id };
  const nowMs = deps.clock.nowMs();
  if (nowMs - lastUsedAtMs < touchAfterMs) return { caller };
  await deps.db.as({ role: 'auth' }, (transaction) => touchSession(transaction, id, { lastUsedAtMs: nowMs, expiresAtMs: nowMs + lifeMs }));
  return { caller, cookie: sessionCookie(deps, accountId, token) };
}

/** Who holds an access token; a session that was ended meanwhile no longer counts. */
export async function authenticateToken(deps: Deps, token: string): Promise<Result<Caller, Failure>> {
  const caller = await verifyAccessToken(deps, token);
  if (!caller.ok) return caller;
  const { sessionId } = caller.value;
  const session = await deps.db.as({ role: 'auth' }, (transaction) => findSession(transaction, sessionId, deps.clock.nowMs()));
  return session ? caller : err(failure('UNAUTHORIZED'));
}

/** The account's sessions, newest use first. */
export async function describeSessions(deps: Deps, caller: Caller) {
  const rows = await deps.db.as({ role: 'app', account: caller.accountId }, (transaction) =>
    listSessions(transaction, caller.accountId, deps.clock.nowMs()),
  );
  return rows.map((row) => ({
    id: row.id,
    client: row.client,
    device: row.device,
    network: row.network,
    createdAt: new Date(row.createdAtMs).toISOString(),
    lastUsedAt: new Date(row.lastUsedAtMs).toISOString(),
    current: row.id === caller.sessionId,
  }));
}

/** Ends one of the account's sessions; its sockets hear of it at once. */
export async function endSession(
  deps: Deps,
  { accountId, sessionId: ownSession }: Caller,
  { sessionId, request }: { sessionId: string; request: Request },
): Promise<Result<void, Failure>> {
  const event = sessionId === ownSession ? 'LOGOUT' : 'SESSION_ENDED';
  const ended = await deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    const found = await deleteSession(transaction, accountId, sessionId);
    if (found) await noteEvent(deps, transaction, { accountId, event, origin: originOf(request) });
    return found;
  });
  if (!ended) return err(failure('NOT_FOUND'));
  deps.live.endSession(sessionId);
  return ok(undefined);
}

/** Ends everything that a lost device is signed in by, at once and all of it; never the session that says so. */
export async function endLostDevice(
  deps: Deps,
  { accountId, sessionId: ownSession }: Caller,
  { sessions, request }: { sessions: readonly string[]; request: Request },
): Promise<Result<void, Failure>> {
  if (sessions.includes(ownSession)) return err(failure('CONFLICT'));
  const ended = await deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    const found: string[] = [];
    for (const id of sessions) if (await deleteSession(transaction, accountId, id)) found.push(id);
    if (found.length > 0) await noteEvent(deps, transaction, { accountId, event: 'DEVICE_LOST', origin: originOf(request) });
    return found;
  });
  ended.forEach((id) => deps.live.endSession(id));
  return ended.length > 0 ? ok(undefined) : err(failure('NOT_FOUND'));
}

/** A session for a client that the signed-in person connects. */
export async function pairClient(deps: Deps, { accountId }: Caller, request: Request): Promise<string> {
  const handover = await deps.db.as({ role: 'auth' }, async (transaction) => {
    await noteEvent(deps, transaction, { accountId, event: 'EXTENSION_PAIRED', origin: originOf(request) });
    return startSession(deps, transaction, { accountId, client: 'extension', request });
  });
  return 'refreshToken' in handover ? handover.refreshToken : '';
}
