import { expect, newPerson, test } from '../fixtures.ts';
import { AppPage } from '../pages/app-page.ts';

test('a cold start without a network shows what was written, also at a deep link @phone', async ({ newDevice }) => {
  const device = await newDevice();
  const { app, page } = device;
  await app.signUp(newPerson('Ada'));
  await app.add('Readable in the tunnel');
  await app.newNote({ title: 'Tunnel', body: 'It is **dark** here' });
  const deepLink = page.url();
  await app.goTo('Notes');
  await expect(app.note('Tunnel')).toContainText('dark');
  await app.expectSynced();
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await device.goOffline();
  await page.close();

  const cold = new AppPage(await device.context.newPage());
  await cold.page.goto('/s/personal/todo');
  await expect(cold.task('Readable in the tunnel')).toBeVisible();
  await expect(cold.light).toHaveAttribute('data-sync', 'offline');
  await cold.page.goto(deepLink);
  await expect(cold.noteBody).toHaveValue('It is **dark** here');
  await cold.page.goto('/');
  await cold.expectHome();
  await cold.add('Written in the tunnel');
  await device.goOnline();
  await cold.expectSynced();
});
