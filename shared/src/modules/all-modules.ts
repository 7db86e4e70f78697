// Made by scripts/module-lists.mjs from the folders beside this file.
import type { Module, Table } from './define-module.ts';
import { arrangementModule } from './arrangement/arrangement.ts';
import { completenessModule } from './completeness/completeness.ts';
import { kontextModule } from './kontext/kontext.ts';
import { notesModule } from './notes/notes.ts';
import { profileModule } from './profile/profile.ts';
import { spacesModule } from './spaces/spaces.ts';
import { todoModule } from './todo/todo.ts';

/** Every module. */
export const allModules: readonly Module[] = [
  arrangementModule,
  completenessModule,
  kontextModule,
  notesModule,
  profileModule,
  spacesModule,
  todoModule,
];

/** Every table with its schema. */
export const allTableSchemas: readonly Table[] = allModules.flatMap((module) => Object.values(module.tables));
