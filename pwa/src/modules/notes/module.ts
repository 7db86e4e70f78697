import NotebookPen from '@lucide/icons/icons/notebook-pen';
import { noteTitle, type Note } from '@mana/shared/modules/notes/note-rules';
import { m } from '#messages';
import type { AppModule } from '#shell/module.ts';

const fields: Readonly<Record<string, () => string>> = {
  title: m.notes_field_title,
  body: m.notes_field_body,
  tags: m.notes_field_tags,
  pinned: m.notes_field_pinned,
};

export const appModule: AppModule = {
  name: 'notes',
  position: 2,
  label: m.notes_title,
  icon: NotebookPen,
  path: 'notes',
  key: 'o',
  screen: () => import('./NotesPage.svelte'),
  recordScreen: () => import('./NotePage.svelte'),
  homeCard: () => import('./RecentNotesCard.svelte'),
  search(record) {
    if (record.table !== 'notes') return undefined;
    const note = record.values as Note;
    return { path: `notes/${record.id}`, kind: m.notes_kind(), title: noteTitle(note) || m.notes_untitled(), text: note.body };
  },
  fieldName: (table, field) => (table === 'notes' ? fields[field]?.() : undefined),
};
