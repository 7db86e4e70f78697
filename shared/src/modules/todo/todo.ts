import * as z from 'zod/mini';
import { defineModule, defineTable } from '../define-module.ts';
import { todoTables } from './tables.ts';

/** Longest title of a task, in characters: one line that a person can still read. */
export const MAX_TITLE_LENGTH = 500;
const optionalId = z.nullable(z.string().check(z.regex(/^[0-9a-f-]{36}$/)));

/** Tasks: what a person wants to do. */
export const tasks = defineTable({
  name: 'tasks',
  declaration: todoTables.tasks,
  fields: {
    title: z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_TITLE_LENGTH)),
    notes: z.string(),
    /** Local calendar day `YYYY-MM-DD`, or null. */
    dueDate: z.nullable(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))),
    /** Local time of day `HH:MM`, or null; only with a due date. */
    dueTime: z.nullable(z.string().check(z.regex(/^\d{2}:\d{2}$/))),
    /** ISO time at which it was ticked off, or null. */
    completedAt: z.nullable(z.string()),
    /** 0 none, 1 low, 2 medium, 3 high. */
    priority: z.int().check(z.minimum(0), z.maximum(3)),
    /** Lower-case words without `#`. */
    tags: z.array(z.string()),
    /** Where it happens, as typed behind `@`; empty for nowhere. */
    place: z.string(),
    listId: optionalId,
    parentId: optionalId,
    /** Fractional index. */
    order: z.string(),
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
  fields: { name: z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_TITLE_LENGTH)), order: z.string() },
  defaults: { order: 'a0' },
  searchable: ['name'],
});

/** The module `todo`. */
export const todoModule = defineModule({ name: 'todo', tables: { tasks, taskLists }, backupLabel: 'todo' });
