import { err, ok, type Result } from '@mana/shared/base/result';
import { isUuid } from '@mana/shared/base/ids';
import { paths } from '@mana/shared/wire/endpoints';
import * as wire from '@mana/shared/wire/spaces';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { sessionRoute, type Reply, type Route } from '../http/route.ts';
import { acceptInvitation, invite, lookAtInvitation, withdrawInvitation } from './invitation.service.ts';
import { deleteSpace } from './delete-space.service.ts';
import { makeSpace, readSpaces, rotatePersonal } from './make-space.service.ts';
import { continueSpace, leaveSpace } from './statement.service.ts';

type Answer = Promise<Result<Reply, Failure>>;

const nothing = (outcome: Result<void, Failure>): Result<Reply, Failure> => (outcome.ok ? ok({}) : outcome);
const malformedId = err(failure('VALIDATION', { issues: [{ path: 'id', message: 'must be a UUID' }] }));

/** Runs `act` for the id in the path. */
const withId = async (params: Readonly<Record<string, string>>, act: (id: string) => Promise<Result<void, Failure>>): Answer =>
  isUuid(params['id'] ?? '') ? nothing(await act(params['id'] ?? '')) : malformedId;

export const spacesRoutes = (deps: Deps): Route[] => [...ofSpaces(deps), ...ofInvitations(deps)];

const ofSpaces = (deps: Deps): Route[] => [
  sessionRoute({
    method: 'GET',
    path: paths.spaces,
    summary: 'Shared spaces of the account: statements, own keys, who leaves, who is invited',
    answer: wire.spacesAnswerSchema,
    handle: async (_call, { accountId }) => ok({ json: { spaces: await readSpaces(deps, accountId) } }),
  }),
  sessionRoute({
    method: 'POST',
    path: paths.spaces,
    summary: 'Make a shared space by its first statement',
    body: wire.makeSpaceRequestSchema,
    handle: async ({ body }, { accountId }) => nothing(await makeSpace(deps, accountId, body)),
  }),
  sessionRoute({
    method: 'POST',
    path: `${paths.spaces}/:id/statements`,
    summary: 'Admit, change or remove members, or make a new epoch, by the next statement',
    body: wire.nextStatementRequestSchema,
    handle: ({ body, params }, { accountId }) => withId(params, (space) => continueSpace(deps, { accountId, space }, body)),
  }),
  sessionRoute({
    method: 'POST',
    path: `${paths.spaces}/:id/leave`,
    summary: 'Leave a shared space',
    body: wire.leaveRequestSchema,
    handle: ({ body, params }, { accountId }) => withId(params, (space) => leaveSpace(deps, { accountId, space }, body)),
  }),
  sessionRoute({
    method: 'DELETE',
    path: `${paths.spaces}/:id`,
    summary: 'Delete a shared space in which nobody else is',
    handle: ({ params }, { accountId }) => withId(params, (space) => deleteSpace(deps, { accountId, space })),
  }),
  sessionRoute({
    method: 'POST',
    path: `${paths.spaces}/:id/epoch`,
    summary: 'Begin a new epoch of the personal space',
    body: wire.personalEpochRequestSchema,
    handle: ({ body, params }, { accountId }) => withId(params, (space) => rotatePersonal(deps, { accountId, space }, body)),
  }),
  sessionRoute({
    method: 'POST',
    path: `${paths.spaces}/:id/invitations`,
    summary: 'Invite somebody by a link',
    body: wire.inviteRequestSchema,
    handle: ({ body, params }, { accountId }) => withId(params, (space) => invite(deps, { accountId, space }, body)),
  }),
];

const ofInvitations = (deps: Deps): Route[] => [
  sessionRoute({
    method: 'POST',
    path: paths.lookInvitation,
    summary: 'What an invitation is to',
    body: wire.lookInvitationRequestSchema,
    answer: wire.lookInvitationAnswerSchema,
    handle: async ({ body }, { accountId }) => {
      const found = await lookAtInvitation(deps, accountId, body.tokenB64);
      return found.ok ? ok({ json: found.value }) : found;
    },
  }),
  sessionRoute({
    method: 'POST',
    path: paths.acceptInvitation,
    summary: 'Accept an invitation with the own identity',
    body: wire.acceptInvitationRequestSchema,
    handle: async ({ body }, { accountId }) => nothing(await acceptInvitation(deps, accountId, body)),
  }),
  sessionRoute({
    method: 'DELETE',
    path: `${paths.invitations}/:id`,
    summary: 'Take an invitation back',
    handle: ({ params }, { accountId }) => withId(params, (id) => withdrawInvitation(deps, accountId, id)),
  }),
];
