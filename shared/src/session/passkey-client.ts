import * as z from 'zod/mini';
import { ok, type Result } from '#base/result.ts';
import { signedInAnswerSchema, type PasskeyWrap, type SignedIn } from '#wire/account.ts';
import { paths } from '#wire/endpoints.ts';
import type { FailureCode } from '#wire/failures.ts';
import * as wire from '#wire/passkeys.ts';
import { callApi, type ApiCall, type ApiDeps, type Credential } from './api-call.ts';

type Answer<Value> = Promise<Result<Value, FailureCode>>;

/** Calls of the endpoints of passkeys; every failure is a code. */
export interface PasskeyClient {
  capability(): Answer<wire.PasskeyCapability>;
  registerOptions(): Answer<object>;
  registerVerify(response: unknown): Answer<wire.Passkey>;
  authenticateOptions(): Answer<object>;
  authenticateVerify(response: unknown): Answer<SignedIn>;
  list(): Answer<readonly wire.Passkey[]>;
  rename(id: string, name: string): Answer<unknown>;
  remove(id: string): Answer<unknown>;
  putWrap(id: string, wrap: PasskeyWrap): Answer<unknown>;
}

/** Raw WebAuthn JSON: the browser is its judge. */
const optionsSchema = z.looseObject({ challenge: z.string() });
const nothing = z.unknown();

/** The endpoints of passkeys over HTTP; `credential` says as whom. */
export function createPasskeyClient(deps: ApiDeps, credential?: Credential): PasskeyClient {
  const call = <Schema extends z.ZodMiniType>(request: Omit<ApiCall<Schema>, 'credential'>) => callApi(deps, { ...request, credential });
  const post = <Schema extends z.ZodMiniType>(path: string, answer: Schema, body: unknown) => call({ method: 'POST', path, answer, body });
  const pathOf = (id: string): string => `${paths.passkeys}/${id}`;
  return {
    capability: () => call({ method: 'GET', path: paths.passkeyCapability, answer: wire.passkeyCapabilitySchema }),
    registerOptions: () => post(paths.passkeyRegisterOptions, optionsSchema, {}),
    async registerVerify(response) {
      const answer = await post(paths.passkeyRegisterVerify, wire.passkeyAnswerSchema, { response });
      return answer.ok ? ok(answer.value.passkey) : answer;
    },
    authenticateOptions: () => post(paths.passkeyAuthenticateOptions, optionsSchema, {}),
    authenticateVerify: (response) => post(paths.passkeyAuthenticateVerify, signedInAnswerSchema, { response }),
    async list() {
      const answer = await call({ method: 'GET', path: paths.passkeys, answer: wire.passkeysAnswerSchema });
      return answer.ok ? ok(answer.value.passkeys) : answer;
    },
    rename: (id, name) => call({ method: 'PATCH', path: pathOf(id), answer: nothing, body: { name } }),
    remove: (id) => call({ method: 'DELETE', path: pathOf(id), answer: nothing }),
    putWrap: (id, wrap) => call({ method: 'PUT', path: `${pathOf(id)}/wrap`, answer: nothing, body: { wrap } }),
  };
}
