import { ok, type Result } from '@mana/shared/base/result';
import { paths } from '@mana/shared/wire/endpoints';
import { signedInAnswerSchema } from '@mana/shared/wire/account';
import { keyProofStartAnswerSchema, keyProofStartRequestSchema } from '@mana/shared/wire/key-proof';
import * as wire from '@mana/shared/wire/password';
import type { Deps } from '../deps.ts';
import type { Failure } from '../http/failure.ts';
import { publicRoute, sessionRoute, type Reply, type Route } from '../http/route.ts';
import { putWrap } from './account.queries.ts';
import { startKeyProof } from './key-proof.service.ts';
import { putRecoveryOpener } from './password.queries.ts';
import { finishPasswordChange, malformed, startPasswordChange } from './password.service.ts';
import { finishRecovery, startRecovery } from './recovery.service.ts';
import { noteEvent, originOf } from './security-log.service.ts';
import { signedInReply } from './signed-in-reply.ts';

const json = <Value>(outcome: Result<Value, Failure>): Result<Reply, Failure> => (outcome.ok ? ok({ json: outcome.value }) : outcome);
const nothing = (outcome: Result<unknown, Failure>): Result<Reply, Failure> => (outcome.ok ? ok({}) : outcome);

export const passwordRoutes = (deps: Deps): Route[] => [
  sessionRoute({
    method: 'POST',
    path: paths.passwordStart,
    summary: 'Begin to change the password',
    body: wire.passwordStartRequestSchema,
    answer: wire.passwordStartAnswerSchema,
    handle: async ({ body, request }, caller) => json(await startPasswordChange(deps, { body, caller, request })),
  }),
  sessionRoute({
    method: 'POST',
    path: paths.passwordFinish,
    summary: 'Prove the old password and take the new one; other sessions end',
    body: wire.passwordFinishRequestSchema,
    handle: async ({ body, request }, caller) => nothing(await finishPasswordChange(deps, { body, caller, request })),
  }),
  publicRoute({
    method: 'POST',
    path: paths.recoveryStart,
    summary: 'Begin to recover an account by its recovery code',
    body: wire.recoveryStartRequestSchema,
    answer: wire.recoveryStartAnswerSchema,
    handle: async ({ body, request }) => json(await startRecovery(deps, body, request)),
  }),
  publicRoute({
    method: 'POST',
    path: paths.recoveryFinish,
    summary: 'Prove the account key, take a new password and sign in; all sessions end',
    body: wire.recoveryFinishRequestSchema,
    answer: signedInAnswerSchema,
    handle: async ({ body, request }) => signedInReply(deps, await finishRecovery(deps, body, request)),
  }),
  sessionRoute({
    method: 'PUT',
    path: paths.recoveryWrap,
    summary: 'Store the account key sealed under a recovery code',
    body: wire.recoveryWrapRequestSchema,
    handle: async ({ body: { wrap, openerPublicB64 }, request }, { accountId }) => {
      if (wrap.kind !== 'recovery') return malformed('wrap.kind', 'must be recovery');
      await deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
        await putWrap(transaction, accountId, wrap);
        await putRecoveryOpener(transaction, accountId, openerPublicB64);
        await noteEvent(deps, transaction, { accountId, event: 'RECOVERY_CODE_MADE', origin: originOf(request) });
      });
      return ok({});
    },
  }),
  sessionRoute({
    method: 'POST',
    path: paths.keyProof,
    summary: 'A challenge that only the holder of the account key opens',
    body: keyProofStartRequestSchema,
    answer: keyProofStartAnswerSchema,
    handle: async ({ body }, { accountId }) => json(await startKeyProof(deps, accountId, body.purpose)),
  }),
];
