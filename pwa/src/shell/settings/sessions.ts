import type * as z from 'zod/mini';
import type { Fetch } from '@mana/shared/session/account-client';
import { sessionsAnswerSchema } from '@mana/shared/wire/account';
import { paths } from '@mana/shared/wire/endpoints';

/** A place where the account is signed in. */
export type SignedInPlace = z.infer<typeof sessionsAnswerSchema>['sessions'][number];

/** All places where the account is signed in; undefined when the server cannot be asked. */
export async function readSessions(fetch: Fetch): Promise<readonly SignedInPlace[] | undefined> {
  try {
    const answer = await fetch(paths.sessions, { method: 'GET', credentials: 'same-origin' });
    if (!answer.ok) return undefined;
    const parsed = sessionsAnswerSchema.safeParse(await answer.json());
    return parsed.success ? parsed.data.sessions : undefined;
  } catch {
    return undefined;
  }
}

/** Ends one of them; whether it worked. */
export async function endSession(fetch: Fetch, id: string): Promise<boolean> {
  try {
    return (await fetch(`${paths.sessions}/${id}`, { method: 'DELETE', credentials: 'same-origin' })).ok;
  } catch {
    return false;
  }
}
