// Made by scripts/module-lists.mjs from the folders beside this file.
import type { TableDeclaration } from './define-tables.ts';
import { arrangementTables } from './arrangement/tables.ts';
import { completenessTables } from './completeness/tables.ts';
import { kontextTables } from './kontext/tables.ts';
import { notesTables } from './notes/tables.ts';
import { profileTables } from './profile/tables.ts';
import { spacesTables } from './spaces/tables.ts';
import { todoTables } from './todo/tables.ts';

/** Every table by name: what the server may know. */
export const allTables: Readonly<Record<string, TableDeclaration>> = {
  ...arrangementTables,
  ...completenessTables,
  ...kontextTables,
  ...notesTables,
  ...profileTables,
  ...spacesTables,
  ...todoTables,
};
