import { defineModule, defineTable } from '../define-module.ts';
import { text } from '../field-kinds.ts';
import { profileTables } from './tables.ts';

/** Longest name by which a person wants to be called, in characters. */
export const MAX_CALL_NAME_LENGTH = 80;

/** What the assistant may know about the person: the one record of an account. */
export const userContext = defineTable({
  name: 'userContext',
  declaration: profileTables.userContext,
  fields: {
    /** How the person wants to be called; empty for the account's name. */
    callName: text({ max: MAX_CALL_NAME_LENGTH }),
    /** Who the person is: work, people, places, what matters. */
    about: text(),
    /** What keeps the person busy these weeks. */
    current: text(),
    /** How answers are wanted: length, tone, language. */
    answers: text(),
    /** What answers leave out. */
    avoid: text(),
  },
  defaults: { callName: '', about: '', current: '', answers: '', avoid: '' },
  searchable: ['about', 'current', 'answers', 'avoid', 'callName'],
});

/** The module `profile`. */
export const profileModule = defineModule({ name: 'profile', tables: { userContext }, backupLabel: 'profile' });
