import { compareNotes, newNote, noteTitle, type Note } from '@mana/shared/modules/notes/note-rules';
import { notes } from '@mana/shared/modules/notes/notes';
import type { OpenRecord } from '@mana/shared/store/store';
import { m } from '#messages';
import type { App } from '#shell/app.svelte.ts';
import { createSelection } from '#ui/selection.svelte.ts';
import { followOrder, followTable } from '#shell/table-view.svelte.ts';

/** A note as screens read it. */
export type NoteRecord = OpenRecord<Note>;

/** What the screens of notes read and do. */
export function createNotes(app: App) {
  const view = followTable(app.store.table(notes));
  const order = followOrder(app.store.table(notes), compareNotes);
  const nameOf = (note: NoteRecord): string => noteTitle(note.values) || m.notes_untitled();

  return {
    nameOf,
    selection: createSelection(),
    /** All notes, pinned first, then the one that was changed last. */
    sorted: order.rows,
    get: view.get,
    get complete(): boolean {
      return order.complete;
    },
    /** Makes a note and gives its id; undefined when it could not be written. */
    add: async (known: Partial<Note> = {}): Promise<string | undefined> => {
      const written = await app.store.write([{ kind: 'put', table: 'notes', values: newNote(known) }]);
      return written.ok ? written.value.recordIds[0] : undefined;
    },
    patch: (id: string, values: Partial<Note>) => app.change([{ kind: 'patch', table: 'notes', id, values }]),
    pin: (note: NoteRecord) =>
      app.change([{ kind: 'patch', table: 'notes', id: note.id, values: { pinned: !note.values.pinned } }], {
        done: note.values.pinned ? m.notes_unpinned({ title: nameOf(note) }) : m.notes_pinned({ title: nameOf(note) }),
      }),
    remove: (note: NoteRecord) =>
      app.change([{ kind: 'remove', table: 'notes', id: note.id }], { done: m.notes_deleted({ title: nameOf(note) }) }),
    /** Deletes notes as one step. */
    removeAll: (ids: readonly string[]) =>
      app.change(
        ids.map((id) => ({ kind: 'remove', table: 'notes', id }) as const),
        { done: m.selection_deleted({ count: ids.length }) },
      ),
    /** Takes a note away that nobody wrote anything into. */
    dropEmpty: async (id: string): Promise<void> => {
      const note = view.get(id);
      if (note && noteTitle(note.values) === '' && note.values.tags.length === 0)
        await app.store.write([{ kind: 'remove', table: 'notes', id }]);
    },
  };
}

/** What the screens of notes read and do. */
export type Notes = ReturnType<typeof createNotes>;
