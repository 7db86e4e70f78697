import { expect, newPerson, test } from '../fixtures.ts';

test('what the assistant may know is written by a guest, comes along into the account, and is the same on every device @phone', async ({
  newDevice,
}) => {
  const ada = newPerson('Ada');
  const { app, page } = await newDevice();
  await app.startAsGuest();
  await page.goto('/settings');
  await page
    .getByRole('link')
    .filter({ has: page.getByText('About you', { exact: true }) })
    .click();
  await page.getByRole('textbox', { name: 'Who you are' }).fill('I bind books in Leipzig.');
  await page.getByRole('textbox', { name: 'What to call you' }).fill('Ada');
  await page.getByRole('textbox', { name: 'What to call you' }).blur();
  await app.signUp(ada);
  await page.goto('/s/personal/profile');
  await expect(page.getByRole('textbox', { name: 'Who you are' })).toHaveValue('I bind books in Leipzig.');
  await app.expectSynced();

  // A new device that writes before it has heard anything resets nothing.
  const other = await newDevice();
  await other.app.signIn(ada);
  await other.page.goto('/s/personal/profile');
  await other.page.getByRole('textbox', { name: 'How answers are best' }).fill('Short, please.');
  await other.page.getByRole('textbox', { name: 'How answers are best' }).blur();
  await other.app.expectSynced();
  await expect(other.page.getByRole('textbox', { name: 'Who you are' })).toHaveValue('I bind books in Leipzig.');
  await expect(page.getByRole('textbox', { name: 'How answers are best' })).toHaveValue('Short, please.');
  await expect(page.getByRole('textbox', { name: 'What to call you' })).toHaveValue('Ada');
});

test('the page about a space takes sections, and saves itself', async ({ newDevice }) => {
  const { app, page } = await newDevice();
  await app.startAsGuest();
  await page.goto('/s/personal/kontext');
  const content = page.getByRole('textbox', { name: 'What matters here' });
  await content.fill('A house with a garden.');
  await page.getByRole('button', { name: 'People' }).click();
  await expect(content).toBeFocused();
  await expect(content).toHaveValue('A house with a garden.\n\n## People\n');
  await page.keyboard.type('Jo keeps the bees.');
  await content.blur();
  await expect(page.getByRole('button', { name: 'People' })).toHaveCount(0);
  await page.reload();
  await expect(content).toHaveValue('A house with a garden.\n\n## People\nJo keeps the bees.');
  await expect(page.getByText('10 words')).toBeVisible();
});

test('an address of a module that does not exist says so, and stays', async ({ newDevice }) => {
  const { app, page } = await newDevice();
  await app.startAsGuest();
  for (const path of ['/s/personal/nowhere', '/s/personal/nowhere/1', '/s/personal/profile/1']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible();
  }
  await page.getByRole('main').getByRole('link', { name: 'Go home' }).click();
  await app.expectHome();
});
