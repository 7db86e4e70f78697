import { isUuid } from '@mana/shared/base/ids';
import { err, ok, type Result } from '@mana/shared/base/result';
import { signedInAnswerSchema } from '@mana/shared/wire/account';
import { paths } from '@mana/shared/wire/endpoints';
import * as wire from '@mana/shared/wire/passkeys';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { publicRoute, sessionRoute, type Reply, type Route } from '../http/route.ts';
import { askToSignIn, signInByPasskey } from './passkey-sign-in.service.ts';
import {
  askToRegister,
  describePasskeys,
  keepWrap,
  passkeyCapability,
  registerPasskey,
  remove,
  rename,
  type Question,
} from './passkeys.service.ts';
import { signedInReply } from './signed-in-reply.ts';

const nothing = (outcome: Result<unknown, Failure>): Result<Reply, Failure> => (outcome.ok ? ok({}) : outcome);
const question = (asked: Result<Question, Failure>): Result<Reply, Failure> =>
  asked.ok ? ok({ json: asked.value.options, cookies: [asked.value.cookie] }) : asked;

const withId = async (id: string | undefined, act: (id: string) => Promise<Result<unknown, Failure>>): Promise<Result<Reply, Failure>> =>
  id && isUuid(id) ? nothing(await act(id)) : err(failure('VALIDATION', { issues: [{ path: 'id', message: 'must be a UUID' }] }));

export const passkeyRoutes = (deps: Deps): Route[] => [...ceremonyRoutes(deps), ...keptRoutes(deps)];

const ceremonyRoutes = (deps: Deps): Route[] => [
  publicRoute({
    method: 'GET',
    path: paths.passkeyCapability,
    summary: 'Whether this instance takes passkeys, and for which domain',
    answer: wire.passkeyCapabilitySchema,
    handle: () => Promise.resolve(ok({ json: passkeyCapability(deps) })),
  }),
  publicRoute({
    method: 'GET',
    path: paths.relatedOrigins,
    summary: 'Origins that may use the passkeys of this domain (WebAuthn level 3)',
    handle: () => Promise.resolve(ok({ json: { origins: deps.config.passkeys?.origins ?? [] } })),
  }),
  sessionRoute({
    method: 'POST',
    path: paths.passkeyRegisterOptions,
    summary: 'Options for a new passkey, as raw WebAuthn JSON',
    body: wire.passkeyOptionsRequestSchema,
    handle: async ({ request }, caller) => question(await askToRegister(deps, caller, request)),
  }),
  sessionRoute({
    method: 'POST',
    path: paths.passkeyRegisterVerify,
    summary: 'Keep a new passkey',
    body: wire.passkeyRegisterRequestSchema,
    answer: wire.passkeyAnswerSchema,
    handle: async ({ body: { response }, request }, caller) => {
      const passkey = await registerPasskey(deps, caller, { response, request });
      return passkey.ok ? ok({ json: { passkey: passkey.value } }) : passkey;
    },
  }),
  publicRoute({
    method: 'POST',
    path: paths.passkeyAuthenticateOptions,
    summary: 'Options for signing in by a passkey, as raw WebAuthn JSON',
    body: wire.passkeyOptionsRequestSchema,
    handle: async ({ request }) => question(await askToSignIn(deps, request)),
  }),
  publicRoute({
    method: 'POST',
    path: paths.passkeyAuthenticateVerify,
    summary: 'Sign in by a passkey',
    body: wire.passkeyAuthenticateRequestSchema,
    answer: signedInAnswerSchema,
    handle: async ({ body: { response }, request }) => signedInReply(deps, await signInByPasskey(deps, response, request)),
  }),
];

const keptRoutes = (deps: Deps): Route[] => [
  sessionRoute({
    method: 'GET',
    path: paths.passkeys,
    summary: 'Passkeys of the account',
    answer: wire.passkeysAnswerSchema,
    handle: async (_call, caller) => ok({ json: { passkeys: await describePasskeys(deps, caller) } }),
  }),
  sessionRoute({
    method: 'PATCH',
    path: `${paths.passkeys}/:id`,
    summary: 'Rename a passkey',
    body: wire.passkeyRenameRequestSchema,
    handle: ({ params, body: { name } }, caller) => withId(params['id'], (id) => rename(deps, caller, { id, name })),
  }),
  sessionRoute({
    method: 'DELETE',
    path: `${paths.passkeys}/:id`,
    summary: 'Remove a passkey, unless it is the last way into the account',
    handle: ({ params, request }, caller) => withId(params['id'], (id) => remove(deps, caller, { id, request })),
  }),
  sessionRoute({
    method: 'PUT',
    path: `${paths.passkeys}/:id/wrap`,
    summary: 'Store the account key sealed under what a passkey answers',
    body: wire.passkeyWrapRequestSchema,
    handle: ({ params, body: { wrap } }, caller) => withId(params['id'], (id) => keepWrap(deps, caller, { id, wrap })),
  }),
];
