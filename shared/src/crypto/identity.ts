import { b64ToBytes, bytesToB64, concatBytes, lengthPrefixed, type Bytes } from '#base/bytes.ts';
import type { Random } from '#base/random.ts';
import type { Identity, SealedSpaceKey } from '#wire/account.ts';
import { hpkeOpen, hpkeSeal, makeSealingPair } from './hpke.ts';
import { aesOpen, aesSeal, hkdfKey, importHkdfKey, IV_BYTES, KEY_BYTES, publicKeyOf, readSealed, wipe } from './primitives.ts';
import type { SpaceKey } from './keyring.ts';

/** Private halves of an account's identity, raw; wipe them after use. */
export interface OpenIdentity {
  readonly sealingPublic: Bytes;
  readonly sealingPrivate: Bytes;
  readonly signingPrivate: Bytes;
}

const label = (account: string, publics: { sealingPublicB64: string; signingPublicB64: string }): Bytes =>
  lengthPrefixed(['mana/identity/1', account, publics.sealingPublicB64, publics.signingPublicB64]);

async function identityKey(accountKey: Bytes): Promise<CryptoKey> {
  return hkdfKey(await importHkdfKey(accountKey), lengthPrefixed(['mana/identity/1']));
}

/** Makes an account's identity: an X25519 pair for receiving space keys and an Ed25519 pair for signing. */
export async function makeIdentity(
  account: string,
  accountKey: Bytes,
  random: Random,
): Promise<{ identity: Identity; open: OpenIdentity }> {
  const sealing = await makeSealingPair(random);
  const signingPrivate = random.bytes(KEY_BYTES);
  const publics = {
    sealingPublicB64: bytesToB64(sealing.publicKey),
    signingPublicB64: bytesToB64(await publicKeyOf('Ed25519', signingPrivate)),
  };
  const iv = random.bytes(IV_BYTES);
  const both = concatBytes(sealing.privateKey, signingPrivate);
  const ciphertext = await aesSeal(await identityKey(accountKey), { iv, additional: label(account, publics), bytes: both });
  wipe(both);
  return {
    identity: { version: 1, ...publics, privateIvB64: bytesToB64(iv), privateCiphertextB64: bytesToB64(ciphertext) },
    open: { sealingPublic: sealing.publicKey, sealingPrivate: sealing.privateKey, signingPrivate },
  };
}

/** Opens an identity with the account key; undefined when it is another account's or its public halves were exchanged. */
export async function openIdentity(account: string, accountKey: Bytes, identity: Identity): Promise<OpenIdentity | undefined> {
  const sealed = readSealed(identity.privateIvB64, identity.privateCiphertextB64);
  if (!sealed) return undefined;
  const { iv, ciphertext: bytes } = sealed;
  const both = await aesOpen(await identityKey(accountKey), { iv, bytes, additional: label(account, identity) });
  if (both?.length !== 2 * KEY_BYTES) return undefined;
  const open = {
    sealingPublic: b64ToBytes(identity.sealingPublicB64),
    sealingPrivate: both.slice(0, KEY_BYTES),
    signingPrivate: both.slice(KEY_BYTES),
  };
  wipe(both);
  return open;
}

/** Overwrites the private halves. */
export function wipeIdentity({ sealingPrivate, signingPrivate }: OpenIdentity): void {
  wipe(sealingPrivate);
  wipe(signingPrivate);
}

const spaceKeyInfo = (space: string, epoch: number): Bytes => lengthPrefixed(['mana/space-key/1', space, String(epoch)]);

/**
 * Seals a space key from an identity to itself. HPKE's authenticated mode: whoever holds no private half,
 * the server included, cannot put a space key of its own in its place.
 */
export async function sealSpaceKey(
  { sealingPublic, sealingPrivate }: OpenIdentity,
  { space, epoch, key }: SpaceKey,
): Promise<SealedSpaceKey> {
  const place = { recipientPublic: sealingPublic, senderPrivate: sealingPrivate, info: spaceKeyInfo(space, epoch) };
  return { epoch, ...(await hpkeSeal(place, key)) };
}

/** Opens a space key that this identity sealed to itself; undefined when it did not. */
export async function openSpaceKey(
  { sealingPublic, sealingPrivate }: OpenIdentity,
  space: string,
  sealed: SealedSpaceKey,
): Promise<SpaceKey | undefined> {
  const place = { recipientPrivate: sealingPrivate, senderPublic: sealingPublic, info: spaceKeyInfo(space, sealed.epoch) };
  const key = await hpkeOpen(place, sealed);
  return key?.length === KEY_BYTES ? { space, epoch: sealed.epoch, key } : undefined;
}
