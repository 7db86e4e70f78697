import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { orderBetween, reorder } from './task-order.ts';
import { newTask, type ListedTask, type Task } from './task-rules.ts';

const listed = (id: string, known: Partial<Task> = {}): ListedTask => ({
  id,
  createdAt: `2026-01-01T00:00:00.${id.padStart(3, '0')}Z`,
  values: newTask({ title: id, ...known }),
});

describe('the order by hand', () => {
  test('lies between its neighbours (invariants 1 and 2)', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (places) => {
        const orders: string[] = [];
        for (const place of places) {
          const at = place % (orders.length + 1);
          orders.splice(at, 0, orderBetween(orders[at - 1], orders[at]));
        }
        expect(orders).toEqual([...orders].sort());
        expect(new Set(orders).size).toBe(orders.length);
      }),
    );
  });
  test('survives neighbours that are equal or no orders', () => {
    expect(orderBetween('a0', 'a0') > 'a0').toBe(true);
    expect(orderBetween('not an order', undefined)).toBe('a0');
  });
  test('of one moved task is the only one to change', () => {
    const all = [listed('1', { order: 'a0' }), listed('2', { order: 'a1' }), listed('3', { order: 'a2' })];
    const changes = reorder(all, 2, 1);
    expect(changes).toHaveLength(1);
    expect(changes[0]?.order !== undefined && changes[0].order > 'a0' && changes[0].order < 'a1').toBe(true);
    expect(reorder(all, 1, 1)).toEqual([]);
    expect(reorder(all, 0, 3)).toEqual([]);
  });
  test('is given anew to all where neighbours share one', () => {
    const all = ['1', '2', '3'].map((id) => listed(id));
    const changes = reorder(all, 0, 1);
    expect(changes.map((change) => change.id).join('')).toBe('213');
    expect(changes.map((change) => change.order)).toEqual(changes.map((change) => change.order).toSorted());
  });
});
