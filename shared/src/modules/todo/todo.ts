import { defineModule, defineTable } from '../define-module.ts';
import { day, integer, optional, reference, text, texts, timeOfDay, title } from '../field-kinds.ts';
import { todoTables } from './tables.ts';

/** Longest title of a task, in characters: one line that a person can still read. */
export const MAX_TITLE_LENGTH = 500;
/** Tasks: what a person wants to do. */
export const tasks = defineTable({
  name: 'tasks',
  declaration: todoTables.tasks,
  fields: {
    title: title(MAX_TITLE_LENGTH),
    notes: text(),
    dueDate: optional(day),
    /** Only with a due date. */
    dueTime: optional(timeOfDay),
    /** ISO time at which it was ticked off, or null. */
    completedAt: optional(text()),
    /** 0 none, 1 low, 2 medium, 3 high. */
    priority: integer({ min: 0, max: 3 }),
    /** Lower-case words without `#`. */
    tags: texts,
    /** Where it happens, as typed behind `@`; empty for nowhere. */
    place: text(),
    listId: optional(reference),
    parentId: optional(reference),
    /** Fractional index. */
    order: text(),
  },
  defaults: {
    notes: '',
    dueDate: null,
    dueTime: null,
    completedAt: null,
    priority: 0,
    tags: [],
    place: '',
    listId: null,
    parentId: null,
    order: 'a0',
  },
  searchable: ['title', 'tags', 'notes', 'place'],
});

/** Lists that group tasks. */
export const taskLists = defineTable({
  name: 'taskLists',
  declaration: todoTables.taskLists,
  fields: { name: title(MAX_TITLE_LENGTH), order: text() },
  defaults: { order: 'a0' },
  searchable: ['name'],
});

/** The module `todo`. */
export const todoModule = defineModule({ name: 'todo', tables: { tasks, taskLists }, backupLabel: 'todo' });
