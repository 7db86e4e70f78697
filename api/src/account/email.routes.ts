import { ok, type Result } from '@mana/shared/base/result';
import { paths } from '@mana/shared/wire/endpoints';
import * as wire from '@mana/shared/wire/mail';
import type { Deps } from '../deps.ts';
import type { Failure } from '../http/failure.ts';
import { publicRoute, sessionRoute, type Reply, type Route } from '../http/route.ts';
import { finishAddressChange, startAddressChange, undoAddressChange } from './change-address.service.ts';
import { resendLink, verifyAddress } from './verification.service.ts';

const json = <Value>(outcome: Result<Value, Failure>): Result<Reply, Failure> => (outcome.ok ? ok({ json: outcome.value }) : outcome);
const nothing = (outcome: Result<unknown, Failure>): Result<Reply, Failure> => (outcome.ok ? ok({}) : outcome);

export const emailRoutes = (deps: Deps): Route[] => [
  publicRoute({
    method: 'POST',
    path: paths.emailVerify,
    summary: 'Confirm the address of a sign-up by the link that was sent to it',
    body: wire.mailTokenRequestSchema,
    handle: async ({ body, request }) => nothing(await verifyAddress(deps, body.token, request)),
  }),
  publicRoute({
    method: 'POST',
    path: paths.emailResend,
    summary: 'Send the link of a sign-up once more, if there is one',
    body: wire.emailResendRequestSchema,
    answer: wire.mailSentSchema,
    handle: async ({ body, request }) => json(await resendLink(deps, body.email, request)),
  }),
  sessionRoute({
    method: 'POST',
    path: paths.emailChangeStart,
    summary: 'Ask a new address to confirm that it shall be the account’s',
    body: wire.emailChangeStartRequestSchema,
    answer: wire.mailSentSchema,
    handle: async ({ body, request }, caller) => json(await startAddressChange(deps, { ...body, caller, request })),
  }),
  publicRoute({
    method: 'POST',
    path: paths.emailChangeFinish,
    summary: 'Confirm the new address by the link that was sent to it',
    body: wire.mailTokenRequestSchema,
    handle: async ({ body, request }) => nothing(await finishAddressChange(deps, body.token, request)),
  }),
  publicRoute({
    method: 'POST',
    path: paths.emailChangeUndo,
    summary: 'Take a change of address back by the link that was sent to the old one; all sessions end',
    body: wire.mailTokenRequestSchema,
    handle: async ({ body, request }) => nothing(await undoAddressChange(deps, body.token, request)),
  }),
];
