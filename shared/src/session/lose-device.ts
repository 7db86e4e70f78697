import * as z from 'zod/mini';
import { err, ok, type Result } from '#base/result.ts';
import { paths } from '#wire/endpoints.ts';
import type { FailureCode } from '#wire/failures.ts';
import { callApi } from './api-call.ts';
import { credentialOf } from './credential-of.ts';
import { followShared } from './refresh-account.ts';
import type { SessionCore } from './session-core.ts';
import { rotate } from './space-acts.ts';

/** Ends a lost device's sessions first, then begins new epochs: what is written from then on, keys that it holds do not open. */
export async function loseDevice(core: SessionCore, sessions: readonly string[]): Promise<Result<{ readonly left: number }, FailureCode>> {
  const vault = core.openedAccount();
  const credential = vault && (await credentialOf(vault));
  if (!vault || !credential) return err('UNAUTHORIZED');
  const { baseUrl, fetch, client } = core.parts;
  const ended = await callApi(
    { baseUrl, fetch, cookies: client === 'web' },
    { method: 'POST', path: paths.lostDevice, answer: z.unknown(), body: { sessions }, credential },
  );
  if (!ended.ok) return ended;
  await followShared(core);
  const led = core.spaces().filter(({ role }) => role !== 'member');
  let left = 0;
  for (const id of [vault.store.homeSpace, ...led.map((space) => space.id)]) if (!(await rotate(core, id)).ok) left += 1;
  return ok({ left });
}
