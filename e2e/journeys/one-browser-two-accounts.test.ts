import { expect, newPerson, test } from '../fixtures.ts';

test('after signing out, another account on the same browser sees and sends nothing of the first', async ({ newDevice }) => {
  const [ada, bob] = [newPerson('Ada'), newPerson('Bob')];
  const device = await newDevice();
  const { app, page } = device;
  await app.signUp(ada);
  await app.add('Ada’s task');
  await app.expectSynced();
  await device.goOffline();
  await app.add('Ada’s unsent task');
  await app.signOut('keep');
  await device.goOnline();

  const pushed: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/sync/push')) pushed.push(request.postData() ?? '');
  });
  await app.signUp(bob);
  await app.goTo('Tasks');
  await expect(page.getByText('No tasks yet')).toBeVisible();
  await app.add('Bob’s task');
  await app.expectSynced();
  const operations = pushed.flatMap((body) => (JSON.parse(body) as { ops: unknown[] }).ops);
  expect(operations, 'Bob sends his own task and nothing else').toHaveLength(1);
  await app.goTo('Search');
  await page.getByRole('combobox', { name: 'Search' }).fill('Ada');
  await expect(page.getByText('0 results')).toBeVisible();
  await app.signOut('delete');

  await app.signIn(ada);
  await app.goTo('Tasks');
  await expect(app.task('Ada’s task')).toBeVisible();
  await expect(app.task('Ada’s unsent task'), 'what was not sent waited, sealed').toBeVisible();
  await expect(app.task('Bob’s task')).toHaveCount(0);
  await app.expectSynced();
});
