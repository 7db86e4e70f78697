import { expect, test } from 'bun:test';
import { identiconCells } from './identicon.ts';

test('a drawing is the same every time, mirrored, and rarely another one’s', () => {
  const drawings = new Set<string>();
  for (let count = 0; count < 200; count++) {
    const cells = identiconCells(`account-${count}`);
    expect(cells).toEqual(identiconCells(`account-${count}`));
    const filled = new Set(cells.map(([column, row]) => `${column},${row}`));
    for (const [column, row] of cells) expect(filled.has(`${4 - column},${row}`)).toBe(true);
    drawings.add([...filled].toSorted().join(' '));
  }
  expect(drawings.size).toBeGreaterThan(190);
});
