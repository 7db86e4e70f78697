import { bytesToText, textToBytes } from '#base/bytes.ts';
import type { Clock } from '#base/clock.ts';
import type { Random } from '#base/random.ts';
import { err, ok, type Result } from '#base/result.ts';
import { openOnDevice, sealForDevice, type DeviceWrap } from '#crypto/device-wraps.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { AccountClient } from './account-client.ts';
import type { DeviceState, DeviceVault } from './device-vault.ts';

/** Runs work that no other tab or worker does at the same time. */
export type Exclusive = <Value>(name: string, work: () => Promise<Value>) => Promise<Value>;

/** What access tokens need. */
export interface AccessTokenDeps {
  readonly accountId: string;
  readonly api: AccountClient;
  readonly vault: DeviceVault;
  readonly exclusive: Exclusive;
  readonly clock: Clock;
  readonly random: Random;
}

/** Access tokens of a client without a cookie, from its rotating refresh token. */
export interface AccessTokens {
  /** A token that is valid now; fetched when needed. `UNAUTHORIZED` when the session is over. */
  get(): Promise<Result<string, FailureCode>>;
  forget(): void;
}

/** A token is renewed this long before it ends, in milliseconds: a request must still arrive with it. */
const marginMs = 60_000;

/** Seals a refresh token for this device. */
export const sealRefreshToken = (
  device: Pick<DeviceState, 'keys'>,
  { owner, token, random }: { owner: string; token: string; random: Random },
): Promise<DeviceWrap> => sealForDevice(device.keys.sealing, { kind: 'refresh-token', owner, bytes: textToBytes(token), random });

/** Keeps an account's access token in memory and its refresh token in the device's memory. */
export function createAccessTokens(deps: AccessTokenDeps): AccessTokens {
  let held: { token: string; untilMs: number } | undefined;
  const rotate = async (): Promise<Result<string, FailureCode>> => {
    if (held && held.untilMs > deps.clock.monotonicMs()) return ok(held.token);
    const refreshToken = await readRefreshToken(deps);
    if (refreshToken === undefined) return err('UNAUTHORIZED');
    const answer = await deps.api.token(refreshToken);
    if (!answer.ok) return endIfSpent(deps, answer.error);
    // Kept before use: whoever dies after this still has the successor.
    await keepRefreshToken(deps, answer.value.refreshToken);
    const { accessToken, expiresInSec } = answer.value;
    held = { token: accessToken, untilMs: deps.clock.monotonicMs() + expiresInSec * 1_000 - marginMs };
    return ok(accessToken);
  };
  return {
    get: () => deps.exclusive(`mana-refresh-${deps.accountId}`, rotate),
    forget: () => (held = undefined),
  };
}

async function readRefreshToken({ vault, accountId }: AccessTokenDeps): Promise<string | undefined> {
  const device = await vault.read();
  const sealed = device.accounts[accountId]?.refreshToken;
  const bytes = sealed && (await openOnDevice(device.keys.sealing, { kind: 'refresh-token', owner: accountId, sealed }));
  return bytes ? bytesToText(bytes) : undefined;
}

async function keepRefreshToken({ vault, accountId, random }: AccessTokenDeps, token: string): Promise<void> {
  const refreshToken = await sealRefreshToken(await vault.read(), { owner: accountId, token, random });
  await setRefreshToken(vault, accountId, refreshToken);
}

async function endIfSpent({ vault, accountId }: AccessTokenDeps, code: FailureCode): Promise<Result<never, FailureCode>> {
  if (code !== 'TOKEN_INVALID' && code !== 'TOKEN_EXPIRED') return err(code);
  await setRefreshToken(vault, accountId, null);
  return err('UNAUTHORIZED');
}

async function setRefreshToken(vault: DeviceVault, accountId: string, refreshToken: DeviceWrap | null): Promise<void> {
  await vault.update((state) => {
    const entry = state.accounts[accountId];
    return entry ? { ...state, accounts: { ...state.accounts, [accountId]: { ...entry, refreshToken } } } : state;
  });
}
