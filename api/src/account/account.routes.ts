import { err, ok, type Result } from '@mana/shared/base/result';
import { isUuid } from '@mana/shared/base/ids';
import * as wire from '@mana/shared/wire/account';
import { paths } from '@mana/shared/wire/endpoints';
import { registerFinishAnswerSchema } from '@mana/shared/wire/mail';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { publicRoute, sessionRoute, type Reply, type Route } from '../http/route.ts';
import { publicKeys } from './access-token.ts';
import { findAccount } from './account.queries.ts';
import { rotateRefreshToken } from './refresh.service.ts';
import { finishRegistration, startRegistration } from './registration.service.ts';
import { describeSessions, endedCookie, endLostDevice, endSession, pairClient } from './sessions.service.ts';
import { abandonSignIn, finishSignIn, startSignIn } from './sign-in.service.ts';
import { registeredReply, signedInReply } from './signed-in-reply.ts';
import { signUpStatus } from './sign-up-cap.service.ts';

const json = <Value>(outcome: Result<Value, Failure>): Result<Reply, Failure> => (outcome.ok ? ok({ json: outcome.value }) : outcome);
const nothing = (outcome: Result<unknown, Failure>): Result<Reply, Failure> => (outcome.ok ? ok({}) : outcome);

export const accountRoutes = (deps: Deps): Route[] => [...signInRoutes(deps), ...sessionRoutes(deps), ...tokenRoutes(deps)];

const signInRoutes = (deps: Deps): Route[] => [
  publicRoute({
    method: 'GET',
    path: paths.signUpStatus,
    summary: 'Whether accounts can be made now, and when the day’s count begins anew',
    answer: wire.signUpStatusSchema,
    handle: async () => ok({ json: await deps.db.as({ role: 'auth' }, (transaction) => signUpStatus(deps, transaction)) }),
  }),
  publicRoute({
    method: 'POST',
    path: paths.registerStart,
    summary: 'Begin to make an account',
    body: wire.registerStartRequestSchema,
    answer: wire.registerStartAnswerSchema,
    handle: async ({ body, request }) => json(await startRegistration(deps, body, request)),
  }),
  publicRoute({
    method: 'POST',
    path: paths.registerFinish,
    summary: 'Make an account with its personal space, and sign in; where mail is sent, send a link instead',
    body: wire.registerFinishRequestSchema,
    answer: registerFinishAnswerSchema,
    handle: async ({ body, request }) => registeredReply(deps, await finishRegistration(deps, body, request)),
  }),
  publicRoute({
    method: 'POST',
    path: paths.loginStart,
    summary: 'Begin to sign in',
    body: wire.loginStartRequestSchema,
    answer: wire.loginStartAnswerSchema,
    handle: async ({ body, request }) => json(await startSignIn(deps, body, request)),
  }),
  publicRoute({
    method: 'POST',
    path: paths.loginFinish,
    summary: 'Prove the password and sign in',
    body: wire.loginFinishRequestSchema,
    answer: wire.signedInAnswerSchema,
    handle: async ({ body, request }) => signedInReply(deps, await finishSignIn(deps, body, request)),
  }),
  publicRoute({
    method: 'POST',
    path: paths.loginAbandon,
    summary: 'Say that the password was wrong',
    body: wire.loginAbandonRequestSchema,
    handle: ({ body, request }) => abandonSignIn(deps, body.attempt, request),
  }),
];

const sessionRoutes = (deps: Deps): Route[] => [
  sessionRoute({
    method: 'POST',
    path: paths.logout,
    summary: 'End this session',
    handle: async ({ request }, caller) => {
      await endSession(deps, caller, { sessionId: caller.sessionId, request });
      return ok({ cookies: [endedCookie(deps, caller.accountId)] });
    },
  }),
  sessionRoute({
    method: 'GET',
    path: paths.session,
    summary: 'The signed-in account, with all that opens its vault',
    answer: wire.sessionAnswerSchema,
    handle: async (_call, { accountId }) => {
      const account = await deps.db.as({ role: 'app', account: accountId }, (transaction) => findAccount(transaction, accountId));
      return account ? ok({ json: { account } }) : err(failure('UNAUTHORIZED'));
    },
  }),
  sessionRoute({
    method: 'GET',
    path: paths.sessions,
    summary: 'Sessions of the account',
    answer: wire.sessionsAnswerSchema,
    handle: async (_call, caller) => ok({ json: { sessions: await describeSessions(deps, caller) } }),
  }),
  sessionRoute({
    method: 'DELETE',
    path: `${paths.sessions}/:id`,
    summary: 'End a session of the account',
    handle: async ({ params: { id = '' }, request }, caller) =>
      isUuid(id)
        ? nothing(await endSession(deps, caller, { sessionId: id, request }))
        : err(failure('VALIDATION', { issues: [{ path: 'id', message: 'must be a UUID' }] })),
  }),
  sessionRoute({
    method: 'POST',
    path: paths.lostDevice,
    summary: 'End everything that a lost device is signed in by',
    body: wire.lostDeviceRequestSchema,
    handle: async ({ body, request }, caller) => nothing(await endLostDevice(deps, caller, { sessions: body.sessions, request })),
  }),
];

const tokenRoutes = (deps: Deps): Route[] => [
  sessionRoute({
    method: 'POST',
    path: paths.pair,
    summary: 'A first refresh token for a client that the person connects',
    answer: wire.pairAnswerSchema,
    handle: async ({ request }, caller) => ok({ json: { refreshToken: await pairClient(deps, caller, request) } }),
  }),
  publicRoute({
    method: 'POST',
    path: paths.token,
    summary: 'Trade a refresh token for an access token and the next refresh token',
    body: wire.tokenRequestSchema,
    answer: wire.tokenAnswerSchema,
    handle: async ({ body, request }) => json(await rotateRefreshToken(deps, body.refreshToken, request)),
  }),
  publicRoute({
    method: 'GET',
    path: paths.jwks,
    summary: 'Public keys of access tokens',
    handle: () => Promise.resolve(ok({ json: publicKeys(deps) })),
  }),
];
