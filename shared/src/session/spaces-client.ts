import * as z from 'zod/mini';
import type { Result } from '#base/result.ts';
import { paths } from '#wire/endpoints.ts';
import type { FailureCode } from '#wire/failures.ts';
import * as wire from '#wire/spaces.ts';
import { timeAnswerSchema } from '#wire/sync.ts';
import { callApi, type ApiCall, type Credential } from './api-call.ts';
import type { SessionParts } from './session-parts.ts';

type Answer<Value> = Promise<Result<Value, FailureCode>>;
type Input<Schema extends z.ZodMiniType> = z.input<Schema>;

/** Calls of the endpoints of shared spaces. */
export interface SpacesClient {
  list(): Answer<z.output<typeof wire.spacesAnswerSchema>>;
  make(body: Input<typeof wire.makeSpaceRequestSchema>): Answer<unknown>;
  next(space: string, body: Input<typeof wire.nextStatementRequestSchema>): Answer<unknown>;
  /** The next epoch of the personal space. */
  nextPersonal(space: string, body: Input<typeof wire.personalEpochRequestSchema>): Answer<unknown>;
  /** Deletes a space in which nobody else is. */
  delete(space: string): Answer<unknown>;
  leave(space: string, body: Input<typeof wire.leaveRequestSchema>): Answer<unknown>;
  /** The server's time: what ends on the server is dated by it, never by a device's clock. */
  time(): Answer<z.output<typeof timeAnswerSchema>>;
  invite(space: string, body: Input<typeof wire.inviteRequestSchema>): Answer<unknown>;
  withdraw(invitation: string): Answer<unknown>;
  look(tokenB64: string): Answer<wire.InvitationView>;
  accept(body: Input<typeof wire.acceptInvitationRequestSchema>): Answer<unknown>;
}

const anything = z.unknown();

/** The endpoints of shared spaces over HTTP. */
export function createSpacesClient({ baseUrl, fetch, client }: SessionParts, credential: Credential | undefined): SpacesClient {
  const call = <Schema extends z.ZodMiniType>(request: ApiCall<Schema>) =>
    callApi({ baseUrl, fetch, cookies: client === 'web' }, { ...request, credential });
  const post = (path: string, body: unknown) => call({ method: 'POST', path, answer: anything, body });
  return {
    list: () => call({ method: 'GET', path: paths.spaces, answer: wire.spacesAnswerSchema }),
    make: (body) => post(paths.spaces, body),
    next: (space, body) => post(`${paths.spaces}/${space}/statements`, body),
    nextPersonal: (space, body) => post(`${paths.spaces}/${space}/epoch`, body),
    leave: (space, body) => post(`${paths.spaces}/${space}/leave`, body),
    delete: (space) => call({ method: 'DELETE', path: `${paths.spaces}/${space}`, answer: anything }),
    time: () => call({ method: 'GET', path: paths.time, answer: timeAnswerSchema }),
    invite: (space, body) => post(`${paths.spaces}/${space}/invitations`, body),
    withdraw: (invitation) => call({ method: 'DELETE', path: `${paths.invitations}/${invitation}`, answer: anything }),
    look: (tokenB64) => call({ method: 'POST', path: paths.lookInvitation, answer: wire.lookInvitationAnswerSchema, body: { tokenB64 } }),
    accept: (body) => post(paths.acceptInvitation, body),
  };
}
