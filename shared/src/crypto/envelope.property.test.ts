import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { systemRandom } from '#base/random.ts';
import { ENVELOPE_PREFIX } from '#wire/envelope-form.ts';
import { openField, sealField, type FieldPlace } from './envelope.ts';
import { createKeyring } from './keyring.ts';
import { IV_BYTES } from './primitives.ts';

const place: FieldPlace = {
  space: '0199a000-0000-7000-8000-000000000002',
  epoch: 1,
  table: 'tasks',
  id: '0199a000-0000-7000-8000-000000000003',
  field: 'title',
  at: '2026-11-25T05:00:00.000Z-0000-0123456789abcdef',
  actor: 'user:0199a000-0000-7000-8000-000000000001',
  origin: 'user',
};

const keyring = await createKeyring({
  accountKey: systemRandom.bytes(32),
  spaceKeys: [{ space: place.space, epoch: 1, key: systemRandom.bytes(32) }],
});
const key = await keyring.tableKey(place.space, 1, 'tasks');
if (!key) throw new Error('The keyring holds the space key');

const seal = (value: unknown, at: FieldPlace = place) => sealField(key, at, { value, iv: systemRandom.bytes(IV_BYTES) });
const opens = async (at: FieldPlace, envelope: string) => (await openField(key, at, envelope)).ok;
const check = (property: fc.IAsyncProperty<[unknown, ...unknown[]]>) => fc.assert(property, { numRuns: 300 });

describe('an envelope', () => {
  test('opens at its place to the value that was sealed', () =>
    check(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(await openField(key, place, await seal(plain))).toEqual({ ok: true, value: plain });
      }) as never,
    ));

  test('holds text that begins like an envelope as text', () =>
    check(
      fc.asyncProperty(fc.string(), async (text) => {
        const value = ENVELOPE_PREFIX + text;
        expect(await openField(key, place, await seal(value))).toEqual({ ok: true, value });
      }) as never,
    ));

  test('does not open at a place that differs anywhere', async () => {
    const envelope = await seal('value');
    for (const name of Object.keys(place) as (keyof FieldPlace)[]) {
      const text = String(place[name]);
      for (let index = 0; index < text.length; index++) {
        const other = text.slice(0, index) + (text[index] === '7' ? '8' : '7') + text.slice(index + 1);
        const moved = { ...place, [name]: name === 'epoch' ? Number(other) : other };
        expect(await opens(moved, envelope)).toBe(false);
      }
    }
  });

  test('does not open when text moves between two parts of its place', async () => {
    const envelope = await seal('value', { ...place, table: 'ab', id: 'c' });
    expect(await opens({ ...place, table: 'a', id: 'bc' }, envelope)).toBe(false);
  });

  test('does not open when any of its characters is another one', async () => {
    const envelope = await seal('a value of some length');
    for (let index = 0; index < envelope.length; index++) {
      for (const character of ['A', 'b', '/', '=', '.', ' ']) {
        if (envelope[index] === character) continue;
        expect(await opens(place, envelope.slice(0, index) + character + envelope.slice(index + 1))).toBe(false);
      }
    }
  });

  test('does not open when it is cut, or longer', () =>
    check(
      fc.asyncProperty(fc.nat(80), fc.string({ maxLength: 8, minLength: 1 }), async (length, more) => {
        const envelope = await seal('value');
        expect(await opens(place, envelope.slice(0, Math.min(length, envelope.length - 1)))).toBe(false);
        expect(await opens(place, envelope + more)).toBe(false);
      }) as never,
    ));

  test('never has an IV twice in 100,000', () => {
    const ivs = new Set<string>();
    for (let index = 0; index < 100_000; index++) ivs.add(systemRandom.bytes(IV_BYTES).toBase64());
    expect(ivs.size).toBe(100_000);
  });
});

test('the key of another table, epoch or space opens nothing', async () => {
  const envelope = await seal('value');
  const other = await createKeyring({
    accountKey: systemRandom.bytes(32),
    spaceKeys: [
      { space: place.space, epoch: 1, key: systemRandom.bytes(32) },
      { space: place.space, epoch: 2, key: systemRandom.bytes(32) },
    ],
  });
  const keys = [
    await keyring.tableKey(place.space, 1, 'notes'),
    await other.tableKey(place.space, 1, 'tasks'),
    await other.tableKey(place.space, 2, 'tasks'),
  ];
  for (const foreign of keys) expect(foreign && (await openField(foreign, place, envelope))).toEqual({ ok: false, error: 'TAMPERED' });
});
