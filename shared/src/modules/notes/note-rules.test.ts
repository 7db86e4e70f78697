import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { compareNotes, newNote, noteExcerpt, noteTitle, plainLine, tagsInBody } from './note-rules.ts';

describe('a note without a title', () => {
  test('is called by its first line, without Markdown', () => {
    expect(noteTitle(newNote({ body: '\n# **Einkauf** für [Oma](https://a.example)\nMilch' }))).toBe('Einkauf für Oma');
    expect(noteTitle(newNote({ body: '---\n- [ ] Milch' }))).toBe('Milch');
    expect(noteTitle(newNote())).toBe('');
  });
  test('does not repeat that line in its excerpt', () => {
    expect(noteExcerpt(newNote({ body: '# Einkauf\n\nMilch\n- Brot' }))).toBe('Milch Brot');
  });
});

test('a title wins over the first line', () => {
  const note = newNote({ title: 'Liste', body: 'Milch\nBrot' });
  expect([noteTitle(note), noteExcerpt(note)]).toEqual(['Liste', 'Milch Brot']);
});

test('Markdown signs leave a line, other signs stay', () => {
  expect(plainLine('> 1. **fett** und _kursiv_ und `code`')).toBe('fett und kursiv und code');
  expect(plainLine('snake_case_name 2*3*4')).toBe('snake_case_name 2*3*4');
  expect(plainLine('siehe [[Notiz|das hier]] und ![[bild.jpg]]')).toBe('siehe das hier und bild.jpg');
});

test('title and excerpt exist for any text, and stay short', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (body) => {
      expect(noteTitle(newNote({ body })).length).toBeLessThanOrEqual(160);
      expect(noteExcerpt(newNote({ body })).length).toBeLessThanOrEqual(161);
    }),
  );
});

test('tags are words with a sharp outside of headings and code', () => {
  expect(tagsInBody('# Titel\n#Garten und #garten, #2026 #a/b\n`#no`\n```\n#code\n```\nx#y')).toEqual(['garten', 'a/b']);
});

test('pinned notes come first, then the newest', () => {
  const listed = (id: string, updatedAt: string, pinned = false) => ({ id, updatedAt, values: newNote({ pinned }) });
  const all = [listed('1', '2026-01-01'), listed('2', '2026-01-03'), listed('3', '2026-01-02', true)];
  expect(all.toSorted(compareNotes).map((note) => note.id)).toEqual(['3', '2', '1']);
});

test('a note is equal to itself in the order, so that a list finds it again, and to no other', () => {
  const note = { id: 'a', updatedAt: '1', values: newNote() };
  expect([compareNotes(note, note), compareNotes(note, { ...note, id: 'b' }), compareNotes({ ...note, id: 'b' }, note)]).toEqual([
    0, -1, 1,
  ]);
});
