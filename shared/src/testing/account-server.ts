import { newId } from '#base/ids.ts';
import { systemClock } from '#base/clock.ts';
import { systemRandom } from '#base/random.ts';
import { answerLogin, answerRegistration, createServerSetup, provesPassword } from '#crypto/opaque-server.ts';
import * as wire from '#wire/account.ts';
import { recoveryWrapRequestSchema } from '#wire/password.ts';
import { ACCOUNT_HEADER, paths } from '#wire/endpoints.ts';
import type { FailureCode } from '#wire/failures.ts';
import { problemOf } from '#wire/problem.ts';
import { profilePatchSchema, type Profile } from '#wire/profile.ts';

/** An account as the server keeps it. */
interface KeptAccount {
  account: wire.Account;
  registrationRecord: string;
}

/** One browser towards the server: its cookies, and all that it sent. */
export interface Browser {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Every request: method, path and body. */
  readonly sent: readonly string[];
  /** Makes every request fail as without a network. */
  offline: boolean;
  /** Answers every request with this failure. */
  failing: FailureCode | undefined;
}

/** The account's endpoints in memory, with the real server half of the password protocol. */
export interface AccountServer {
  browser(): Browser;
  readonly accounts: ReadonlyMap<string, KeptAccount>;
  /** Open sessions by their cookie or access token. */
  readonly sessions: Map<string, string>;
  readonly abandoned: readonly string[];
}

interface Kept {
  readonly setup: string;
  readonly accounts: Map<string, KeptAccount>;
  readonly sessions: Map<string, string>;
  readonly refreshTokens: Map<string, string>;
  readonly attempts: Map<string, { account: string; state: string }>;
  readonly abandoned: string[];
}

interface Call {
  readonly kept: Kept;
  readonly body: unknown;
  readonly caller: string | undefined;
}

type Reply = { readonly json?: unknown; readonly cookie?: string | null } | FailureCode;

const newKey = (): string => newId({ clock: systemClock, random: systemRandom });

/** A server without accounts. */
export async function createAccountServer(): Promise<AccountServer> {
  const kept: Kept = {
    setup: await createServerSetup(),
    accounts: new Map(),
    sessions: new Map(),
    refreshTokens: new Map(),
    attempts: new Map(),
    abandoned: [],
  };
  return { browser: () => createBrowser(kept), accounts: kept.accounts, sessions: kept.sessions, abandoned: kept.abandoned };
}

function createBrowser(kept: Kept): Browser {
  const cookies = new Map<string, string>();
  const sent: string[] = [];
  const browser: Browser = {
    sent,
    offline: false,
    failing: undefined,
    async fetch(url, init) {
      if (browser.offline) throw new TypeError('Failed to fetch');
      sent.push(`${init.method} ${url} ${typeof init.body === 'string' ? init.body : ''}`);
      if (browser.failing) return answerOf(browser.failing);
      const caller = kept.sessions.get(credentialOf(init, cookies));
      const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
      const reply = await route(`${init.method} ${url}`)({ kept, body, caller });
      if (typeof reply !== 'string' && reply.cookie !== undefined) takeCookie(reply.cookie, caller);
      return answerOf(reply);
    },
  };
  return browser;

  function takeCookie(given: string | null, caller: string | undefined): void {
    const account = given === null ? caller : kept.sessions.get(given);
    if (account === undefined) return;
    kept.sessions.delete(cookies.get(account) ?? '');
    if (given === null) cookies.delete(account);
    else cookies.set(account, given);
  }
}

function credentialOf(init: RequestInit, cookies: ReadonlyMap<string, string>): string {
  const headers = new Headers(init.headers);
  const bearer = headers.get('authorization')?.slice('Bearer '.length);
  return bearer ?? (init.credentials === 'omit' ? '' : (cookies.get(headers.get(ACCOUNT_HEADER) ?? '') ?? ''));
}

function answerOf(reply: Reply): Response {
  if (typeof reply !== 'string') return reply.json === undefined ? new Response(null, { status: 204 }) : Response.json(reply.json);
  const problem = problemOf(reply, { requestId: 'test' });
  return Response.json(problem, { status: problem.status });
}

const routes: Record<string, (call: Call) => Promise<Reply> | Reply> = {
  [`POST ${paths.registerStart}`]: registerStart,
  [`POST ${paths.registerFinish}`]: registerFinish,
  [`POST ${paths.loginStart}`]: loginStart,
  [`POST ${paths.loginFinish}`]: loginFinish,
  [`POST ${paths.loginAbandon}`]: ({ kept, body }) => {
    kept.abandoned.push(wire.loginAbandonRequestSchema.parse(body).attempt);
    return 'INVALID_CREDENTIALS';
  },
  [`POST ${paths.logout}`]: ({ caller }) => (caller ? { cookie: null } : 'UNAUTHORIZED'),
  [`GET ${paths.session}`]: ({ kept, caller }) => (caller ? { json: { account: kept.accounts.get(caller)?.account } } : 'UNAUTHORIZED'),
  [`POST ${paths.pair}`]: ({ kept, caller }) => (caller ? { json: { refreshToken: newRefreshToken(kept, caller) } } : 'UNAUTHORIZED'),
  [`POST ${paths.token}`]: token,
  [`POST ${paths.bootstrapSingletons}`]: ({ caller }) =>
    caller ? { json: { ok: true, bootstrapped: { userContext: false, spaces: {} } } } : 'UNAUTHORIZED',
  [`PUT ${paths.recoveryWrap}`]: ({ kept, body, caller }) => {
    const found = kept.accounts.get(caller ?? '');
    if (!found) return 'UNAUTHORIZED';
    const { wrap } = recoveryWrapRequestSchema.parse(body);
    found.account = { ...found.account, wraps: [...found.account.wraps.filter(({ kind }) => kind !== 'recovery'), wrap] };
    return {};
  },
  [`PATCH ${paths.profile}`]: ({ kept, body, caller }) => {
    const { name, ...shown } = profilePatchSchema.parse(body);
    return changeAccount(kept, caller, (account) => ({
      ...account,
      name: name ?? account.name,
      profile: { ...newProfile, ...account.profile, ...shown } as Profile,
    }));
  },
  [`POST ${paths.onboardingComplete}`]: ({ kept, caller }) =>
    changeAccount(kept, caller, (account) => ({
      ...account,
      profile: { ...newProfile, ...account.profile, onboardedAt: '2026-01-01T00:00:00.000Z' },
    })),
};

const newProfile: Profile = { photo: null, communityShowRealName: false, onboardedAt: null };

function changeAccount(kept: Kept, caller: string | undefined, change: (account: wire.Account) => wire.Account): Reply {
  const found = kept.accounts.get(caller ?? '');
  if (!found) return 'UNAUTHORIZED';
  found.account = change(found.account);
  return {};
}

const route = (name: string): ((call: Call) => Promise<Reply> | Reply) => routes[name] ?? (() => 'NOT_FOUND');

async function registerStart({ kept, body }: Call): Promise<Reply> {
  const { registrationRequest } = wire.registerStartRequestSchema.parse(body);
  const accountId = newKey();
  const registrationResponse = await answerRegistration({ serverSetup: kept.setup, userIdentifier: accountId, registrationRequest });
  kept.attempts.set(accountId, { account: accountId, state: '' });
  return { json: { accountId, attempt: accountId, registrationResponse } };
}

function registerFinish({ kept, body }: Call): Reply {
  const { attempt, email, name, registrationRecord, wraps, identity, space, client } = wire.registerFinishRequestSchema.parse(body);
  if (accountOf(kept, email)) return 'EMAIL_ALREADY_REGISTERED';
  const spaces = [{ id: space.id, type: 'personal' as const, role: 'owner' as const, readOnly: false, epoch: 1, keys: [space.key] }];
  kept.accounts.set(attempt, {
    registrationRecord,
    account: { id: attempt, email, name: name ?? email, profile: newProfile, wraps, identity, spaces },
  });
  return signedIn(kept, attempt, client);
}

const accountOf = (kept: Kept, email: string): KeptAccount | undefined =>
  [...kept.accounts.values()].find(({ account }) => account.email === email);

async function loginStart({ kept, body }: Call): Promise<Reply> {
  const { email, startLoginRequest } = wire.loginStartRequestSchema.parse(body);
  const found = accountOf(kept, email);
  const userIdentifier = found?.account.id ?? 'unknown';
  const registrationRecord = found?.registrationRecord ?? null;
  const answer = await answerLogin({ serverSetup: kept.setup, userIdentifier, registrationRecord, startLoginRequest });
  if (!answer) return 'VALIDATION';
  const attempt = newKey();
  kept.attempts.set(attempt, { account: userIdentifier, state: answer.serverLoginState });
  return { json: { attempt, loginResponse: answer.loginResponse } };
}

async function loginFinish({ kept, body }: Call): Promise<Reply> {
  const { attempt, finishLoginRequest, client } = wire.loginFinishRequestSchema.parse(body);
  const open = kept.attempts.get(attempt);
  const isProven = open && (await provesPassword({ serverLoginState: open.state, finishLoginRequest }));
  return open && isProven ? signedIn(kept, open.account, client) : 'INVALID_CREDENTIALS';
}

function signedIn(kept: Kept, accountId: string, client: 'web' | 'extension'): Reply {
  const { account } = kept.accounts.get(accountId) ?? {};
  if (client === 'extension') return { json: { account, refreshToken: newRefreshToken(kept, accountId) } };
  const cookie = newKey();
  kept.sessions.set(cookie, accountId);
  return { json: { account }, cookie };
}

function newRefreshToken(kept: Kept, accountId: string): string {
  const refreshToken = newKey();
  kept.refreshTokens.set(refreshToken, accountId);
  return refreshToken;
}

/** A refresh token counts once: a second use is a sign-out, so that a client that rotates twice at a time is found out. */
function token({ kept, body }: Call): Reply {
  const { refreshToken } = wire.tokenRequestSchema.parse(body);
  const accountId = kept.refreshTokens.get(refreshToken);
  if (accountId === undefined) return 'TOKEN_INVALID';
  kept.refreshTokens.delete(refreshToken);
  const accessToken = newKey();
  kept.sessions.set(accessToken, accountId);
  return { json: { accessToken, expiresInSec: 900, refreshToken: newRefreshToken(kept, accountId) } };
}
