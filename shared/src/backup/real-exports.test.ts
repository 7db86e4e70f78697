import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDateReader } from '#quick-add/date-reader.ts';
import type { SourceFile } from './import-draft.ts';
import { readImport } from './read-import.ts';

/** Exports of real apps lie outside the repository, for their licences; where they are missing, the files of our own cover each case. */
const fixtures = process.env['MANA_FIXTURES'] ?? join(import.meta.dir, '../../../../shared/fixtures');
const backups = join(fixtures, 'backup');
const place = {
  nowMs: Date.parse('2026-11-25T09:00:00Z'),
  timeZone: 'Europe/Berlin',
  language: 'en',
  readDates: await loadDateReader(),
} as const;

function load(...path: string[]): SourceFile {
  const bytes = new Uint8Array(readFileSync(join(backups, ...path)));
  return { path: path.join('/'), sizeBytes: bytes.length, bytes: () => Promise.resolve(bytes) };
}

const folder = (name: string) =>
  readdirSync(join(backups, name))
    .toSorted()
    .map((file) => load(name, file));

async function read(...files: SourceFile[]) {
  const draft = await readImport(files, { place });
  if (!draft.ok) throw new Error(JSON.stringify(draft.error));
  const titles = draft.value.entries.filter((entry) => entry.table !== 'taskLists').map((entry) => String(entry.values['title']));
  return {
    ...draft.value,
    titles,
    values: draft.value.entries.filter((entry) => entry.table !== 'taskLists').map((entry) => entry.values),
  };
}

describe.if(existsSync(backups))('a real export', () => {
  test('of a whole Todoist project has its levels, labels, dates and attachments', async () => {
    const { entries, titles, values, refused } = await read(load('todoist', 'full-todoist-project.csv'));
    expect(titles).toEqual([
      'unclickable task',
      'clickable subtask, scheduled',
      'another subtask with a note',
      'task level one',
      'task level two',
      'task level three',
      'task level four',
      'task with various attachments',
    ]);
    expect(entries.slice(1).map((entry) => entry.parent?.at(-1))).toEqual([
      undefined,
      '* unclickable task',
      '* unclickable task',
      undefined,
      'task level one',
      'task level two',
      'task level three',
      undefined,
    ]);
    expect(values[1]).toMatchObject({ tags: ['30min', 'munich'], dueDate: '2027-01-04', priority: 2 });
    expect(values[2]?.['notes']).toBe('one note for the subtask\n\nanother comment for the same sub task');
    expect(String(values[7]?.['notes']).match(/\]\(https:/g)).toHaveLength(3);
    expect(refused).toEqual([]);
  });

  test('of a small Todoist project says that "in 5 days" counts from today', async () => {
    const { titles, values, warnings } = await read(load('todoist', 'basic-test.csv'));
    expect(titles).toEqual([
      'test project task with deadline and all the other stuff',
      'test project subtask',
      'test project alternate task',
    ]);
    expect(values[0]).toMatchObject({ priority: 3, tags: ['errands'], dueDate: '2026-11-30' });
    expect(warnings).toMatchObject([{ code: 'DATE_COUNTED_FROM_TODAY', line: 2 }]);
  });

  test('with quotes, commas and emoji keeps them', async () => {
    expect((await read(load('todoist', 'unicode-and-quotes.csv'))).titles).toEqual([
      'this is über-nice',
      '😎🍉↗︎↴⥺',
      'actually, what happens to a “comma"?',
    ]);
  });

  test('of several Todoist projects in a zip has a list for each', async () => {
    const { entries, refused } = await read(load('todoist', 'zip-test.zip'));
    expect(entries.filter((entry) => entry.table === 'taskLists')).toHaveLength(5);
    expect(entries.filter((entry) => entry.table === 'tasks').length).toBeGreaterThan(14);
    expect(refused).toEqual([]);
  });

  test('of an Obsidian folder has its notes and leaves canvas and empty file with a word', async () => {
    const { titles, values, warnings, refused } = await read(...folder('obsidian'));
    expect(titles.toSorted()).toEqual(['2023-editoed', 'I am here.', 'Nevermind', 'obsidian']);
    expect(values.find((note) => note['title'] === 'obsidian')?.['tags']).toEqual(['ppm', 'servicenow']);
    expect(String(values.find((note) => note['title'] === '2023-editoed')?.['body'])).toContain('[[I am here.|jvkdjkvbsd]]');
    expect(warnings.map((warning) => warning.code).toSorted()).toEqual(['CANVAS_LEFT_OUT', 'EMPTY_FILE']);
    expect(refused).toEqual([]);
  });

  test('of Markdown files has front matter as fields, and a rule that is none as text', async () => {
    const { titles, entries, values, warnings } = await read(...folder('markdown'));
    expect(titles).toEqual(['accented_name', 'A beautiful morning', 'test2']);
    expect(entries[1]).toMatchObject({ createdAt: '2013-06-06T09:00:00.001Z', values: { tags: ['wonderful', 'journal'], pinned: true } });
    expect(String(values[1]?.['body'])).toStartWith('---\nfavorite: true\n---\n\n# An h1 header');
    expect(String(values[2]?.['body'])).toStartWith('---\n__Advertisement');
    expect(warnings.map((warning) => warning.code)).toEqual(['FRONT_MATTER_KEPT_AS_TEXT']);
  });

  test('of another app in a form that is not read yet is refused by name', async () => {
    for (const path of [
      ['joplin', 'export.jex'],
      ['evernote', 'First Notebook.enex'],
      ['contacts', 'vcard4.vcf'],
    ] as const) {
      expect(await readImport([load(...path)], { place })).toEqual({ ok: false, error: { code: 'UNSUPPORTED_FILE', file: path[1] } });
    }
  });
});
