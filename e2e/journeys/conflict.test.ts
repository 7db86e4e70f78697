import { expect, newPerson, test } from '../fixtures.ts';

test('offline edits of the same field on two devices end equal, and the text that lost can be restored', async ({ newDevice }) => {
  const ada = newPerson('Ada');
  const [laptop, tablet] = [await newDevice(), await newDevice()];
  await laptop.app.signUp(ada);
  await laptop.app.newNote({ title: 'Plan', body: 'first thoughts' });
  await laptop.app.expectSynced();
  await tablet.app.signIn(ada);
  await tablet.app.goTo('Notes');
  await tablet.app.openNote('Plan');

  await laptop.goOffline();
  await tablet.goOffline();
  await laptop.app.noteBody.fill('walk along the river');
  await laptop.app.noteBody.blur();
  await expect(laptop.app.light).toHaveAttribute('data-sync', 'offline');
  await tablet.app.noteBody.fill('take the train');
  await tablet.app.noteBody.blur();
  await tablet.app.noteTitle.fill('Plan for Sunday');
  await tablet.app.noteTitle.blur();
  await laptop.page.reload();
  await tablet.page.reload();
  await expect(laptop.app.noteBody).toHaveValue('walk along the river');
  await expect(tablet.app.noteBody).toHaveValue('take the train');

  await tablet.goOnline();
  await tablet.app.expectSynced();
  await laptop.goOnline();
  await laptop.app.expectSynced();
  for (const { app } of [laptop, tablet]) {
    await expect(app.noteBody).toHaveValue('take the train');
    await expect(app.noteTitle).toHaveValue('Plan for Sunday');
  }

  // The earlier edit lost: its device keeps it, says so, and brings it back.
  const { app, page } = laptop;
  await expect(app.messages).toContainText('1 of your changes lost against another device');
  await app.fromAccountMenu('History');
  const entry = page.locator('section.card').filter({ hasText: 'walk along the river' });
  await expect(entry).toContainText('take the train');
  await entry.getByRole('button', { name: 'Use this one' }).click();
  await expect(tablet.app.noteBody).toHaveValue('walk along the river');
});

test('edits made offline on different things all arrive', async ({ newDevice }) => {
  const ada = newPerson('Ada');
  const [laptop, tablet] = [await newDevice(), await newDevice()];
  await laptop.app.signUp(ada);
  await tablet.app.signIn(ada);
  await laptop.goOffline();
  await tablet.goOffline();
  for (const number of [1, 2, 3, 4, 5]) {
    await laptop.app.add(`From the laptop ${number}`);
    await tablet.app.add(`From the tablet ${number}`);
  }
  await laptop.page.reload();
  await tablet.page.reload();
  await laptop.goOnline();
  await tablet.goOnline();
  for (const { app } of [laptop, tablet]) {
    await app.goTo('Tasks');
    await expect(app.task('From the laptop')).toHaveCount(5);
    await expect(app.task('From the tablet')).toHaveCount(5);
    await app.expectSynced();
  }
});
