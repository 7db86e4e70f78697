import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { SortedList } from './sorted-list.ts';

interface Item {
  readonly key: number;
  readonly id: number;
}

const compare = (a: Item, b: Item): number => a.key - b.key || a.id - b.id;

/** Adds and removes of items in any order, in bursts that fill and empty chunks. */
const steps = fc.array(fc.record({ key: fc.nat(40), first: fc.nat(2_000), count: fc.nat(1_500), isAdd: fc.boolean() }), { maxLength: 12 });

test('a sorted list reads as an array that is sorted anew after each change (invariants 1 and 2)', () => {
  fc.assert(
    fc.property(steps, fc.nat(3_000), fc.nat(200), (all, from, size) => {
      const list = new SortedList<Item>(compare);
      const naive = new Map<string, Item>();
      for (const { key, first, count, isAdd } of all)
        for (let id = first; id < first + count; id += 1) {
          const item = { key: (key * id) % 41, id };
          const name = `${item.key} ${item.id}`;
          if (isAdd) list.add(item);
          else expect(list.remove(item)).toBe(naive.has(name));
          if (isAdd) naive.set(name, item);
          else naive.delete(name);
        }
      const sorted = [...naive.values()].sort(compare);
      expect([...list]).toEqual(sorted);
      expect(list.length).toBe(sorted.length);
      expect(list.slice(from, from + size)).toEqual(sorted.slice(from, from + size));
      expect(list.at(from)).toEqual(sorted[from]);
      const probe = sorted[from];
      if (probe) expect(list.indexOf(probe)).toBe(from);
      expect(list.indexOf({ key: 99, id: 0 })).toBe(-1);
    }),
    { numRuns: 60 },
  );
});

test('a change among 100,000 items compares a few dozen times (invariant 3)', () => {
  let comparisons = 0;
  const list = new SortedList<Item>((a, b) => {
    comparisons += 1;
    return compare(a, b);
  });
  for (let id = 0; id < 100_000; id += 1) list.add({ key: (id * 7_919) % 100_003, id });
  comparisons = 0;
  const item = { key: 50_000, id: -1 };
  list.add(item);
  list.remove(item);
  expect(comparisons).toBeLessThan(60);
  list.clear();
  expect([...list]).toEqual([]);
});
