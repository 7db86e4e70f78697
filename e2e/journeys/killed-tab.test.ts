import type { Page } from '@playwright/test';
import type { Device } from '../device.ts';
import { expect, newPerson, test } from '../fixtures.ts';
import { AppPage } from '../pages/app-page.ts';

const rounds = 10;

/** Ends the process of a page as the system does when memory is short: nothing in it runs any more. */
async function kill(device: Device, page: Page): Promise<void> {
  const ended = page.waitForEvent('crash');
  const session = await device.context.newCDPSession(page);
  void session.send('Page.crash').catch(() => undefined);
  await ended;
  await page.close();
}

test('a tab that is killed right after adding loses nothing, ten times', async ({ newDevice }) => {
  const device = await newDevice();
  await device.app.signUp(newPerson('Ada'));
  for (let round = 1; round <= rounds; round += 1) {
    const app = new AppPage(await device.context.newPage());
    await app.page.goto('/s/personal');
    await app.line.fill(`Thought number ${round}.`);
    await app.line.press('Enter');
    await expect(app.messages).toContainText(`Thought number ${round}.`);
    await kill(device, app.page);
  }
  await device.app.goTo('Tasks');
  for (let round = 1; round <= rounds; round += 1) await expect(device.app.task(`Thought number ${round}.`)).toHaveCount(1);
  await device.app.expectSynced();
});

/** Resolves when what was typed last has been on the screen: a person has seen it there. */
const seen = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((resolve) => void requestAnimationFrame(() => requestAnimationFrame(resolve))));

test('a tab that is killed while a person types keeps every letter that was on the screen, ten times', async ({ newDevice }) => {
  const device = await newDevice();
  await device.app.startAsGuest();
  await device.app.newNote({ title: 'Diary', body: 'Dear diary' });
  const address = device.page.url();
  let text = 'Dear diary';
  for (let round = 1; round <= rounds; round += 1) {
    const app = new AppPage(await device.context.newPage());
    await app.page.goto(address);
    await expect(app.noteBody).toHaveValue(text);
    await app.noteBody.press('Control+End');
    await app.page.keyboard.type(`, day ${round} was long`);
    text += `, day ${round} was long`;
    await seen(app.page);
    await kill(device, app.page);
  }
  await device.page.goto(address);
  await expect(device.app.noteBody).toHaveValue(text);
});

test('a line that was not sent yet is there when the app opens again', async ({ newDevice }) => {
  const device = await newDevice();
  await device.app.startAsGuest();
  const app = new AppPage(await device.context.newPage());
  await app.page.goto('/s/personal');
  await app.line.pressSequentially('Call the plumber tomor');
  await seen(app.page);
  await kill(device, app.page);
  await device.page.reload();
  await expect(device.app.line).toHaveValue('Call the plumber tomor');
});
