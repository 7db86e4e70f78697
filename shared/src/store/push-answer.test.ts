import { expect, test } from 'bun:test';
import { nextStamp, ZERO_STAMP, type DeviceId, type Stamp } from '#base/hybrid-clock.ts';
import type { PushResult } from '#wire/sync.ts';
import { settleRecord, type AnswerContext } from './push-answer.ts';
import { emptyState, type HeldField, type PendingOp } from './record-state.ts';
import type { StoredRecord } from './stored-record.ts';

const own = 'aaaaaaaaaaaaaaaa' as DeviceId;
const other = 'bbbbbbbbbbbbbbbb' as DeviceId;
const self = 'user:x';
const iv = 'AAAAAAAAAAAAAAAA';
const at = (second: number, device = own): Stamp => nextStamp(second * 1_000, device, ZERO_STAMP);
const op = (name: string, title: string, second: number): PendingOp => ({
  op: name,
  fields: { title: { v: title, at: at(second), actor: self, origin: 'user' } },
  madeMs: second * 1_000,
  trusted: true,
  base: ZERO_STAMP,
});

/** A record with edits that were sent. */
const record = (pending: readonly PendingOp[], acked: Record<string, HeldField> = {}): StoredRecord => ({
  key: 's/t/i',
  state: { ...emptyState('s', 't', 'i'), acked, pending },
  rev: 1,
  updatedAtIndex: ZERO_STAMP,
  outbox: { count: pending.length, order: '' },
  wires: pending.map(({ op: name, fields }) => ({
    op: name,
    sent: true,
    fields: Object.fromEntries(
      Object.entries(fields).map(([field, { at: stamp, actor, origin }]) => [
        field,
        { v: `enc:1:${iv}.x`, at: stamp, actor, origin, epoch: 1 },
      ]),
    ),
  })),
});

const context = (more: Partial<AnswerContext> = {}): AnswerContext => ({
  isLatest: true,
  winners: new Map(),
  own: { self, isOwnDevice: (device) => device === own, isOfSession: () => true },
  ...more,
});
const settle = (stored: StoredRecord, results: readonly PushResult[], more: Partial<AnswerContext> = {}) =>
  settleRecord(stored, results, { context: context(more), isSealed: () => true });
const theirs = (title: string, second: number): HeldField => ({
  v: title,
  at: at(second, other),
  actor: self,
  origin: 'user',
  epoch: 1,
  iv: 'BBBBBBBBBBBBBBBB',
});

test('invariant 1: an applied field is acknowledged with the envelope that was sent', () => {
  const { state, losses, refused } = settle(record([op('one', 'mine', 5)]), [{ op: 'one', status: 'applied', seq: 7 }]);
  expect(state).toMatchObject({ seq: 7, pending: [], acked: { title: { v: 'mine', at: at(5), epoch: 1, iv } } });
  expect([losses, refused]).toEqual([[], []]);
});

test('an applied edit becomes the base of those that wait behind it', () => {
  const { state } = settle(record([op('one', 'mine', 5), op('two', 'again', 6)]), [{ op: 'one', status: 'applied', seq: 1 }]);
  expect(state.pending.map(({ base }) => base)).toEqual([at(5)]);
});

test('an edit that was applied after something newer had come in is a loss', () => {
  const { state, losses } = settle(record([op('one', 'mine', 5)], { title: theirs('theirs', 9) }), [
    { op: 'one', status: 'applied', seq: 1 },
  ]);
  expect(state.acked['title']?.v).toBe('theirs');
  expect(losses).toMatchObject([{ value: 'mine', notice: true }]);
});

test('invariant 2: a losing edit is kept as a loss, a refused one as refused, and nothing else leaves the outbox', () => {
  const winner = theirs('theirs', 9);
  const result: PushResult = {
    op: 'one',
    field: 'title',
    status: 'superseded',
    seq: 1,
    winner: { field: 'title', v: 'enc:1:BBBBBBBBBBBBBBBB.x', at: winner.at, actor: self, origin: 'user', epoch: 1 },
  };
  const lost = settle(record([op('one', 'mine', 5)]), [result], { winners: new Map([[result, winner]]) });
  expect([lost.state.pending, lost.losses[0]?.value, lost.state.acked['title']?.v]).toEqual([[], 'mine', 'theirs']);
  const unproven = settle(record([op('one', 'mine', 5)]), [result]);
  expect(unproven.refused.map(({ code }) => code)).toEqual(['VERDICT_WITHOUT_PROOF']);
  const older = settle(record([op('one', 'mine', 5)]), [result], { winners: new Map([[result, theirs('older', 2)]]) });
  expect(older.refused.map(({ code }) => code)).toEqual(['VERDICT_WITHOUT_PROOF']);
  const rejected = settle(record([op('one', 'mine', 5)]), [{ op: 'one', status: 'rejected', code: 'READ_ONLY', seq: 0 }]);
  expect([rejected.state.pending, rejected.refused.map(({ code }) => code)]).toEqual([[], ['READ_ONLY']]);
});

test.each(['deleted', 'rejected', 'clock', 'epoch', 'held'] as const)(
  'invariant 3: `%s` changes nothing unless it answers the latest push',
  (status) => {
    const before = record([op('one', 'mine', 5)]);
    const { state, wires, losses, refused } = settle(before, [{ op: 'one', status, seq: 0 }], { isLatest: false });
    expect([state, wires, losses, refused]).toEqual([before.state, before.wires, [], []]);
  },
);

test('a refusal for its time makes an edit late and drops its wire form; held ones keep theirs', () => {
  const before = record([op('one', 'mine', 5), op('two', 'again', 6)]);
  const { state, wires, measure } = settle(before, [
    { op: 'one', status: 'clock', seq: 0 },
    { op: 'two', status: 'held', seq: 0 },
  ]);
  expect([state.pending.map(({ late }) => Boolean(late)), wires.map((wire) => [wire.op, wire.sent]), measure]).toEqual([
    [true, false],
    [['two', false]],
    true,
  ]);
});
