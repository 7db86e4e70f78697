import { allTableSchemas } from '@mana/shared/modules/all-modules';
import { isStructural } from '@mana/shared/modules/define-tables';
import type { Page } from '@playwright/test';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dumpBrowser } from '../dump-browser.ts';
import { expect, newPerson, test } from '../fixtures.ts';
import { dumpDatabase } from '../server/dump-database.ts';
import { Traffic } from '../traffic.ts';

/** What is typed into each encrypted field; a field that is missing here fails the test. */
const canaries: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  tasks: {
    title: 'Canary-task-title-kakapo',
    notes: 'Canary-task-notes-takahe',
    dueDate: '2043-07-19',
    dueTime: '03:47',
    tags: 'canarytagkea',
    place: 'Canary-place-weka',
    completedAt: undefined, // a moment of the clock, nothing that is typed
    priority: undefined, // one of four numbers
  },
  taskLists: { name: 'Canary-list-tui' },
  notes: { title: 'Canary-note-title-kiwi', body: 'Canary-note-body-moa', tags: 'canarytaghuia', pinned: undefined },
  userContext: {
    callName: 'Canary-call-name-pukeko',
    about: 'Canary-about-kereru',
    current: 'Canary-current-tieke',
    answers: 'Canary-answers-hihi',
    avoid: 'Canary-avoid-toutouwai',
  },
  kontextDoc: { content: 'Canary-kontext-whio' },
  homeCards: { modules: undefined }, // names of modules, chosen from a list
  seenStates: { generation: undefined, seq: undefined, digest: undefined }, // counted by devices
  spaceProfiles: { name: undefined, modules: undefined }, // of shared spaces alone: `journeys/spaces.test.ts`
};

const typed = Object.values(canaries).flatMap((fields) => Object.values(fields).filter((canary) => canary !== undefined));

/** Fields of the page about the person, by their labels. */
const profileLabels = {
  'What to call you': 'callName',
  'Who you are': 'about',
  'What keeps you busy': 'current',
  'How answers are best': 'answers',
  'What to leave out': 'avoid',
};

/** Types the canaries of what the assistant may know. */
async function tellTheAssistant(page: Page): Promise<void> {
  const known = canaries['userContext'] ?? {};
  await page.goto('/s/personal/profile');
  for (const [label, field] of Object.entries(profileLabels)) await page.getByRole('textbox', { name: label }).fill(known[field] ?? '');
  await page.getByRole('textbox', { name: 'What to leave out' }).blur();
  await page.goto('/s/personal/kontext');
  await page.getByRole('textbox', { name: 'What matters here' }).fill(canaries['kontextDoc']?.['content'] ?? '');
  await page.getByRole('textbox', { name: 'What matters here' }).blur();
}

const bytesBelow = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');

test('every encrypted field of every module has its canary', () => {
  for (const table of allTableSchemas) {
    const encrypted = Object.keys(table.fields).filter((field) => !isStructural(table.declaration, field));
    expect(Object.keys(canaries[table.name] ?? {}).toSorted(), table.name).toEqual(encrypted.toSorted());
  }
});

test('what is typed appears nowhere but on the screen: not in the database, logs, traffic, caches or the device’s storage', async ({
  newDevice,
  mana,
}) => {
  const ada = newPerson('Ada');
  const device = await newDevice();
  const { app, page } = device;
  const traffic = new Traffic(device.context);
  await app.startAsGuest();
  await page.goto('/settings/import');
  const list = Buffer.from('TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\ntask,water,,4,1,,,,,\n');
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: `${canaries['taskLists']?.['name']}.csv`, mimeType: 'text/csv', buffer: list });
  await page.getByRole('button', { name: /^Import/ }).click();
  await expect(page.getByText(/entries are here now/)).toBeVisible();
  await app.signUp(ada);

  const task = canaries['tasks'] ?? {};
  await app.goTo('Tasks');
  await expect(page.getByRole('link', { name: canaries['taskLists']?.['name'] ?? '', exact: true })).toBeVisible();
  await app.add(`${task['title']} #${task['tags']}`);
  await app.openTask(task['title'] ?? '');
  await app.taskNotes.fill(task['notes'] ?? '');
  await page.getByLabel('Date').fill(task['dueDate'] ?? '');
  await page.getByLabel('Time').fill(task['dueTime'] ?? '');
  await page.getByLabel('Place').fill(task['place'] ?? '');
  await page.getByLabel('Place').blur();
  const note = canaries['notes'] ?? {};
  await app.newNote({ title: note['title'] ?? '', body: note['body'] ?? '' });
  await page.getByLabel('Tags').fill(note['tags'] ?? '');
  await page.getByLabel('Tags').press('Enter');
  await tellTheAssistant(page);
  await app.goTo('Search');
  await page.getByRole('combobox', { name: 'Search' }).fill('Canary-note-title-kiwi');
  await expect(page.getByRole('option')).toHaveCount(1);
  await app.line.fill('Canary-unsent-line-kokako');
  await app.expectSynced();

  // A second device reads all of it, so everything has really been on the server.
  const second = await newDevice();
  const secondTraffic = new Traffic(second.context);
  await second.app.signIn(ada);
  await second.app.goTo('Tasks');
  await expect(second.app.task(task['title'] ?? '')).toContainText(task['place'] ?? '');
  await second.app.goTo('Notes');
  await expect(second.app.note(note['title'] ?? '')).toContainText(note['tags'] ?? '');

  const kept = await dumpBrowser(page);
  device.allowOutage();
  second.allowOutage();
  const stored = await mana.whileStopped(async () => ({ rows: await dumpDatabase(mana.dataDir), files: bytesBelow(mana.dataDir) }));
  const places = {
    'the database': stored.rows,
    'the files of the data folder': stored.files,
    'the log': mana.log,
    'what the first device sent and received': await traffic.text(),
    'what the second device sent and received': await secondTraffic.text(),
    'what the device keeps': kept.text,
  };
  expect(places['the database'], 'the dump has readable rows').toContain(ada.email);
  expect(places['what the first device sent and received'], 'the traffic has readable bodies').toContain('enc:1:');
  expect(kept.text, 'the dump of the device has its rows').toContain('mana-');
  const secrets = [...typed, 'Canary-unsent-line-kokako', ada.password];
  const leaks = Object.entries(places).flatMap(([place, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${place}`),
  );
  expect(leaks).toEqual([]);
});
