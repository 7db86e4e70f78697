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

test('two accounts are at home in one browser: the menu switches every tab between them without a password, and each writes and locks for itself', async ({
  newDevice,
}) => {
  const [ada, bob] = [newPerson('Ada'), newPerson('Bob')];
  const device = await newDevice();
  const { app, page } = device;
  // An account may be left while its live socket is still being opened.
  device.allow(/WebSocket is closed before the connection is established/);
  await app.signUp(ada);
  await app.add('Ada’s task');
  await app.expectSynced();
  await app.fromAccountMenu('Add an account');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await app.signUp(bob);
  await app.add('Bob’s task');
  await app.expectSynced();
  const second = await device.newTab();
  await second.page.goto('/s/personal/todo');
  await expect(second.task('Bob’s task')).toBeVisible();
  await second.line.fill('half a line of Bob');

  await page.locator('[popovertarget="account-menu"]').click();
  await page.getByRole('menuitem', { name: ada.email }).click();
  for (const tab of [app, second]) {
    await tab.goTo('Tasks');
    await expect(tab.task('Ada’s task')).toBeVisible();
    await expect(tab.task('Bob’s task')).toHaveCount(0);
    await expect(tab.line, 'what one of them typed is not shown to the other').toHaveValue('');
  }
  await app.add('Ada’s second task');
  await app.expectSynced();
  await page.reload();
  await expect(app.task('Ada’s second task')).toBeVisible();

  await app.lock();
  await page.getByRole('button', { name: `Go on as ${bob.name}` }).click();
  await app.goTo('Tasks');
  await expect(app.task('Bob’s task')).toBeVisible();
  await expect(app.line).toHaveValue('half a line of Bob');
  await app.fromAccountMenu('Lock all accounts');
  await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  await app.tryToUnlock(ada.password);
  await expect(page.getByText('This is not the password')).toBeVisible();
  await app.tryToUnlock(bob.password);
  await expect(app.task('Bob’s task')).toBeVisible();
  await app.expectSynced();
});
