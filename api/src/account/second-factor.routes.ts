import { ok, type Result } from '@mana/shared/base/result';
import { paths } from '@mana/shared/wire/endpoints';
import * as wire from '@mana/shared/wire/totp';
import type { Deps } from '../deps.ts';
import type { Failure } from '../http/failure.ts';
import { sessionRoute, type Reply, type Route } from '../http/route.ts';
import { checkKeyProof } from './key-proof.service.ts';
import { confirmEnabledTotp, describeTotp, disableTotp, enableTotp } from './second-factor.service.ts';

const json = <Value>(outcome: Result<Value, Failure>): Result<Reply, Failure> => (outcome.ok ? ok({ json: outcome.value }) : outcome);

export const secondFactorRoutes = (deps: Deps): Route[] => [
  sessionRoute({
    method: 'GET',
    path: paths.totp,
    summary: 'Whether signing in by password has a second step',
    answer: wire.totpStatusSchema,
    handle: async (_call, { accountId }) => ok({ json: await describeTotp(deps, accountId) }),
  }),
  sessionRoute({
    method: 'POST',
    path: paths.totpEnable,
    summary: 'Make the secret of a second step; it counts once it is confirmed',
    body: wire.totpEnableRequestSchema,
    answer: wire.totpEnableAnswerSchema,
    handle: async ({ body }, caller) => {
      const proven = await checkKeyProof(deps, { accountId: caller.accountId, purpose: 'totp' }, body.proof);
      return proven.ok ? json(await enableTotp(deps, caller)) : proven;
    },
  }),
  sessionRoute({
    method: 'POST',
    path: paths.totpConfirm,
    summary: 'Switch the second step on by a first code',
    body: wire.totpConfirmRequestSchema,
    answer: wire.totpConfirmAnswerSchema,
    handle: async ({ body: { code }, request }, caller) => json(await confirmEnabledTotp(deps, caller, { code, request })),
  }),
  sessionRoute({
    method: 'POST',
    path: paths.totpDisable,
    summary: 'Take the second step away',
    body: wire.totpDisableRequestSchema,
    handle: async ({ body, request }, caller) => {
      const proven = await checkKeyProof(deps, { accountId: caller.accountId, purpose: 'totp' }, body.proof);
      if (!proven.ok) return proven;
      const disabled = await disableTotp(deps, caller, request);
      return disabled.ok ? ok({}) : disabled;
    },
  }),
];
