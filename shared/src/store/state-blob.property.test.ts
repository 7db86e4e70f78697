import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { ZERO_STAMP, type Stamp } from '#base/hybrid-clock.ts';
import type { JsonValue } from '#modules/field-kinds.ts';
import { recordKey, type HeldField, type PendingOp, type RecordState } from './record-state.ts';
import { packState, unpackState } from './state-blob.ts';

const actors = ['user:01890000-0000-7000-8000-0000000000bb', 'agent:01890000-0000-7000-8000-0000000000cc'];
const stamps = fc
  .tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 0xffff }), fc.constantFrom('0123456789abcdef', 'fedcba9876543210'))
  .map(([ms, counter, device]) => `${new Date(ms).toISOString()}-${counter.toString(16).padStart(4, '0')}-${device}` as Stamp);
const stamped = fc.record({
  at: stamps,
  actor: fc.constantFrom(...actors),
  origin: fc.constantFrom('user' as const, 'agent' as const, 'system' as const),
});
const values = fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
const names = fc.stringMatching(/^[a-z]{1,8}$/);
const held: fc.Arbitrary<HeldField> = fc
  .tuple(stamped, values, fc.integer({ min: 0, max: 9 }), fc.constantFrom('', 'AAAAAAAAAAAAAAAA'))
  .map(([stamp, v, epoch, iv]) => ({ v, ...stamp, epoch, iv }));
const pendingField = fc
  .tuple(stamped, values, fc.boolean())
  .map(([stamp, v, isSealed]) => ({ v, ...stamp, ...(isSealed ? { sealed: { epoch: 1, iv: 'BBBBBBBBBBBBBBBB' } } : {}) }));
const op: fc.Arbitrary<PendingOp> = fc
  .tuple(fc.uuid(), fc.dictionary(names, pendingField, { minKeys: 1 }), fc.integer(), fc.boolean(), stamps, fc.boolean(), fc.boolean())
  .map(([id, fields, madeMs, trusted, base, fixed, late]) => ({
    op: id,
    fields: { ...fields },
    madeMs,
    trusted,
    base,
    ...(fixed ? { fixed } : {}),
    ...(late ? { late } : {}),
  }));
const states: fc.Arbitrary<RecordState> = fc
  .tuple(fc.dictionary(names, held), fc.array(op, { maxLength: 3 }), fc.nat())
  .map(([acked, pending, seq]) => ({ space: 's', table: 't', id: 'i', seq, acked: { ...acked }, pending }));

test('a state is read as it was written', () => {
  fc.assert(
    fc.property(states, (state) => {
      expect(unpackState(recordKey('s', 't', 'i'), packState(state))).toEqual(state);
    }),
  );
});

test('stamps take at most 40 % of a record of ordinary size, also when every field has another one', () => {
  const texts = [
    'Buy oat milk and bread',
    'Ask whether the bakery has the dark one with seeds; otherwise the usual',
    '2030-01-01',
    '09:30',
  ];
  const fields = [...texts, 2, ['errands', 'food'], 'Corner shop', '01890000-0000-7000-8000-000000000001'];
  const build = (at: (index: number) => Stamp): number => {
    const acked = Object.fromEntries(
      fields.map((v, index): [string, HeldField] => [
        `field${index}`,
        { v, at: at(index), actor: actors[0] ?? '', origin: 'user', epoch: 1, iv: 'AAAAAAAAAAAAAAAA' },
      ]),
    );
    return packState({ space: 's', table: 't', id: 'i', seq: 1, acked, pending: [] }).length;
  };
  const bare = build(() => ZERO_STAMP);
  const stampedAll = build((index) => `2030-01-01T00:00:0${index}.000Z-0000-0123456789abcdef` as Stamp);
  expect((stampedAll - bare) / stampedAll).toBeLessThan(0.4);
});
