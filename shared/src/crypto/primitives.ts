import { b64ToBytes, b64UrlToBytes, concatBytes, type Bytes } from '#base/bytes.ts';

/** Bytes of an AES-GCM IV; random for every message. */
export const IV_BYTES = 12;

/** Bytes of every secret key here: AES-256, X25519, Ed25519, account and space keys. */
export const KEY_BYTES = 32;

const aes = { name: 'AES-GCM', length: KEY_BYTES * 8 } as const;
const aesUsages = ['encrypt', 'decrypt'] as const;

/** Overwrites raw key bytes; what the engine copied elsewhere is out of reach. */
export const wipe = (bytes: Uint8Array): void => void bytes.fill(0);

/** A non-extractable AES-GCM key of raw bytes. */
export const importSealingKey = (raw: Bytes): Promise<CryptoKey> => crypto.subtle.importKey('raw', raw, aes.name, false, [...aesUsages]);

/** A fresh non-extractable AES-GCM-256 key that only this device has. */
export const generateSealingKey = (): Promise<CryptoKey> => crypto.subtle.generateKey(aes, false, [...aesUsages]);

/** A fresh non-extractable HMAC-SHA-256 key that only this device has. */
export const generateMacKey = (): Promise<CryptoKey> => crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);

/** What AES-GCM seals or opens. */
export interface AesInput {
  readonly iv: Bytes;
  readonly additional: Bytes;
  readonly bytes: Bytes;
}

const aesParams = ({ iv, additional }: AesInput) => ({ name: aes.name, iv, additionalData: additional });

/** AES-GCM: ciphertext, then the 16-byte tag. */
export async function aesSeal(key: CryptoKey, input: AesInput): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt(aesParams(input), key, input.bytes));
}

/** Opens AES-GCM; undefined when key, IV, additional data, ciphertext or tag do not belong together. */
export async function aesOpen(key: CryptoKey, input: AesInput): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(aesParams(input), key, input.bytes));
  } catch {
    return undefined;
  }
}

/** HMAC-SHA-256. */
export async function mac(key: CryptoKey, bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes));
}

/** A non-extractable base key for `hkdfKey` and `hkdfBits`. */
export const importHkdfKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey', 'deriveBits']);

const noSalt = new Uint8Array(0); // RFC 5869: input keys here are uniformly random already

const hkdf = (info: Bytes, salt: Bytes = noSalt) => ({ name: 'HKDF', hash: 'SHA-256', salt, info });

/** HKDF-SHA-256 to a non-extractable AES-GCM-256 key. */
export const hkdfKey = (base: CryptoKey, info: Bytes): Promise<CryptoKey> =>
  crypto.subtle.deriveKey(hkdf(info), base, aes, false, [...aesUsages]);

/** HKDF-SHA-256 to `length` bytes. */
export async function hkdfBits(base: CryptoKey, input: { info: Bytes; salt: Bytes; length: number }): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf(input.info, input.salt), base, input.length * 8));
}

/** PBKDF2-HMAC-SHA-256 to `length` bytes. */
export async function pbkdf2(password: Bytes, input: { salt: Bytes; iterations: number; length: number }): Promise<Bytes> {
  const base = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
  const { salt, iterations, length } = input;
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, base, length * 8));
}

/** Curves of an identity with the last byte of their object identifiers (RFC 8410). */
const curves = { X25519: { oid: 0x6e, usages: ['deriveBits'] }, Ed25519: { oid: 0x70, usages: ['sign'] } } as const;

const pkcs8 = (curve: keyof typeof curves, raw: Bytes): Bytes =>
  concatBytes(new Uint8Array([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, curves[curve].oid, 4, 0x22, 4, 0x20]), raw);

/** Public key of a raw private key of 32 bytes. WebCrypto has no such operation, but a private JWK carries its public half. */
export async function publicKeyOf(curve: 'X25519' | 'Ed25519', raw: Bytes): Promise<Bytes> {
  const encoded = pkcs8(curve, raw);
  const key = await crypto.subtle.importKey('pkcs8', encoded, { name: curve }, true, [...curves[curve].usages]);
  wipe(encoded);
  const { x } = await crypto.subtle.exportKey('jwk', key);
  return b64UrlToBytes(x ?? '');
}

/** Signs bytes with a raw Ed25519 private key. */
export async function signEd25519(privateRaw: Bytes, bytes: Bytes): Promise<Bytes> {
  const encoded = pkcs8('Ed25519', privateRaw);
  const key = await crypto.subtle.importKey('pkcs8', encoded, { name: 'Ed25519' }, false, ['sign']);
  wipe(encoded);
  return new Uint8Array(await crypto.subtle.sign('Ed25519', key, bytes));
}

/** Whether a signature is by the private half of a raw Ed25519 public key; false when the key is none. */
export async function verifiesEd25519(publicRaw: Bytes, signature: Bytes, bytes: Bytes): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', publicRaw, { name: 'Ed25519' }, false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature, bytes);
  } catch {
    return false;
  }
}

/** IV and ciphertext of base64 that came from elsewhere; undefined when it is none. */
export function readSealed(ivB64: string, ciphertextB64: string): { iv: Bytes; ciphertext: Bytes } | undefined {
  try {
    return { iv: b64ToBytes(ivB64), ciphertext: b64ToBytes(ciphertextB64) };
  } catch {
    return undefined;
  }
}

/** SHA-256 of bytes that need no key. */
export const sha256 = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
