// Made by scripts/module-lists.mjs from the folders beside this file.
import type { Module, Table } from './define-module.ts';
import { notesModule } from './notes/notes.ts';
import { todoModule } from './todo/todo.ts';

/** Every module. */
export const allModules: readonly Module[] = [notesModule, todoModule];

/** Every table with its schema. */
export const allTableSchemas: readonly Table[] = allModules.flatMap((module) => Object.values(module.tables));
