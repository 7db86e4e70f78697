import type { ValuesOf } from '../define-module.ts';
import type { notes } from './notes.ts';

/** Values of a note. */
export type Note = ValuesOf<typeof notes>;

/** A note with its id and times, as lists sort it. */
export interface ListedNote {
  readonly id: string;
  readonly updatedAt: string;
  readonly values: Readonly<Note>;
}

/** Longest excerpt in a list, in characters: two lines on a phone. */
const maxExcerptLength = 160;
/** How much of a body is looked at for title and excerpt, in characters: lists must not read whole books. */
const readLength = 2_000;

/** Values of a new note from what is known. */
export const newNote = (known: Partial<Note> = {}): Note => ({ title: '', body: '', tags: [], pinned: false, ...known });

/** One line of Markdown as plain text: without the signs for headings, lists, quotes, emphasis, links and images. */
export const plainLine = (line: string): string =>
  line
    .replace(/^\s{0,12}(?:#{1,6}\s+|>\s?|[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,9}[.)]\s+)+/u, '')
    .replaceAll(/!?\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/gu, '$1')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replaceAll(/(\*\*|__|~~|`)/gu, '')
    .replaceAll(/(?<![\p{L}\p{N}])[*_](\S[^*_]*)[*_](?![\p{L}\p{N}])/gu, '$1')
    .trim();

const isRule = (line: string): boolean => /^\s*(?:-{3,}|\*{3,}|_{3,}|`{3,}.*|~{3,}.*)\s*$/u.test(line);

const readableLines = (body: string): readonly string[] =>
  body
    .slice(0, readLength)
    .split('\n')
    .filter((line) => !isRule(line))
    .map(plainLine)
    .filter((line) => line !== '');

/** What a note is called: its title, else the first line of its body, else nothing. */
export const noteTitle = (note: Pick<Note, 'title' | 'body'>): string =>
  note.title.trim() || (readableLines(note.body)[0] ?? '').slice(0, maxExcerptLength);

/** The beginning of a note's body as plain text, without the line that already is its title. */
export function noteExcerpt(note: Pick<Note, 'title' | 'body'>): string {
  const lines = readableLines(note.body);
  const title = note.title.trim();
  const rest = title === '' || lines[0] === title ? lines.slice(1) : lines;
  const text = rest.join(' ');
  return text.length <= maxExcerptLength ? text : `${text.slice(0, maxExcerptLength).trimEnd()}…`;
}

/** Words with a sharp in a Markdown text (`#garten`), lower case, each once; headings and code are none. */
export function tagsInBody(body: string): readonly string[] {
  const prose = body.replaceAll(/^(```|~~~)[\s\S]*?^\1/gmu, '').replaceAll(/`[^`\n]*`/gu, '');
  const found = prose.matchAll(/(?<=^|\s)#(?=[\p{N}_/-]*\p{L})([\p{L}\p{N}_][\p{L}\p{N}\p{M}_/-]*)/gmu);
  return [...new Set([...found].map((match) => (match[1] ?? '').normalize('NFC').toLowerCase()))];
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Pinned first, then the one that was changed last, then by id. */
export const compareNotes = (a: ListedNote, b: ListedNote): number =>
  Number(b.values.pinned) - Number(a.values.pinned) || compareText(b.updatedAt, a.updatedAt) || compareText(a.id, b.id);
