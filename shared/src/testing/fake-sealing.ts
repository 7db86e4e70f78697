import { b64ToBytes, bytesToB64, bytesToText, concatBytes, textToBytes } from '#base/bytes.ts';
import { err, ok } from '#base/result.ts';
import type { FieldPlace } from '#crypto/envelope.ts';
import type { Keyring, SealingKey } from '#crypto/keyring.ts';
import type { OpenBytes, SealBytes } from '#crypto/local-sealing.ts';
import type { FieldSealing } from '#sync/seal-ops.ts';
import { ENVELOPE_PREFIX, isEnvelope } from '#wire/envelope-form.ts';

// [Note: fake sealing] A thousand simulated runs seal some million values. The fake keeps what the rules depend on (a value opens
// only with its key at its place, and the same IV gives the same bytes) and leaves out the secrecy.

interface FakeKey {
  readonly fake: string;
}

const asKey = (fake: string): SealingKey => ({ fake }) as unknown as SealingKey;
const nameOf = (key: SealingKey): string => (key as unknown as FakeKey).fake;

/** A keyring whose keys are names. `epochs` is read at each call: raising a number brings the device a key. */
export const createFakeKeyring = (epochs: Readonly<Record<string, number>>, device = 'device'): Keyring => ({
  currentEpoch: (space) => epochs[space] ?? 0,
  tableKey: async (space, epoch, table) => (epoch >= 1 && epoch <= (epochs[space] ?? 0) ? asKey(`${space}/${epoch}/${table}`) : undefined),
  localKey: async (purpose) => asKey(`local/${device}/${purpose}`),
});

const placeText = (key: SealingKey, place: FieldPlace): string =>
  [nameOf(key), place.space, place.epoch, place.table, place.id, place.field, place.at, place.actor, place.origin].join('|');

/** Sealing of fields that authenticates their place and hides nothing. */
export const fakeFieldSealing: FieldSealing = {
  sealField: async (key, place, { value, iv }) =>
    `${ENVELOPE_PREFIX}${bytesToB64(iv)}.${bytesToB64(textToBytes(JSON.stringify([placeText(key, place), value])))}`,
  openField: async (key, place, envelope) => {
    if (!isEnvelope(envelope)) return err('MALFORMED');
    const [, body = ''] = envelope.split('.');
    try {
      const [sealedPlace, value] = JSON.parse(bytesToText(b64ToBytes(body))) as [string, unknown];
      return sealedPlace === placeText(key, place) ? ok(value) : err('TAMPERED');
    } catch {
      return err('TAMPERED');
    }
  },
};

const sealBytes: SealBytes = async (key, place, { plain }) => concatBytes(textToBytes(`${nameOf(key)}|${place}\n`), plain);

const openBytes: OpenBytes = async (key, place, sealed) => {
  const head = textToBytes(`${nameOf(key)}|${place}\n`);
  return sealed.length >= head.length && head.every((byte, index) => sealed[index] === byte) ? sealed.slice(head.length) : undefined;
};

/** Sealing of local rows that authenticates their place and hides nothing. */
export const fakeLocalSealing = { sealBytes, openBytes };
