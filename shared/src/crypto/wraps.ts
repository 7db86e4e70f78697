import { bytesToB64, concatBytes, textToBytes, type Bytes } from '#base/bytes.ts';
import type { Random } from '#base/random.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { PasskeyWrap, Wrap } from '#wire/account.ts';
import { wrapLabel as labelOf, type DeviceWrap } from './device-wraps.ts';
import { aesOpen, aesSeal, hkdfKey, importHkdfKey, IV_BYTES, KEY_BYTES, mac, pbkdf2, readSealed, wipe } from './primitives.ts';

/**
 * [Note: wraps] Each wrap is AES-GCM over the account key. Version, kind, account and parameters are authenticated, and the key that
 * seals it is derived for exactly these. A version fixes its parameters, so that nobody can name weaker ones.
 */

/** Why a wrap did not open: unknown version or parameters below the floor, or not sealed for this account by this secret. */
export type UnwrapFailure = 'UNSUPPORTED' | 'WRONG_SECRET';

/** Fewest PBKDF2 iterations of an offline wrap (OWASP 2023 for SHA-256); about 0.1 s on a laptop. */
export const OFFLINE_ITERATIONS = 600_000;

/** The account key sealed by the password and this device's key together: useless without the device. */
export interface OfflineWrap extends DeviceWrap {
  readonly iterations: number;
  readonly salt: Bytes;
}

const saltBytes = 16;

const parameters = { password: 'opaque-ristretto255-sha512 argon2id-m65536-t3-p4', recovery: 'bip39-en-256' } as const;

async function keyFor(secret: Bytes, label: Bytes): Promise<CryptoKey> {
  return hkdfKey(await importHkdfKey(secret), label);
}

async function openWith(key: CryptoKey, label: Bytes, sealed: { iv: Bytes; ciphertext: Bytes }): Promise<Result<Bytes, UnwrapFailure>> {
  const accountKey = await aesOpen(key, { iv: sealed.iv, additional: label, bytes: sealed.ciphertext });
  return accountKey?.length === KEY_BYTES ? ok(accountKey) : err('WRONG_SECRET');
}

/** What a wrap that the server keeps is made for. */
export interface WrapPlace {
  readonly kind: Wrap['kind'];
  readonly account: string;
  /** Export key of the password protocol, or the entropy of the recovery code. */
  readonly secret: Bytes;
}

/** Seals the account key for the server to keep. */
export async function sealWrap(place: WrapPlace, accountKey: Bytes, random: Random): Promise<Wrap> {
  const label = labelOf(place.kind, place.account, parameters[place.kind]);
  const iv = random.bytes(IV_BYTES);
  const ciphertext = await aesSeal(await keyFor(place.secret, label), { iv, additional: label, bytes: accountKey });
  return { version: 1, kind: place.kind, ivB64: bytesToB64(iv), ciphertextB64: bytesToB64(ciphertext) };
}

/** Opens a wrap that the server kept. */
export async function openWrap(place: WrapPlace, wrap: Wrap): Promise<Result<Bytes, UnwrapFailure>> {
  if (wrap.version !== 1 || wrap.kind !== place.kind) return err('UNSUPPORTED');
  const label = labelOf(place.kind, place.account, parameters[place.kind]);
  const sealed = readSealed(wrap.ivB64, wrap.ciphertextB64);
  return sealed ? openWith(await keyFor(place.secret, label), label, sealed) : err('WRONG_SECRET');
}

/** What the wrap of a passkey is made for: it opens for this account, this credential and this app's PRF input only. */
export interface PasskeyPlace {
  readonly account: string;
  readonly credentialId: string;
  /** What the passkey answered to the app's PRF input, 32 bytes. */
  readonly secret: Bytes;
}

const passkeyLabel = ({ account, credentialId }: PasskeyPlace): Bytes => labelOf(`passkey/${credentialId}`, account, 'webauthn-prf-1');

/** Seals the account key under what a passkey answers, for the server to keep. */
export async function sealPasskeyWrap(place: PasskeyPlace, accountKey: Bytes, random: Random): Promise<PasskeyWrap> {
  const label = passkeyLabel(place);
  const iv = random.bytes(IV_BYTES);
  const ciphertext = await aesSeal(await keyFor(place.secret, label), { iv, additional: label, bytes: accountKey });
  return { version: 1, credentialId: place.credentialId, ivB64: bytesToB64(iv), ciphertextB64: bytesToB64(ciphertext) };
}

/** Opens the wrap of a passkey. */
export async function openPasskeyWrap(place: PasskeyPlace, wrap: PasskeyWrap): Promise<Result<Bytes, UnwrapFailure>> {
  if (wrap.version !== 1 || wrap.credentialId !== place.credentialId) return err('UNSUPPORTED');
  const label = passkeyLabel(place);
  const sealed = readSealed(wrap.ivB64, wrap.ciphertextB64);
  return sealed ? openWith(await keyFor(place.secret, label), label, sealed) : err('WRONG_SECRET');
}

/** What an offline wrap is made for. */
export interface OfflinePlace {
  readonly account: string;
  readonly password: string;
  readonly deviceMacKey: CryptoKey;
  /** A short number in the place of the password: what it sealed opens by no password, and the other way round. */
  readonly isPin?: boolean;
}

const offlineLabel = ({ account, isPin = false }: OfflinePlace, iterations: number): Bytes =>
  labelOf(isPin ? 'pin' : 'offline', account, `pbkdf2-sha256-${iterations} hmac-device`);

async function offlineKey(place: OfflinePlace, { salt, iterations }: { salt: Bytes; iterations: number }): Promise<CryptoKey> {
  const stretched = await pbkdf2(textToBytes(preparePassword(place.password)), { salt, iterations, length: KEY_BYTES });
  const bound = await mac(place.deviceMacKey, salt);
  const both = concatBytes(stretched, bound);
  const key = await keyFor(both, offlineLabel(place, iterations));
  for (const raw of [stretched, bound, both]) wipe(raw);
  return key;
}

/** Seals the account key so that the password opens it on this device without a network. */
export async function sealOffline(place: OfflinePlace, accountKey: Bytes, random: Random): Promise<OfflineWrap> {
  const salt = random.bytes(saltBytes);
  const iv = random.bytes(IV_BYTES);
  const key = await offlineKey(place, { salt, iterations: OFFLINE_ITERATIONS });
  const ciphertext = await aesSeal(key, { iv, additional: offlineLabel(place, OFFLINE_ITERATIONS), bytes: accountKey });
  return { version: 1, iterations: OFFLINE_ITERATIONS, salt, iv, ciphertext };
}

/** Opens an offline wrap. Parameters below the floor are refused before anything is derived. */
export async function openOffline(place: OfflinePlace, wrap: OfflineWrap): Promise<Result<Bytes, UnwrapFailure>> {
  if (wrap.version !== 1 || !(wrap.iterations >= OFFLINE_ITERATIONS)) return err('UNSUPPORTED');
  return openWith(await offlineKey(place, wrap), offlineLabel(place, wrap.iterations), wrap);
}

/** A password in the one form in which it is used, however the keyboard composed its letters (NIST SP 800-63B). */
export const preparePassword = (password: string): string => password.normalize('NFKC');
