import type { Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, newPerson, test } from '../fixtures.ts';
import { AppPage } from '../pages/app-page.ts';
import { root } from '../server/mana-server.ts';

const own = join(root, 'e2e/sample-files');
/** Exports of real apps lie outside the repository, for their licences; where they are missing, the files of our own cover each case. */
const real = join(process.env['MANA_FIXTURES'] ?? join(root, '../shared/fixtures'), 'backup');

async function importFrom(page: Page, { files, folder }: { files: readonly string[]; folder?: string }): Promise<void> {
  await page.goto('/settings/import');
  const [fileInput, folderInput] = [page.locator('input[type=file]').first(), page.locator('input[type=file]').last()];
  if (folder) await folderInput.setInputFiles(folder);
  else await fileInput.setInputFiles([...files]);
  await page.getByRole('button', { name: /^Import \d+ entries$/ }).click();
  await expect(page.getByText(/^\d+ entries are here now\.$/)).toBeVisible();
}

/** Everything that lists show, in one order. */
async function everything(app: AppPage): Promise<string[]> {
  const texts: string[] = [];
  for (const place of ['Tasks', 'Notes'] as const) {
    await app.goTo(place);
    const rows = app.page.locator('[data-task], [data-note]');
    await expect(rows.first()).toBeVisible();
    texts.push(...(await rows.allInnerTexts()));
  }
  return texts.toSorted();
}

async function arrivesWhole(laptop: AppPage, tablet: AppPage): Promise<string[]> {
  await laptop.expectSynced();
  const sent = await everything(laptop);
  await expect(async () => expect(await everything(tablet)).toEqual(sent)).toPass({ timeout: 20_000 });
  return sent;
}

test('a Todoist list and a folder of notes imported on one device are whole on the other', async ({ newDevice }) => {
  const ada = newPerson('Ada');
  const [laptop, tablet] = [await newDevice(), await newDevice()];
  await laptop.app.signUp(ada);
  await tablet.app.signIn(ada);
  await importFrom(laptop.page, { files: [join(own, 'garden.csv')] });
  await importFrom(laptop.page, { files: [], folder: join(own, 'notes') });
  await laptop.app.page.goto('/s/personal');
  const sent = await arrivesWhole(laptop.app, tablet.app);
  expect(sent.join('\n')).toContain('Prune the roses, gently');
  expect(sent.join('\n')).toContain('Süßkartoffeln 🍠 vorkeimen');
  expect(sent.join('\n')).toContain('Sourdough');
  await tablet.app.openNote('Sourdough');
  await expect(tablet.app.noteBody).toHaveValue(/feed the \*\*starter\*\*/);

  await laptop.page.goto('/settings/import');
  await laptop.page
    .locator('input[type=file]')
    .first()
    .setInputFiles([join(own, 'garden.csv')]);
  await expect(laptop.page.getByText('Everything in these files is here already.')).toBeVisible();
});

if (existsSync(real))
  test('real exports of Todoist, Markdown and Obsidian imported on one device are whole on the other', async ({ newDevice }) => {
    const ada = newPerson('Ada');
    const [laptop, tablet] = [await newDevice(), await newDevice()];
    await laptop.app.signUp(ada);
    await tablet.app.signIn(ada);
    const todoist = ['full-todoist-project.csv', 'basic-test.csv', 'unicode-and-quotes.csv', 'zip-test.zip'];
    await importFrom(laptop.page, { files: todoist.map((name) => join(real, 'todoist', name)) });
    await importFrom(laptop.page, { files: [], folder: join(real, 'markdown') });
    await importFrom(laptop.page, { files: [], folder: join(real, 'obsidian') });
    await laptop.page.goto('/s/personal');
    const sent = await arrivesWhole(laptop.app, tablet.app);
    expect(sent.join('\n')).toContain('task with various attachments');
    expect(sent.length, 'tasks of the first level and notes').toBeGreaterThanOrEqual(15);
  });
