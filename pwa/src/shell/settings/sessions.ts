import * as z from 'zod/mini';
import { callApi, type ApiDeps } from '@mana/shared/session/api-call';
import { sessionsAnswerSchema } from '@mana/shared/wire/account';
import { paths } from '@mana/shared/wire/endpoints';

/** A place where the account is signed in. */
export type SignedInPlace = z.infer<typeof sessionsAnswerSchema>['sessions'][number];

/** All places where the account is signed in; undefined when the server cannot be asked. */
export async function readSessions(api: ApiDeps): Promise<readonly SignedInPlace[] | undefined> {
  const answer = await callApi(api, { method: 'GET', path: paths.sessions, answer: sessionsAnswerSchema });
  return answer.ok ? answer.value.sessions : undefined;
}

/** Ends one of them. */
export const endSession = (api: ApiDeps, id: string) =>
  callApi(api, { method: 'DELETE', path: `${paths.sessions}/${id}`, answer: z.unknown() });
