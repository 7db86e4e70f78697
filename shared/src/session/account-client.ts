import * as z from 'zod/mini';
import { ok, type Result } from '#base/result.ts';
import * as wire from '#wire/account.ts';
import { paths } from '#wire/endpoints.ts';
import type { FailureCode } from '#wire/failures.ts';
import { registerFinishAnswerSchema } from '#wire/mail.ts';
import type { recoveryWrapRequestSchema } from '#wire/password.ts';
import type { ProfilePatch } from '#wire/profile.ts';
import { callApi, type ApiCall, type ApiDeps, type Credential } from './api-call.ts';

type Answer<Value> = Promise<Result<Value, FailureCode>>;
type Input<Schema extends z.ZodMiniType> = z.input<Schema>;

/** Calls of the account's endpoints; every failure is a code. */
export interface AccountClient {
  registerStart(body: Input<typeof wire.registerStartRequestSchema>): Answer<z.output<typeof wire.registerStartAnswerSchema>>;
  registerFinish(body: Input<typeof wire.registerFinishRequestSchema>): Answer<z.output<typeof registerFinishAnswerSchema>>;
  loginStart(body: Input<typeof wire.loginStartRequestSchema>): Answer<z.output<typeof wire.loginStartAnswerSchema>>;
  loginFinish(body: Input<typeof wire.loginFinishRequestSchema>): Answer<wire.SignedIn>;
  loginAbandon(body: Input<typeof wire.loginAbandonRequestSchema>): Answer<unknown>;
  token(refreshToken: string): Answer<z.output<typeof wire.tokenAnswerSchema>>;
  session(as?: Credential): Answer<wire.Account>;
  logout(as?: Credential): Answer<unknown>;
  pair(as?: Credential): Answer<string>;
  putRecoveryWrap(body: Input<typeof recoveryWrapRequestSchema>, as?: Credential): Answer<unknown>;
  bootstrapSingletons(as?: Credential): Answer<wire.BootstrapAnswer>;
  changeProfile(patch: ProfilePatch, as?: Credential): Answer<unknown>;
  completeOnboarding(as?: Credential): Answer<unknown>;
}

const anything = z.unknown();

/** The account's endpoints over HTTP. */
export function createAccountClient(deps: ApiDeps): AccountClient {
  const call = <Schema extends z.ZodMiniType>(request: ApiCall<Schema>) => callApi(deps, request);
  const post = <Schema extends z.ZodMiniType>(path: string, answer: Schema, body: unknown) => call({ method: 'POST', path, answer, body });
  return {
    registerStart: (body) => post(paths.registerStart, wire.registerStartAnswerSchema, body),
    registerFinish: (body) => post(paths.registerFinish, registerFinishAnswerSchema, body),
    loginStart: (body) => post(paths.loginStart, wire.loginStartAnswerSchema, body),
    loginFinish: (body) => post(paths.loginFinish, wire.signedInAnswerSchema, body),
    loginAbandon: (body) => post(paths.loginAbandon, anything, body),
    token: (refreshToken) => post(paths.token, wire.tokenAnswerSchema, { refreshToken }),
    async session(as) {
      const answer = await call({ method: 'GET', path: paths.session, answer: wire.sessionAnswerSchema, credential: as });
      return answer.ok ? ok(answer.value.account) : answer;
    },
    logout: (as) => call({ method: 'POST', path: paths.logout, answer: anything, body: {}, credential: as }),
    async pair(as) {
      const answer = await call({ method: 'POST', path: paths.pair, answer: wire.pairAnswerSchema, body: {}, credential: as });
      return answer.ok ? ok(answer.value.refreshToken) : answer;
    },
    putRecoveryWrap: (body, as) => call({ method: 'PUT', path: paths.recoveryWrap, answer: anything, body, credential: as }),
    bootstrapSingletons: (as) =>
      call({ method: 'POST', path: paths.bootstrapSingletons, answer: wire.bootstrapAnswerSchema, body: {}, credential: as }),
    changeProfile: (patch, as) => call({ method: 'PATCH', path: paths.profile, answer: anything, body: patch, credential: as }),
    completeOnboarding: (as) => call({ method: 'POST', path: paths.onboardingComplete, answer: anything, credential: as }),
  };
}
