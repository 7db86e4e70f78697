import { expect, test } from '../fixtures.ts';

declare global {
  interface Window {
    /** Lets the device store again. */
    letStore?: () => void;
  }
}

test('what the device refuses to store stays in its field, and is stored when it can be', async ({ newDevice }) => {
  const { app, page } = await newDevice();
  await app.startAsGuest();
  await app.newNote({ title: 'Plan', body: 'first thoughts' });
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('The disk is full', 'QuotaExceededError');
    };
    window.letStore = () => void (IDBObjectStore.prototype.put = put);
  });
  await app.noteBody.fill('first thoughts, and more');
  await app.noteBody.blur();
  await expect(app.messages).toContainText('This device has no room left');
  await expect(app.noteBody).toHaveValue('first thoughts, and more');
  await page.evaluate(() => window.letStore?.());
  await app.noteBody.focus();
  await app.noteBody.blur();
  await expect(async () => {
    await page.reload();
    await expect(app.noteBody).toHaveValue('first thoughts, and more', { timeout: 3_000 });
  }).toPass();
});
