import { stampMs, type Stamp } from '@mana/shared/base/hybrid-clock';
import { tombstoneOf } from '@mana/shared/wire/merge';
import type { WireField, WireFields } from '@mana/shared/wire/record';
import type { Op } from '@mana/shared/wire/sync';
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { decidePush, recordKey, type StoredRecord } from './decide-push.ts';
import { newEnvelope, stampAt } from '../testing/test-ops.ts';

const account = '0195d000-0000-7000-8000-000000000001';
const space = '0195d000-0000-7000-8000-0000000000aa';
const recordIds = ['0195d000-0000-7000-8000-000000000011', '0195d000-0000-7000-8000-000000000012'];
const nowMs = Date.parse('2026-11-25T08:00:00.000Z');
const values = Array.from({ length: 4 }, () => newEnvelope()).toSorted();

const seed = Number(process.env['MANA_TEST_SEED'] ?? Date.now() % 1_000_000);
const runs = Number(process.env['MANA_TEST_RUNS'] ?? 1_000);

interface Write {
  readonly record: number;
  readonly tick: number;
  readonly kind: 'title' | 'body' | 'both' | 'delete' | 'restore';
  readonly value: number;
}

const write: fc.Arbitrary<Write> = fc.record({
  record: fc.nat(1),
  tick: fc.nat(12),
  kind: fc.constantFrom('title', 'body', 'both', 'delete', 'restore'),
  value: fc.nat(values.length - 1),
});

const fieldAt = (tick: number, v: WireField['v']): WireField => ({
  v,
  at: stampAt(nowMs - 60_000 + tick),
  actor: `user:${account}`,
  origin: 'user',
  epoch: 1,
});

function opOfWrite({ record, tick, kind, value }: Write, index: number): Op {
  const content = fieldAt(tick, values[value] ?? null);
  const fields: Record<Write['kind'], WireFields> = {
    title: { title: content },
    body: { body: content },
    both: { title: content, body: content },
    delete: { deletedAt: fieldAt(tick, '2026-11-25T07:00:00.000Z') },
    restore: { title: content, body: content, deletedAt: fieldAt(tick, null) },
  };
  return {
    op: `0195d000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    space,
    table: 'notes',
    id: recordIds[record] ?? '',
    fields: fields[kind],
  };
}

/** A server that keeps what `decidePush` says. */
function createReplica() {
  const records = new Map<string, StoredRecord>();
  let seq = 0;
  return {
    records,
    push: (ops: readonly Op[], timeMs = nowMs) => {
      const decision = decidePush({
        ops,
        accountId: account,
        nowMs: timeMs,
        spaces: new Map([[space, { readOnly: false, epoch: 1, seq }]]),
        records,
      });
      for (const changed of decision.changed) records.set(recordKey(changed), { fields: changed.fields, seq: changed.seq });
      seq = decision.seqs.get(space) ?? seq;
      return decision;
    },
    fieldsOf: (id: string) => records.get(recordKey({ space, table: 'notes', id }))?.fields ?? {},
  };
}

/** The merge of plain writes by itself, written down again: the greatest stamp, then the greatest bytes. */
function greatest(ops: readonly Op[]): Record<string, WireFields> {
  const state: Record<string, WireFields> = {};
  for (const { id, fields } of ops) {
    const own = (state[id] ??= {});
    for (const [name, field] of Object.entries(fields)) {
      const known = own[name];
      if (!known || `${field.at} ${String(field.v)}` > `${known.at} ${String(known.v)}`) own[name] = field;
    }
  }
  return state;
}

const stateOf = (replica: ReturnType<typeof createReplica>) => Object.fromEntries(recordIds.map((id) => [id, replica.fieldsOf(id)]));
const plain = fc.array(
  write.map((each): Write => (each.kind === 'delete' || each.kind === 'restore' ? { ...each, kind: 'both' } : each)),
  { maxLength: 12 },
);

test(`writes end in the same state in any order, split into any pushes, doubled or not (seed ${seed})`, () => {
  fc.assert(
    fc.property(plain, fc.infiniteStream(fc.nat(1_000)), (writes, noise) => {
      const ops = writes.map(opOfWrite);
      const shuffled = [...ops, ...ops.slice(0, 4)]
        .map((op) => ({ op, place: noise.next().value ?? 0 }))
        .toSorted((a, b) => a.place - b.place);
      const replica = createReplica();
      for (let start = 0; start < shuffled.length; start += 3) replica.push(shuffled.slice(start, start + 3).map(({ op }) => op));
      const model = greatest(ops);
      expect(stateOf(replica)).toEqual(Object.fromEntries(recordIds.map((id) => [id, model[id] ?? {}])));
    }),
    { seed, numRuns: runs },
  );
});

test(`a stamp never goes back, a repeat changes nothing, and a deleted record comes back only whole (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.array(write, { maxLength: 16 }), (writes) => {
      const replica = createReplica();
      for (const op of writes.map(opOfWrite)) {
        const before = replica.fieldsOf(op.id);
        replica.push([op]);
        const after = replica.fieldsOf(op.id);
        for (const [name, field] of Object.entries(before)) expect((after[name]?.at ?? '') >= field.at).toBeTrue();
        if (tombstoneOf(before) && !tombstoneOf(after)) expect(Object.keys(op.fields).toSorted()).toEqual(['body', 'deletedAt', 'title']);
        expect(replica.push([op]).changed).toEqual([]);
      }
    }),
    { seed, numRuns: runs },
  );
});

test(`a push with one stamp too far ahead changes nothing and holds the order (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.array(write, { minLength: 1, maxLength: 8 }), fc.nat(7), (writes, place) => {
      const replica = createReplica();
      const ops = writes.map(opOfWrite);
      replica.push(ops.slice(0, Math.floor(ops.length / 2)));
      const ahead = ops.map((op, index) => (index === place % ops.length ? { ...op, fields: moved(op.fields, 200_000) } : op));
      const state = JSON.stringify(stateOf(replica));
      const decision = replica.push(ahead);
      expect(decision.status).toBe('clock');
      expect(JSON.stringify(stateOf(replica))).toBe(state);
      const firstHeld = decision.results.findIndex(({ status }) => status === 'held' || status === 'clock');
      expect(decision.results.slice(firstHeld).every(({ status }) => status === 'held' || status === 'clock')).toBeTrue();
    }),
    { seed, numRuns: runs },
  );
});

const moved = (fields: WireFields, ms: number): WireFields =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, { ...field, at: stampAt(stampMs(field.at) + ms) as Stamp }]));
