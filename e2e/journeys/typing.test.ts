import { expect, newPerson, test } from '../fixtures.ts';

test('what is typed up to the moment a note is left is all there, also while an earlier letter is still being saved', async ({
  newDevice,
}) => {
  const { app, page } = await newDevice();
  await app.startAsGuest();
  await app.goTo('Notes');
  const way = await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Notes' }).boundingBox();
  if (!way) throw new Error('The way to the notes is on the screen');
  for (const text of ['first thoughts', 'second thoughts', 'third thoughts', 'last thoughts']) {
    await page.getByRole('button', { name: 'New note' }).click();
    await expect(app.noteBody).toBeFocused();
    // Nothing is waited for between one letter and the next, nor before the click.
    await Promise.all([...[...text].map((letter) => page.keyboard.press(letter)), page.mouse.click(way.x + 8, way.y + 8)]);
    await expect(page.getByRole('heading', { level: 1, name: 'Notes' })).toBeVisible();
    await expect(app.note(text).first()).toBeVisible();
  }
});

test('whoever goes on to the title of a new note stays there when the server answers', async ({ newDevice }) => {
  const { app, page } = await newDevice();
  await app.signUp(newPerson('Ada'));
  for (const title of ['Ferns', 'Mosses', 'Lichens']) {
    await app.goTo('Notes');
    await page.getByRole('button', { name: 'New note' }).click();
    await expect(app.noteBody).toBeFocused();
    await app.noteTitle.focus();
    await app.expectSynced();
    await expect(app.noteTitle).toBeFocused();
    await page.keyboard.type(title);
    await app.goTo('Notes');
    await expect(app.note(title)).toBeVisible();
  }
});
