import { err, ok, type Result } from '#base/result.ts';
import { sealSpaceKey } from '#crypto/identity.ts';
import { KEY_BYTES, wipe } from '#crypto/primitives.ts';
import type { Account } from '#wire/account.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { Credential } from './api-call.ts';
import { refreshAccount } from './refresh-account.ts';
import type { SessionCore } from './session-core.ts';
import type { SessionParts } from './session-parts.ts';
import { atDesk } from './space-desk.ts';
import { createSpacesClient } from './spaces-client.ts';

/** Begins a new epoch of the personal space: what is written from then on is sealed under a key of its own, and what was written before follows in the background. */
export async function rotatePersonal(core: SessionCore, space: string): Promise<Result<void, FailureCode>> {
  const rotated = await atDesk(core, async ({ account, identity, api }) => {
    const own = account.spaces.find(({ id, type }) => id === space && type === 'personal');
    if (!own) return err('NOT_FOUND');
    const fresh = { space, epoch: own.epoch + 1, key: core.parts.random.bytes(KEY_BYTES) };
    const key = await sealSpaceKey(identity, fresh);
    wipe(fresh.key);
    return api.nextPersonal(space, { key });
  });
  if (rotated.ok || rotated.error === 'CONFLICT') await refreshAccount(core);
  return rotated.ok ? ok(undefined) : rotated;
}

/** Tells a server that was set back to before an epoch of the personal space that it had begun: with the same sealed keys, which the account kept. */
export async function announceAgain(parts: SessionParts, account: Account, credential: Credential): Promise<void> {
  const api = createSpacesClient(parts, credential);
  for (const { id, epoch, keys } of account.spaces.filter(({ type }) => type === 'personal')) {
    for (const key of keys.filter((each) => each.epoch > epoch).toSorted((one, two) => one.epoch - two.epoch)) {
      const announced = await api.nextPersonal(id, { key });
      if (!announced.ok) return;
    }
  }
}
