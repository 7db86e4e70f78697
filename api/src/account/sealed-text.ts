import { b64UrlToBytes, bytesToB64Url, bytesToText, concatBytes, textToBytes } from '@mana/shared/base/bytes';
import type { Random } from '@mana/shared/base/random';
import type { RootSecrets } from './root-secrets.ts';

const ivBytes = 12;

interface SealDeps {
  readonly secrets: RootSecrets;
  readonly random: Random;
}

/** Seals a value that a client carries for the server; it opens for the same purpose only. */
export async function sealText(deps: SealDeps, purpose: string, content: unknown): Promise<string> {
  const iv = deps.random.bytes(ivBytes);
  const key = await keyOf(deps.secrets);
  const plain = textToBytes(JSON.stringify(content));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: textToBytes(purpose) }, key, plain);
  return bytesToB64Url(concatBytes(iv, new Uint8Array(sealed)));
}

/** Opens a sealed value; undefined when it is not one of ours. */
export async function openText(secrets: RootSecrets, purpose: string, sealed: string): Promise<unknown> {
  try {
    const bytes = b64UrlToBytes(sealed);
    const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, ivBytes), additionalData: textToBytes(purpose) };
    const plain = await crypto.subtle.decrypt(algorithm, await keyOf(secrets), bytes.slice(ivBytes));
    return JSON.parse(bytesToText(new Uint8Array(plain)));
  } catch {
    return undefined;
  }
}

const keyOf = (secrets: RootSecrets): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', b64UrlToBytes(secrets.attemptKeyB64Url), 'AES-GCM', false, ['encrypt', 'decrypt']);
