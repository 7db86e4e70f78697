import { ok } from '@mana/shared/base/result';
import { paths } from '@mana/shared/wire/endpoints';
import { deletionRequestSchema, deletionStatusSchema, exportAnswerSchema } from '@mana/shared/wire/leave';
import type { Deps } from '../deps.ts';
import { sessionRoute, type Route } from '../http/route.ts';
import { describeDeletion, exportAccount, requestDeletion, undoDeletion } from './leave.service.ts';

export const leaveRoutes = (deps: Deps): Route[] => [
  sessionRoute({
    method: 'GET',
    path: paths.export,
    summary: 'Everything that the server holds about the account, ciphertext included',
    answer: exportAnswerSchema,
    handle: async (_call, { accountId }) => ok({ json: await exportAccount(deps, accountId) }),
  }),
  sessionRoute({
    method: 'DELETE',
    path: paths.me,
    summary: 'Delete the account, by proof of its key; it can be taken back for seven days',
    body: deletionRequestSchema,
    answer: deletionStatusSchema,
    handle: async ({ body: { proof }, request }, caller) => {
      const requested = await requestDeletion(deps, caller, { proof, request });
      return requested.ok ? ok({ json: requested.value }) : requested;
    },
  }),
  sessionRoute({
    method: 'GET',
    path: paths.deletion,
    summary: 'Whether and when the account will be deleted',
    answer: deletionStatusSchema,
    handle: async (_call, { accountId }) => ok({ json: await describeDeletion(deps, accountId) }),
  }),
  sessionRoute({
    method: 'DELETE',
    path: paths.deletion,
    summary: 'Take a deletion back',
    handle: async ({ request }, caller) => {
      const undone = await undoDeletion(deps, caller, request);
      return undone.ok ? ok({}) : undone;
    },
  }),
];
