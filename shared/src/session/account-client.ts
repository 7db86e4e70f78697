import * as z from 'zod/mini';
import { ok, type Result } from '#base/result.ts';
import * as wire from '#wire/account.ts';
import { paths } from '#wire/endpoints.ts';
import type { FailureCode } from '#wire/failures.ts';
import { registerFinishAnswerSchema } from '#wire/mail.ts';
import type { recoveryWrapRequestSchema } from '#wire/password.ts';
import type { ProfilePatch } from '#wire/profile.ts';
import { callApi, type ApiCall, type ApiDeps } from './api-call.ts';

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
  session(accessToken?: string): Answer<wire.Account>;
  logout(accessToken?: string): Answer<unknown>;
  pair(accessToken?: string): Answer<string>;
  putRecoveryWrap(body: Input<typeof recoveryWrapRequestSchema>, accessToken?: string): Answer<unknown>;
  bootstrapSingletons(accessToken?: string): Answer<wire.BootstrapAnswer>;
  changeProfile(patch: ProfilePatch, accessToken?: string): Answer<unknown>;
  completeOnboarding(accessToken?: string): Answer<unknown>;
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
    async session(accessToken) {
      const answer = await call({ method: 'GET', path: paths.session, answer: wire.sessionAnswerSchema, accessToken });
      return answer.ok ? ok(answer.value.account) : answer;
    },
    logout: (accessToken) => call({ method: 'POST', path: paths.logout, answer: anything, body: {}, accessToken }),
    async pair(accessToken) {
      const answer = await call({ method: 'POST', path: paths.pair, answer: wire.pairAnswerSchema, body: {}, accessToken });
      return answer.ok ? ok(answer.value.refreshToken) : answer;
    },
    putRecoveryWrap: (body, accessToken) => call({ method: 'PUT', path: paths.recoveryWrap, answer: anything, body, accessToken }),
    bootstrapSingletons: (accessToken) =>
      call({ method: 'POST', path: paths.bootstrapSingletons, answer: wire.bootstrapAnswerSchema, body: {}, accessToken }),
    changeProfile: (patch, accessToken) => call({ method: 'PATCH', path: paths.profile, answer: anything, body: patch, accessToken }),
    completeOnboarding: (accessToken) => call({ method: 'POST', path: paths.onboardingComplete, answer: anything, accessToken }),
  };
}
