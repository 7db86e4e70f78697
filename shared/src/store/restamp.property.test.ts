import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { nextStamp, stampMs, ZERO_STAMP, type DeviceId, type Stamp } from '#base/hybrid-clock.ts';
import type { PendingField, PendingOp, RecordState } from './record-state.ts';
import { restampState, type RestampContext } from './restamp.ts';

const device = '0123456789abcdef' as DeviceId;
const nowMs = Date.UTC(2033, 0, 1);
const yearMs = 31_536_000_000;

interface Drawn {
  readonly state: RecordState;
  readonly context: RestampContext;
  readonly sent: ReadonlySet<string>;
}

/** Edits of one record, made in order on a device whose clock was off by `skewMs`; a front part was sent. */
const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    skewMs: fc.constantFrom(0, 90_000, -3_600_000, 10 * yearMs, -10 * yearMs),
    gapsMs: fc.array(fc.integer({ min: 1, max: 86_400_000 }), { minLength: 1, maxLength: 5 }),
    sentCount: fc.nat({ max: 5 }),
    ackedAgoMs: fc.integer({ min: 1, max: 864_000_000 }),
    late: fc.boolean(),
  })
  .map(({ skewMs, gapsMs, sentCount, ackedAgoMs, late }) => {
    const base = nextStamp(nowMs - ackedAgoMs, 'ffffffffffffffff' as DeviceId, ZERO_STAMP);
    let wallMs = nowMs + skewMs - gapsMs.reduce((sum, gap) => sum + gap, 0);
    let floor: Stamp = base;
    const pending = gapsMs.map((gapMs, index): PendingOp => {
      wallMs += gapMs;
      floor = nextStamp(wallMs, device, floor);
      const field: PendingField = { v: index, at: floor, actor: 'user:x', origin: 'user' };
      return {
        op: `op${index}`,
        fields: { a: field, b: { ...field, at: ZERO_STAMP } },
        madeMs: wallMs,
        trusted: false,
        base,
        ...(late ? { late } : {}),
      };
    });
    const sent = new Set(pending.slice(0, sentCount).map((op) => op.op));
    let count = 0;
    const context: RestampContext = { nowMs, offsetMs: -skewMs, device, isSent: (op) => sent.has(op), newOp: () => `new${count++}` };
    return { state: { space: 's', table: 't', id: 'i', seq: 0, acked: {}, pending }, context, sent };
  });

const atOf = (op: PendingOp): Stamp => op.fields['a']?.at ?? ZERO_STAMP;

test('invariant 1: shifted to the right time, never past now where nothing holds them above it', () => {
  fc.assert(
    fc.property(drawn, ({ state, context, sent }) => {
      fc.pre(sent.size === 0);
      const after = restampState(state, context);
      for (const op of after.pending) expect(stampMs(atOf(op)) <= Math.max(nowMs + 2_000, stampMs(op.base) + 1)).toBe(true);
    }),
  );
});

test("invariant 2: the order of a record's edits stays", () => {
  fc.assert(
    fc.property(drawn, ({ state, context }) => {
      const stamps = restampState(state, context).pending.map(atOf);
      expect(stamps).toEqual([...stamps].toSorted());
      expect(new Set(stamps).size).toBe(stamps.length);
    }),
  );
});

test('invariant 3: what was sent and not answered keeps its stamps, byte for byte', () => {
  fc.assert(
    fc.property(drawn, ({ state, context, sent }) => {
      const after = restampState(state, context);
      state.pending.forEach((op, index) => {
        if (sent.has(op.op)) expect(after.pending[index]).toEqual(op);
      });
    }),
  );
});

test('invariant 4: every new stamp is above what the edit was made on, and untouched seed fields stay at zero', () => {
  fc.assert(
    fc.property(drawn, ({ state, context }) => {
      for (const op of restampState(state, context).pending) {
        expect(atOf(op) > op.base).toBe(true);
        expect(op.fields['b']?.at).toBe(ZERO_STAMP);
      }
    }),
  );
});

test('invariant 5: doing it again changes nothing', () => {
  fc.assert(
    fc.property(drawn, ({ state, context }) => {
      const once = restampState(state, context);
      const pending = once.pending.map(({ op }) => op);
      expect(restampState(once, context).pending.map(({ op }) => op)).toEqual(pending);
    }),
  );
});

test('an edit that gets a new stamp gets a new operation id', () => {
  fc.assert(
    fc.property(drawn, ({ state, context }) => {
      restampState(state, context).pending.forEach((op, index) => {
        const before = state.pending[index];
        if (before && atOf(before) !== atOf(op)) expect(op.op).not.toBe(before.op);
      });
    }),
  );
});
