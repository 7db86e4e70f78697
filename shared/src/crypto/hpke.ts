import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { b64ToBytes, bytesToB64, type Bytes } from '#base/bytes.ts';
import type { Random } from '#base/random.ts';
import { KEY_BYTES, publicKeyOf } from './primitives.ts';

/** RFC 9180 over WebCrypto: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** Bytes sealed to a public key. */
export interface SealedTo {
  /** Encapsulated key, base64. */
  readonly encB64: string;
  readonly ciphertextB64: string;
}

/** An X25519 key pair, raw. */
export interface SealingPair {
  readonly publicKey: Bytes;
  readonly privateKey: Bytes;
}

/** A fresh X25519 key pair. */
export async function makeSealingPair(random: Random): Promise<SealingPair> {
  const privateKey = random.bytes(KEY_BYTES);
  return { privateKey, publicKey: await publicKeyOf('X25519', privateKey) };
}

const importPublic = (raw: Bytes): Promise<CryptoKey> => suite.kem.importKey('raw', raw.slice().buffer, true);
const importPrivate = (raw: Bytes): Promise<CryptoKey> => suite.kem.importKey('raw', raw.slice().buffer, false);

/** To whom, and for what, bytes are sealed. With `sender` (its private key) only who holds that key can have sealed them. */
export interface SealPlace {
  readonly recipientPublic: Bytes;
  readonly senderPrivate?: Bytes;
  /** Authenticated purpose and place. */
  readonly info: Bytes;
}

/** Seals bytes to a public key. Throws when the key is none. */
export async function hpkeSeal({ recipientPublic, senderPrivate, info }: SealPlace, plain: Bytes): Promise<SealedTo> {
  const sender = await suite.createSenderContext({
    recipientPublicKey: await importPublic(recipientPublic),
    info,
    ...(senderPrivate ? { senderKey: await importPrivate(senderPrivate) } : {}),
  });
  const ciphertext = new Uint8Array(await sender.seal(plain));
  return { encB64: bytesToB64(new Uint8Array(sender.enc)), ciphertextB64: bytesToB64(ciphertext) };
}

/** Who opens, from whom, and for what. */
export interface OpenPlace {
  readonly recipientPrivate: Bytes;
  readonly senderPublic?: Bytes;
  readonly info: Bytes;
}

/** Opens bytes that were sealed to a key; undefined when they were not, or not by this sender, or for something else. */
export async function hpkeOpen({ recipientPrivate, senderPublic, info }: OpenPlace, sealed: SealedTo): Promise<Bytes | undefined> {
  try {
    const recipient = await suite.createRecipientContext({
      recipientKey: await importPrivate(recipientPrivate),
      enc: b64ToBytes(sealed.encB64),
      info,
      ...(senderPublic ? { senderPublicKey: await importPublic(senderPublic) } : {}),
    });
    return new Uint8Array(await recipient.open(b64ToBytes(sealed.ciphertextB64)));
  } catch {
    return undefined;
  }
}
