import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Stamp } from '#base/hybrid-clock.ts';
import { compareFields, decideOp, isVoid, tombstoneOf, type FieldVerdict } from './merge.ts';
import { DELETED_AT } from './deletion.ts';
import type { WireField, WireFields } from './record.ts';

const contents = ['a', 'b'];
const isContent = (name: string): boolean => contents.includes(name);
const times = fc.integer({ min: 1, max: 6 });
const at = (time: number, device: number): Stamp => `2030-01-01T00:00:0${time}.000Z-0000-000000000000000${device}` as Stamp;

const field = (v: WireField['v'], stamp: Stamp, epoch = 1): WireField => ({ v, at: stamp, actor: 'user:x', origin: 'user', epoch });
const sealed = fc
  .tuple(times, fc.integer({ min: 1, max: 3 }), fc.constantFrom('x', 'y'), fc.integer({ min: 1, max: 2 }))
  .map(([time, device, v, epoch]) => field(v, at(time, device), epoch));
const deletion = fc
  .tuple(times, fc.integer({ min: 1, max: 3 }), fc.boolean())
  .map(([time, device, gone]) => field(gone ? 'then' : null, at(time, device)));
const operations: fc.Arbitrary<WireFields> = fc
  .record({ a: sealed, b: sealed, order: sealed, [DELETED_AT]: deletion }, { requiredKeys: [] })
  .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as WireFields);

function apply(current: WireFields, incoming: WireFields): { fields: WireFields; verdicts: Map<string, FieldVerdict> } {
  const verdicts = decideOp({ current, incoming, isContent });
  const fields = { ...current };
  for (const [name, verdict] of verdicts) {
    const next = incoming[name];
    if (next && verdict.status === 'applied' && verdict.changes) fields[name] = next;
  }
  return { fields, verdicts };
}
const applyAll = (ops: readonly WireFields[]): WireFields => ops.reduce<WireFields>((fields, op) => apply(fields, op).fields, {});

test('merge invariant 1: the rule is a total order', () => {
  fc.assert(
    fc.property(sealed, sealed, sealed, (x, y, z) => {
      expect(Math.sign(compareFields(x, y)) + Math.sign(compareFields(y, x))).toBe(0);
      if (compareFields(x, y) >= 0 && compareFields(y, z) >= 0) expect(compareFields(x, z)).toBeGreaterThanOrEqual(0);
      if (compareFields(x, y) === 0) expect([x.at, x.epoch, x.v]).toEqual([y.at, y.epoch, y.v]);
    }),
  );
});

test('merge invariant 2: an operation applied again changes nothing and says so', () => {
  fc.assert(
    fc.property(fc.array(operations, { maxLength: 5 }), operations, (before, op) => {
      const once = apply(applyAll(before), op);
      const twice = apply(once.fields, op);
      expect(twice.fields).toEqual(once.fields);
      for (const [name, verdict] of once.verdicts)
        if (verdict.status === 'applied' && op[DELETED_AT] === undefined) expect(twice.verdicts.get(name)?.status).toBe('applied');
    }),
  );
});

test('merge invariant 3: a stored stamp never goes back', () => {
  fc.assert(
    fc.property(fc.array(operations, { maxLength: 5 }), operations, (before, op) => {
      const current = applyAll(before);
      const { fields } = apply(current, op);
      for (const [name, stored] of Object.entries(current)) expect((fields[name]?.at ?? '') >= stored.at).toBe(true);
    }),
  );
});

test('merge invariant 4: a deleted record stays deleted until an operation writes it whole above the tombstone', () => {
  fc.assert(
    fc.property(fc.array(operations, { maxLength: 6 }), operations, (before, op) => {
      const current = applyAll(before);
      const tombstone = tombstoneOf(current);
      fc.pre(tombstone !== undefined);
      const { fields } = apply(current, op);
      if (!tombstone || tombstoneOf(fields)) return;
      for (const name of contents) if (current[name]) expect((op[name]?.at ?? '') > tombstone.at).toBe(true);
      expect(op[DELETED_AT]?.v).toBe(null);
    }),
  );
});

test('merge invariant 5: a deletion yields to newer content', () => {
  fc.assert(
    fc.property(sealed, deletion, (content, gone) => {
      fc.pre(gone.v !== null && content.at > gone.at);
      const { fields, verdicts } = apply({ a: content }, { [DELETED_AT]: gone });
      expect(tombstoneOf(fields)).toBeUndefined();
      expect(verdicts.get(DELETED_AT)).toEqual({ status: 'superseded', winner: 'a' });
    }),
  );
});

test('merge invariant 6: a field older than the deletion is superseded by it', () => {
  fc.assert(
    fc.property(sealed, deletion, (content, gone) => {
      fc.pre(content.at < gone.at);
      expect(isVoid('a', content, gone)).toBe(true);
      const { fields, verdicts } = apply({ [DELETED_AT]: gone }, { a: content });
      expect(verdicts.get('a')).toEqual({ status: 'superseded', winner: DELETED_AT });
      expect(fields['a']).toBeUndefined();
    }),
  );
});

test('merge invariant 7: what is emptied together with a deletion yields together with it', () => {
  fc.assert(
    fc.property(sealed, sealed, deletion, (older, newer, gone) => {
      fc.pre(gone.v !== null && older.at < gone.at && newer.at > gone.at);
      const emptied = field('emptied', gone.at);
      const { fields } = apply({ a: older, b: newer }, { a: emptied, b: emptied, [DELETED_AT]: gone });
      expect(fields).toEqual({ a: older, b: newer });
    }),
  );
});
