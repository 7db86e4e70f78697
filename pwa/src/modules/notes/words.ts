import { noteTitle, type Note } from '@mana/shared/modules/notes/note-rules';
import { m } from '#messages';
import type { ModuleWords } from '#shell/module.ts';

const fields: Readonly<Record<string, () => string>> = {
  title: m.notes_field_title,
  body: m.notes_field_body,
  tags: m.notes_field_tags,
  pinned: m.notes_field_pinned,
};

export const moduleWords: ModuleWords = {
  name: 'notes',
  shown(record) {
    if (record.table !== 'notes') return undefined;
    const note = record.values as Note;
    return { path: `notes/${record.id}`, kind: m.notes_kind(), title: noteTitle(note) || m.notes_untitled(), text: note.body };
  },
  fieldName: (table, field) => (table === 'notes' ? fields[field]?.() : undefined),
};
