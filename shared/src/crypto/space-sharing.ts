import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  b64ToBytes,
  b64UrlToBytes,
  bytesToB64,
  bytesToB64Url,
  bytesToText,
  concatBytes,
  lengthPrefixed,
  textToBytes,
} from '#base/bytes.ts';
import type { Bytes } from '#base/bytes.ts';
import type { Random } from '#base/random.ts';
import type { SealedSpaceKey } from '#wire/account.ts';
import type { SealedToSelf } from '#wire/spaces.ts';
import { hpkeOpen, hpkeSeal } from './hpke.ts';
import type { OpenIdentity } from './identity.ts';
import type { SpaceKey } from './keyring.ts';
import { hkdfBits, importHkdfKey, KEY_BYTES, signEd25519, verifiesEd25519 } from './primitives.ts';

/** The public half of an account's identity. */
export interface PublicIdentity {
  readonly account: string;
  readonly sealingPublicB64: string;
  readonly signingPublicB64: string;
}

const digest = (bytes: Bytes): Bytes => new Uint8Array(sha256(bytes));

/** 32 bytes that name an identity: the account and both public keys. */
export const identityFingerprint = ({ account, sealingPublicB64, signingPublicB64 }: PublicIdentity): Bytes =>
  digest(lengthPrefixed(['mana/identity-fingerprint/1', account, sealingPublicB64, signingPublicB64]));

/** What a statement says of a space key: only the key gives it, and it tells nothing of the key. */
export async function keyCheck({ space, epoch, key }: SpaceKey): Promise<string> {
  const info = lengthPrefixed(['mana/key-check/1', space, String(epoch)]);
  return bytesToB64(await hkdfBits(await importHkdfKey(key), { info, salt: new Uint8Array(0), length: KEY_BYTES }));
}

const sharedKeyInfo = (space: string, epoch: number, account: string): Bytes =>
  lengthPrefixed(['mana/shared-key/1', space, String(epoch), account]);

/** Seals a space key to a member. That it is the right one, the statement's key check says. */
export async function sealSharedKey(member: PublicIdentity, { space, epoch, key }: SpaceKey): Promise<SealedSpaceKey> {
  const recipientPublic = b64ToBytes(member.sealingPublicB64);
  return { epoch, ...(await hpkeSeal({ recipientPublic, info: sharedKeyInfo(space, epoch, member.account) }, key)) };
}

/** Opens a space key that was sealed to this identity; undefined when it was not, or is not the one that the check names. */
export async function openSharedKey(
  identity: Pick<OpenIdentity, 'sealingPrivate'>,
  place: { readonly account: string; readonly space: string; readonly keyCheckB64: string },
  sealed: SealedSpaceKey,
): Promise<SpaceKey | undefined> {
  const info = sharedKeyInfo(place.space, sealed.epoch, place.account);
  const key = await hpkeOpen({ recipientPrivate: identity.sealingPrivate, info }, sealed);
  if (key?.length !== KEY_BYTES) return undefined;
  const spaceKey = { space: place.space, epoch: sealed.epoch, key };
  return (await keyCheck(spaceKey)) === place.keyCheckB64 ? spaceKey : undefined;
}

type SelfPurpose = 'invitation' | 'acceptance';

const selfInfo = (purpose: SelfPurpose, id: string): Bytes => lengthPrefixed([`mana/${purpose}/1`, id]);

/** Seals bytes of one's own for one's other devices; nobody else can have sealed what opens. */
export function sealToSelf(identity: OpenIdentity, place: { purpose: SelfPurpose; id: string }, plain: Bytes): Promise<SealedToSelf> {
  const { sealingPublic, sealingPrivate } = identity;
  return hpkeSeal({ recipientPublic: sealingPublic, senderPrivate: sealingPrivate, info: selfInfo(place.purpose, place.id) }, plain);
}

/** Opens what this identity sealed to itself for the same purpose and id. */
export function openFromSelf(
  identity: OpenIdentity,
  place: { purpose: SelfPurpose; id: string },
  sealed: SealedToSelf,
): Promise<Bytes | undefined> {
  const { sealingPublic, sealingPrivate } = identity;
  return hpkeOpen({ recipientPrivate: sealingPrivate, senderPublic: sealingPublic, info: selfInfo(place.purpose, place.id) }, sealed);
}

/** What the part of an invitation link behind `#` says; it is never sent to a server. */
export interface InvitationLink {
  readonly secret: Bytes;
  /** Fingerprint of the inviter's identity: a server cannot put another one in its place. */
  readonly fingerprint: Bytes;
  /** Name of the space, for showing. */
  readonly name: string;
}

/** A fresh secret of an invitation. */
export const newInvitationSecret = (random: Random): Bytes => random.bytes(KEY_BYTES);

/** The text behind `#` of an invitation link. */
export const writeInvitationLink = ({ secret, fingerprint, name }: InvitationLink): string =>
  `1.${bytesToB64Url(concatBytes(secret, fingerprint))}.${bytesToB64Url(textToBytes(name))}`;

/** Reads the text behind `#` of an invitation link; undefined when it is none, or was cut. */
export function readInvitationLink(text: string): InvitationLink | undefined {
  const match = /^1\.([A-Za-z0-9_-]{86})\.([A-Za-z0-9_-]*)$/.exec(text);
  if (!match) return undefined;
  try {
    const both = b64UrlToBytes(match[1] ?? '');
    return { secret: both.slice(0, KEY_BYTES), fingerprint: both.slice(KEY_BYTES), name: bytesToText(b64UrlToBytes(match[2] ?? '')) };
  } catch {
    return undefined;
  }
}

const keyed = (secret: Bytes, parts: readonly string[]): Bytes => new Uint8Array(hmac(sha256, secret, lengthPrefixed(parts)));

/** By this the server knows an invitation again; the secret does not follow from it. */
export const invitationToken = (secret: Bytes): Bytes => keyed(secret, ['mana/invitation-token/1']);

/** What the server keeps of a token. */
export const invitationTokenHash = (token: Bytes): string => bytesToB64(digest(token));

/** Proof that somebody who holds the link's secret accepts with this identity. */
export const invitationProof = (secret: Bytes, to: { invitation: string; space: string; joiner: PublicIdentity }): string =>
  bytesToB64(
    keyed(secret, [
      'mana/invitation-proof/1',
      to.invitation,
      to.space,
      to.joiner.account,
      to.joiner.sealingPublicB64,
      to.joiner.signingPublicB64,
    ]),
  );

const leaveBytes = (leave: { space: string; account: string; number: number }): Bytes =>
  lengthPrefixed(['mana/leave/1', leave.space, leave.account, String(leave.number)]);

/** Signs that an account leaves a space as its statement of this number has it. */
export async function signLeave(signingPrivate: Bytes, leave: { space: string; account: string; number: number }): Promise<string> {
  return bytesToB64(await signEd25519(signingPrivate, leaveBytes(leave)));
}

/** Whether a member signed that they leave. */
export const isSignedLeave = (
  signingPublicB64: string,
  leave: { space: string; account: string; number: number },
  signatureB64: string,
): Promise<boolean> => verifiesEd25519(b64ToBytes(signingPublicB64), b64ToBytes(signatureB64), leaveBytes(leave));
