import { defineTables } from '../define-tables.ts';

const order = 'a fractional index: two devices that move different records agree on one order';

/** Tables of the module `todo`. */
export const todoTables = defineTables('todo', {
  tasks: { listId: 'a reference', parentId: 'a reference', order },
  taskLists: { order },
});
