import { describe, expect, test } from 'bun:test';
import { strToU8, zipSync } from 'fflate';
import { loadDateReader } from '#quick-add/date-reader.ts';
import { MAX_NOTE_BYTES, type SourceFile } from './import-draft.ts';
import { readImport } from './read-import.ts';

const readDates = await loadDateReader();
const place = { nowMs: Date.parse('2026-11-25T09:00:00Z'), timeZone: 'Europe/Berlin', language: 'en', readDates } as const;

const file = (path: string, content: string | Uint8Array): SourceFile => {
  const bytes = typeof content === 'string' ? strToU8(content) : content;
  return { path, sizeBytes: bytes.length, bytes: () => Promise.resolve(bytes) };
};

const header = 'TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE';
const csv = (...rows: string[]) => `\uFEFF${[header, ...rows].join('\r\n')}`;

async function read(...files: SourceFile[]) {
  const draft = await readImport(files, { place });
  if (!draft.ok) throw new Error(JSON.stringify(draft.error));
  return draft.value;
}

async function refusal(...files: SourceFile[]) {
  const draft = await readImport(files, { place });
  return draft.ok ? 'imported' : draft.error;
}

describe('a Todoist CSV', () => {
  test('gives a list, its tasks under each other, and sections as lists', async () => {
    const { entries } = await read(
      file(
        'Haus [2203306141].csv',
        csv('task,Eins,,4,1,,,,,', 'task,Zwei,,1,2,,,,,', 'task,Drei,,2,1,,,,,', 'section,Keller,,,,,,,,', 'task,Vier,,3,1,,,,,'),
      ),
    );
    expect(entries.filter((entry) => entry.table === 'taskLists').map((entry) => entry.values['name'])).toEqual(['Haus', 'Haus: Keller']);
    const tasks = entries.filter((entry) => entry.table === 'tasks');
    expect(tasks.map(({ values }) => [values['title'], values['priority']])).toEqual([
      ['Eins', 0],
      ['Zwei', 3],
      ['Drei', 2],
      ['Vier', 1],
    ]);
    expect(tasks.map((task) => task.parent?.at(-1))).toEqual([undefined, 'Eins', undefined, undefined]);
    expect(tasks[3]?.list).toEqual(['todoist', 'Haus', 'Keller']);
  });

  test('has labels as tags, dates as days, comments and descriptions as notes', async () => {
    const { entries, warnings } = await read(
      file(
        'P.csv',
        csv(
          'task,Anrufen @telefon @2026/q1,Nummer im Heft,4,1,,,4 Jan,en,',
          'note,"Erste Zeile\nzweite Zeile",,,,,,,,',
          'task,Gießen,,4,1,,,every day,en,',
          'task,Morgen,,4,1,,,übermorgen um 9,de,',
        ),
      ),
    );
    const [call, water, later] = entries.filter((entry) => entry.table === 'tasks').map(({ values }) => values);
    expect(call).toMatchObject({
      title: 'Anrufen',
      tags: ['telefon', '2026/q1'],
      dueDate: '2027-01-04',
      notes: 'Nummer im Heft\n\nErste Zeile\nzweite Zeile',
    });
    expect(water).toMatchObject({ dueDate: null, notes: 'Todoist: every day' });
    expect(later).toMatchObject({ dueDate: '2026-11-27', dueTime: '09:00' });
    expect(warnings).toMatchObject([
      { code: 'DATE_KEPT_AS_TEXT', line: 5 },
      { code: 'DATE_COUNTED_FROM_TODAY', line: 6 },
    ]);
  });

  test('has attachments as links, and only to the web', async () => {
    const row = (url: string) => `note,"Siehe [[file {""file_name"":""a [b].png"",""file_url"":""${url}""}]]",,,,,,,,`;
    const { entries } = await read(
      file('P.csv', csv('task,A,,4,1,,,,,', row('https:\\/\\/files.example\\/a (1).png'), 'task,B,,4,1,,,,,', row('javascript:alert(1)'))),
    );
    const [a, b] = entries.filter((entry) => entry.table === 'tasks').map(({ values }) => String(values['notes']));
    expect(a).toBe('Siehe [a b.png](https://files.example/a %281%29.png)');
    expect(b).not.toContain('](javascript');
  });

  test('keeps the key of a task when rows move, and gives twins different ones', async () => {
    const keys = async (...rows: string[]) =>
      (await read(file('P.csv', csv(...rows)))).entries.filter((entry) => entry.table === 'tasks').map((entry) => entry.key.join('/'));
    expect(await keys('task,A,,4,1,,,,,', 'task,B,,4,1,,,,,', 'task,A,,4,1,,,,,')).toEqual(['todoist/P/A', 'todoist/P/B', 'todoist/P/A/1']);
    expect((await keys('task,B,,4,1,,,,,', 'task,A,,4,1,,,,,')).toSorted()).toEqual(['todoist/P/A', 'todoist/P/B']);
  });

  test('says which rows it could not use', async () => {
    const { warnings } = await read(file('P.csv', csv('note,verwaist,,,,,,,,', 'task,,,4,1,,,,,', 'task,A,,4,1,,,,,')));
    expect(warnings).toEqual([
      { code: 'COMMENT_WITHOUT_TASK', file: 'P.csv', line: 2, detail: 'verwaist' },
      { code: 'ROW_WITHOUT_TEXT', file: 'P.csv', line: 3, detail: 'task' },
    ]);
  });
});

describe('a Markdown file', () => {
  const noteOf = async (text: string, path = 'Notiz.md') => (await read(file(path, text))).entries[0];

  test('has its title from the front matter, its first heading or its name', async () => {
    expect((await noteOf('---\ntitle: Oben\n---\n# Darunter'))?.values['title']).toBe('Oben');
    expect((await noteOf('\n# **Darunter** #\n\nText'))?.values).toMatchObject({ title: 'Darunter', body: 'Text' });
    expect((await noteOf('Text\n# Später'))?.values).toMatchObject({ title: 'Notiz', body: 'Text\n# Später' });
    expect((await noteOf('Text', 'Tu es ne\u0301.md'))?.values['title']).toBe('Tu es né');
  });

  test('has tags from the front matter, the text and its folder', async () => {
    const note = await readImport(
      [file('V/a.md', 'x'), file('V/Reisen 2026/Rom.md', '---\ntags: [Italien, "#Essen"]\n---\nPizza #rom\n```\n#nicht\n```')],
      { place },
    );
    expect(note.ok && note.value.entries[1]?.values['tags']).toEqual(['italien', 'essen', 'rom', 'reisen-2026']);
    expect((await noteOf('---\ntags: eins, zwei drei\npinned: true\n---\nx'))?.values).toMatchObject({
      tags: ['eins', 'zwei', 'drei'],
      pinned: true,
    });
  });

  test('keeps wiki links, and front matter that has no field here', async () => {
    expect(await noteOf('---\naliases: [Rom]\ncssclasses:\ncreated: 2024-05-01\n---\nsiehe [[Italien|dort]]')).toMatchObject({
      createdAt: '2024-05-01T00:00:00.000Z',
      values: { body: '---\naliases:\n  - Rom\n---\n\nsiehe [[Italien|dort]]' },
    });
  });

  test('that begins with a rule and no front matter is kept whole', async () => {
    const text = '---\n__fett__: [offen\n---\n\nText';
    const { entries, warnings } = await read(file('a.md', text));
    expect(entries[0]?.values['body']).toBe(text);
    expect(warnings).toEqual([{ code: 'FRONT_MATTER_KEPT_AS_TEXT', file: 'a.md', line: 1 }]);
  });

  test('in a folder leaves canvases, pictures and system files behind, with a word where it matters', async () => {
    const { entries, warnings, refused } = await read(
      file('V/a.md', 'Text'),
      file('V/b.canvas', '{}'),
      file('V/c.png', 'x'),
      file('V/.obsidian/app.json', '{}'),
      file('V/leer.md', ' \n'),
      file('V/kaputt.md', new Uint8Array([0x61, 0, 1, 2])),
    );
    expect(entries).toHaveLength(1);
    expect(warnings.map((warning) => warning.code)).toEqual(['CANVAS_LEFT_OUT', 'ATTACHMENT_LEFT_OUT', 'EMPTY_FILE']);
    expect(refused).toEqual([{ code: 'NOT_TEXT', file: 'kaputt.md' }]);
  });
});

describe('a file that cannot be imported', () => {
  test('is refused by name, and nothing is read of one that is too large', async () => {
    const huge: SourceFile = { path: 'roman.md', sizeBytes: 50 * 1024 * 1024, bytes: () => Promise.reject(new Error('read')) };
    expect(await refusal(huge)).toEqual({ code: 'FILE_TOO_LARGE', file: 'roman.md' });
    expect(await refusal(file('tabelle.csv', 'Name;Preis\nMilch;1'))).toEqual({ code: 'NOT_A_TODOIST_CSV', file: 'tabelle.csv' });
    expect(await refusal(file('leer.csv', ''))).toEqual({ code: 'NOT_A_TODOIST_CSV', file: 'leer.csv' });
    expect(await refusal(file('bild.md', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0])))).toEqual({ code: 'NOT_TEXT', file: 'bild.md' });
    expect(await refusal(file('liste.csv', new Uint8Array([0xe4, 0xf6, 0x2c])))).toEqual({ code: 'NOT_TEXT', file: 'liste.csv' });
    expect(await refusal(file('a.zip', 'kein zip'))).toEqual({ code: 'DAMAGED_ZIP', file: 'a.zip' });
    expect(await refusal(file('a.exe', 'MZ'))).toEqual({ code: 'UNSUPPORTED_FILE', file: 'a.exe' });
    expect(await refusal({ path: 'weg.md', sizeBytes: 3, bytes: () => Promise.reject(new Error('gone')) })).toEqual({
      code: 'UNREADABLE_FILE',
      file: 'weg.md',
    });
    expect(await refusal(file('bild.png', 'x'))).toEqual({ code: 'NOTHING_TO_IMPORT', file: 'bild.png' });
    expect(await refusal()).toEqual({ code: 'NOTHING_TO_IMPORT', file: '' });
  });

  test('lets the largest note that fits pass', async () => {
    expect((await read(file('a.md', 'a'.repeat(MAX_NOTE_BYTES)))).entries).toHaveLength(1);
  });
});

describe('a zip', () => {
  test('gives the tasks of every project in it', async () => {
    const zip = zipSync({
      'export/A.csv': strToU8(csv('task,Eins,,4,1,,,,,')),
      'export/B.csv': strToU8(csv('task,Zwei,,4,1,,,,,')),
      '__MACOSX/._A.csv': strToU8('x'),
    });
    const { entries, refused } = await read(file('backup.zip', zip));
    expect(entries.map((entry) => entry.values['name'] ?? entry.values['title'])).toEqual(['A', 'Eins', 'B', 'Zwei']);
    expect(refused).toEqual([]);
  });

  test('of notes is read without unpacking its pictures', async () => {
    const zip = zipSync({ 'V/a.md': strToU8('Text'), 'V/b.png': new Uint8Array(2_000) });
    const { entries, warnings } = await read(file('vault.zip', zip));
    expect(entries).toHaveLength(1);
    expect(warnings).toEqual([{ code: 'ATTACHMENT_LEFT_OUT', file: 'b.png' }]);
  });

  test('that lies about what is inside is refused', async () => {
    const zip = zipSync({ 'A.csv': strToU8(csv('task,Eins,,4,1,,,,,')) });
    for (let cut = 30; cut < zip.length; cut += 37)
      expect(['imported', 'DAMAGED_ZIP', 'NOTHING_TO_IMPORT', 'NOT_A_TODOIST_CSV', 'NOT_TEXT']).toContain(
        await refusal(file('a.zip', zip.slice(0, cut))).then((answer) => (typeof answer === 'string' ? answer : answer.code)),
      );
  });
});

test('reading stops when it is cancelled, and says how far it is', async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const progress = (done: number) => {
    seen.push(done);
    if (done === 1) controller.abort();
    return Promise.resolve();
  };
  const draft = await readImport([file('a.md', 'x'), file('b.md', 'y'), file('c.md', 'z')], { place, progress, signal: controller.signal });
  expect(draft).toEqual({ ok: false, error: { code: 'CANCELLED', file: 'b.md' } });
  expect(seen).toEqual([0, 1]);
});
