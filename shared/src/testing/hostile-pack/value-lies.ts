import type { Stamp } from '#base/hybrid-clock.ts';
import type { WireField, WireRecord } from '#wire/record.ts';
import { withField } from '../hostile-server.ts';
import { act, type HostileAct } from './hostile-act.ts';

const foreignId = '01890000-0000-7000-8000-0000000000ee';

const title = (change: (field: WireField, record: WireRecord) => WireField) => withField('title', change);
const titleAt = (change: (at: string) => string) => title((field) => ({ ...field, at: change(field.at) as Stamp }));
const envelope = (change: (text: string) => string) => title((field) => ({ ...field, v: change(String(field.v)) }));

/** Exchanges something between the first two records. */
const exchanged =
  (exchange: (one: WireRecord, other: WireRecord) => [WireRecord, WireRecord]) =>
  (records: readonly WireRecord[]): WireRecord[] => {
    const [one, other, ...rest] = records;
    return one && other ? [...exchange(one, other), ...rest] : [...records];
  };

const withTitleOf = (record: WireRecord, other: WireRecord, take: (own: WireField, foreign: WireField) => WireField): WireRecord => {
  const [own, foreign] = [record.fields['title'], other.fields['title']];
  return own && foreign ? { ...record, fields: { ...record.fields, title: take(own, foreign) } } : record;
};

const flipped = (text: string, place: number): string => {
  const character = text[place] === 'A' ? 'B' : 'A';
  return text.slice(0, place) + character + text.slice(place + 1);
};
const ivPlace = 8;
const inCiphertext = 30;

/** Swaps: each value is genuine, and stands where it was not written. */
const swaps: readonly HostileAct[] = [
  act('swap', 'a value stands in another field of its record', {
    expects: 'refused',
    records: title((field, record) => ({ ...field, v: record.fields['notes']?.v ?? null })),
  }),
  act('swap', 'a value stands in another field with that field’s own stamp', {
    expects: 'refused',
    records: title((field, record) => ({ ...(record.fields['notes'] ?? field) })),
  }),
  act('swap', 'two records exchange a value', {
    expects: 'refused',
    records: exchanged((one, other) => [
      withTitleOf(one, other, (own, foreign) => ({ ...own, v: foreign.v })),
      withTitleOf(other, one, (own, foreign) => ({ ...own, v: foreign.v })),
    ]),
  }),
  act('swap', 'two records exchange a value with its stamp', {
    expects: 'refused',
    records: exchanged((one, other) => [
      withTitleOf(one, other, (_, foreign) => foreign),
      withTitleOf(other, one, (_, foreign) => foreign),
    ]),
  }),
  act('swap', 'two records exchange their ids', {
    expects: 'refused',
    records: exchanged((one, other) => [
      { ...one, id: other.id },
      { ...other, id: one.id },
    ]),
  }),
  act('swap', 'a record stands in another table', {
    expects: 'refused',
    records: (records) => records.map((record) => ({ ...record, table: 'notes' })),
  }),
  act('swap', 'a record stands in another space', {
    expects: 'refused',
    records: (records) => records.map((record) => ({ ...record, space: foreignId })),
  }),
];

/** Time and author: the value is genuine, and what is said of it is not. */
const stamps: readonly HostileAct[] = [
  act('re-time', 'a value is dated a year later', { expects: 'refused', records: titleAt((at) => `2034${at.slice(4)}`) }),
  act('re-time', 'a value is dated into the year 9999', { expects: 'refused', records: titleAt((at) => `9999${at.slice(4)}`) }),
  act('re-time', 'the counter of a stamp is raised', {
    expects: 'refused',
    records: titleAt((at) => `${at.slice(0, 25)}00ff${at.slice(29)}`),
  }),
  act('re-time', 'a stamp names another device', { expects: 'refused', records: titleAt((at) => `${at.slice(0, 30)}ffffffffffffffff`) }),
  act('re-attribute', 'a value is signed by another person', {
    expects: 'refused',
    records: title((field) => ({ ...field, actor: `user:${foreignId}` })),
  }),
  act('re-attribute', 'a value is signed by an agent', {
    expects: 'refused',
    records: title((field) => ({ ...field, actor: `agent:${foreignId}` })),
  }),
  act('re-attribute', 'what a person wrote is said to come from the program', {
    expects: 'refused',
    records: title((field) => ({ ...field, origin: 'system' })),
  }),
  act('re-attribute', 'what a person wrote is said to be restored', {
    expects: 'refused',
    records: title((field) => ({ ...field, origin: 'restore' })),
  }),
];

/** Encryption taken away, weakened, or broken. */
const ciphertexts: readonly HostileAct[] = [
  act('downgrade', 'an encrypted field comes in plaintext', { expects: 'refused', records: title((field) => ({ ...field, v: 'forged' })) }),
  act('downgrade', 'an encrypted field comes as null', { expects: 'refused', records: title((field) => ({ ...field, v: null })) }),
  act('downgrade', 'an encrypted field comes as a number', { expects: 'refused', records: title((field) => ({ ...field, v: 7 })) }),
  act('downgrade', 'an envelope names a format that there is not', {
    expects: 'refused',
    records: envelope((text) => text.replace('enc:1:', 'enc:0:')),
  }),
  act('downgrade', 'a value is said to be of an older key', { expects: 'refused', records: title((field) => ({ ...field, epoch: 0 })) }),
  act('downgrade', 'a value is said to be of a key that nobody has', {
    expects: 'refused',
    records: title((field) => ({ ...field, epoch: 9 })),
  }),
  act('tamper', 'a bit of a ciphertext is turned', { expects: 'refused', records: envelope((text) => flipped(text, inCiphertext)) }),
  act('tamper', 'a bit of an IV is turned', { expects: 'refused', records: envelope((text) => flipped(text, ivPlace)) }),
  act('tamper', 'the end of a ciphertext is cut off', { expects: 'refused', records: envelope((text) => text.slice(0, -8)) }),
  act('tamper', 'a ciphertext is longer than it was', { expects: 'refused', records: envelope((text) => text.replace(/=*$/, 'AAAA')) }),
];

/** Lies about single values. */
export const valueLies: readonly HostileAct[] = [...swaps, ...stamps, ...ciphertexts];
