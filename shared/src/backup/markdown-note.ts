import { parseDocument, stringify } from 'yaml';
import { newNote, plainLine, tagsInBody } from '#modules/notes/note-rules.ts';
import type { DraftEntry, ImportNotice, WarningCode } from './import-draft.ts';
import { nameOf } from './source-text.ts';

const frontMatterPattern = /^---[ \t]*\n(?:([\s\S]*?)\n)?---[ \t]*(?:\n|$)/u;
const maxTitleLength = 500; // as the table of notes has it

type FrontMatter = Readonly<Record<string, unknown>>;

interface Split {
  readonly front: FrontMatter;
  readonly body: string;
  /** Whether the file begins with a block that looks like front matter and is none. */
  readonly unreadable: boolean;
}

function splitFrontMatter(text: string): Split {
  const match = frontMatterPattern.exec(text);
  if (!match) return { front: {}, body: text, unreadable: false };
  const document = parseDocument(match[1] ?? '', { schema: 'core', maxAliasCount: 10 } as object);
  if (document.errors.length > 0) return { front: {}, body: text, unreadable: true };
  const front: unknown = document.toJS({ maxAliasCount: 10 });
  if (front !== null && (typeof front !== 'object' || Array.isArray(front))) return { front: {}, body: text, unreadable: true };
  return { front: (front ?? {}) as FrontMatter, body: text.slice(match[0].length), unreadable: false };
}

const asTag = (text: string): string => text.normalize('NFC').trim().replace(/^#/u, '').replaceAll(/\s+/gu, '-').toLowerCase();

function tagsOf(value: unknown): readonly string[] {
  const words = typeof value === 'string' ? value.split(/[,\s]+/u) : Array.isArray(value) ? value : [];
  return words.filter((word) => typeof word === 'string' || typeof word === 'number').map((word) => asTag(String(word)));
}

/** ISO time of a date in front matter; a day without a time is its midnight in UTC. */
function timeOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && !(value instanceof Date)) return undefined;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) || at.getTime() < 0 || at.getUTCFullYear() > 9999 ? undefined : at.toISOString();
}

const first = <Value>(front: FrontMatter, names: readonly string[], read: (value: unknown) => Value | undefined): Value | undefined =>
  names.map((name) => read(front[name])).find((value) => value !== undefined);

const isTrue = (value: unknown): boolean => value === true || value === 'true';
const filledText = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : typeof value === 'number' ? String(value) : undefined;

const understood = new Set([
  'title',
  'tags',
  'tag',
  'keywords',
  'pinned',
  'created',
  'created_at',
  'createdAt',
  'date',
  'updated',
  'updated_at',
  'updatedAt',
  'modified',
]);

/** Keys of the front matter that notes have no field for stay at the top of the text. */
function keptFrontMatter(front: FrontMatter): string {
  const rest = Object.entries(front).filter(([name, value]) => !understood.has(name) && value !== null);
  return rest.length === 0 ? '' : `---\n${stringify(Object.fromEntries(rest))}---\n\n`;
}

/** A heading on the first line is the title and leaves the text; one further down stays where it is. */
function splitHeading(body: string): { heading?: string; rest: string } {
  const match = /^\s*#\s+(.+?)\s*#*\s*(?:\n|$)/u.exec(body);
  return match?.[1] === undefined ? { rest: body } : { heading: plainLine(match[1]), rest: body.slice(match[0].length) };
}

const trimBlankLines = (text: string): string => text.replace(/^(?:[ \t]*\n)+/u, '').trimEnd();

function folderTags(path: string): readonly string[] {
  const folder = path.normalize('NFC').split('/').slice(0, -1).map(asTag).filter(Boolean).join('/');
  return folder === '' ? [] : [folder];
}

/** A Markdown file as a note; `path` lies inside the chosen folder. Undefined when there is nothing in it. */
export function readMarkdownNote(text: string, path: string): { entry?: DraftEntry; warnings: readonly ImportNotice<WarningCode>[] } {
  if (text.trim() === '') return { warnings: [{ code: 'EMPTY_FILE', file: path }] };
  const { front, body, unreadable } = splitFrontMatter(text);
  const written = filledText(front['title']);
  const { heading, rest } = written === undefined ? splitHeading(body) : { rest: body };
  const title = (written ?? heading ?? nameOf(path)).slice(0, maxTitleLength);
  const tags = [...tagsOf(front['tags']), ...tagsOf(front['tag']), ...tagsOf(front['keywords']), ...tagsInBody(body), ...folderTags(path)];
  const createdAt = first(front, ['created_at', 'created', 'createdAt', 'date'], timeOf);
  return {
    entry: {
      table: 'notes',
      key: ['markdown', path.normalize('NFC')],
      ...(createdAt === undefined ? {} : { createdAt }),
      values: newNote({
        title,
        body: keptFrontMatter(front) + trimBlankLines(rest),
        tags: [...new Set(tags.filter((tag) => tag !== ''))],
        pinned: isTrue(front['pinned']),
      }),
    },
    warnings: unreadable ? [{ code: 'FRONT_MATTER_KEPT_AS_TEXT', file: path, line: 1 }] : [],
  };
}
