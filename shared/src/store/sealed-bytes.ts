import { bytesToText, textToBytes, type Bytes } from '#base/bytes.ts';
import type { Random } from '#base/random.ts';
import type { Keyring, SealingKey } from '#crypto/keyring.ts';
import type { OpenBytes, SealBytes } from '#crypto/local-sealing.ts';

const ivBytes = 12;

/** Seals and opens what rests on this device. Must not be called while a transaction is open. */
export interface LocalSealer {
  seal(purpose: string, place: string, plain: Bytes): Promise<Bytes>;
  open(purpose: string, place: string, sealed: Bytes): Promise<Bytes | undefined>;
  sealJson(purpose: string, place: string, value: unknown): Promise<Bytes>;
  /** The JSON that was sealed; undefined when it does not open. The caller knows its form: only this app can have sealed it. */
  openJson<T>(purpose: string, place: string, sealed: Bytes): Promise<T | undefined>;
  /** The key of a purpose. */
  key(purpose: string): Promise<SealingKey>;
  forget(): void;
}

/** Parts of a local sealer. */
export interface LocalSealerDeps {
  readonly keyring: Keyring;
  readonly random: Random;
  readonly sealBytes: SealBytes;
  readonly openBytes: OpenBytes;
}

/** A local sealer that derives each key once. */
export function createLocalSealer({ keyring, random, sealBytes, openBytes }: LocalSealerDeps): LocalSealer {
  const keys = new Map<string, Promise<SealingKey>>();
  const keyOf = (purpose: string): Promise<SealingKey> => {
    const known = keys.get(purpose) ?? keyring.localKey(purpose);
    keys.set(purpose, known);
    return known;
  };
  const seal: LocalSealer['seal'] = async (purpose, place, plain) =>
    sealBytes(await keyOf(purpose), place, { plain, iv: random.bytes(ivBytes) });
  const open: LocalSealer['open'] = async (purpose, place, sealed) => openBytes(await keyOf(purpose), place, sealed);
  return {
    seal,
    open,
    sealJson: (purpose, place, value) => seal(purpose, place, textToBytes(JSON.stringify(value))),
    async openJson<T>(purpose: string, place: string, sealed: Bytes) {
      const plain = await open(purpose, place, sealed);
      return plain ? (JSON.parse(bytesToText(plain)) as T) : undefined;
    },
    key: keyOf,
    forget: () => keys.clear(),
  };
}
