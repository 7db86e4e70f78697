import { bytesToText } from '#base/bytes.ts';
import { ok, type Result } from '#base/result.ts';
import { openOnDevice } from '#crypto/device-wraps.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { Credential } from './api-call.ts';
import type { DeviceState, Ending } from './device-vault.ts';
import type { SessionCore } from './session-core.ts';

/** Codes after which the server may still hear of it later. */
const passing: readonly FailureCode[] = ['SERVICE_UNAVAILABLE', 'INTERNAL', 'RATE_LIMITED'];

/** Ends at the server the sessions of accounts that signed out here; those that it could not hear of wait for the next contact. */
export async function endSessions({ parts }: SessionCore): Promise<void> {
  const { vault, exclusive } = parts.platform;
  await exclusive('mana-endings', async () => {
    const device = await vault.read();
    for (const ending of device.endings ?? []) {
      const credential = await credentialOf(parts.api, device, ending);
      const ended = credential.ok && credential.value ? await parts.api.logout(credential.value) : credential;
      if (!ended.ok && passing.includes(ended.error)) return;
      await vault.update((state) => ({ ...state, endings: (state.endings ?? []).filter(({ account }) => account !== ending.account) }));
    }
  });
}

type Api = SessionCore['parts']['api'];

async function credentialOf(
  api: Api,
  { keys }: DeviceState,
  { account, refreshToken }: Ending,
): Promise<Result<Credential | undefined, FailureCode>> {
  if (!refreshToken) return ok({ account });
  const bytes = await openOnDevice(keys.sealing, { kind: 'refresh-token', owner: account, sealed: refreshToken });
  if (!bytes) return ok(undefined);
  const rotated = await api.token(bytesToText(bytes));
  return rotated.ok ? ok({ accessToken: rotated.value.accessToken }) : rotated;
}
