import { lengthPrefixed, type Bytes } from '#base/bytes.ts';
import type { Random } from '#base/random.ts';
import { aesOpen, aesSeal, IV_BYTES } from './primitives.ts';

/** The account key sealed by this device's own key, so that a reload needs no password. */
export interface DeviceWrap {
  readonly version: 1;
  readonly iv: Bytes;
  readonly ciphertext: Bytes;
}

/** What a wrap is bound to: its kind, whose it is, and its parameters. */
export const wrapLabel = (kind: string, account: string, parameter: string): Bytes =>
  lengthPrefixed(['mana/wrap/1', kind, account, parameter]);

/** Seals bytes under the device's own key; `kind` and `owner` say what and whose they are. */
export async function sealForDevice(
  deviceKey: CryptoKey,
  input: { kind: string; owner: string; bytes: Bytes; random: Random },
): Promise<DeviceWrap> {
  const iv = input.random.bytes(IV_BYTES);
  const additional = wrapLabel(`device/${input.kind}`, input.owner, 'device-key');
  return { version: 1, iv, ciphertext: await aesSeal(deviceKey, { iv, additional, bytes: input.bytes }) };
}

/** Opens what `sealForDevice` sealed; undefined when it is something else's. */
export async function openOnDevice(
  deviceKey: CryptoKey,
  input: { kind: string; owner: string; sealed: DeviceWrap },
): Promise<Bytes | undefined> {
  const { sealed, kind, owner } = input;
  if (sealed.version !== 1) return undefined;
  return aesOpen(deviceKey, { iv: sealed.iv, additional: wrapLabel(`device/${kind}`, owner, 'device-key'), bytes: sealed.ciphertext });
}
