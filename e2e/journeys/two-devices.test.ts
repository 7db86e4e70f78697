import { expect, newPerson, test } from '../fixtures.ts';

test('an edit on one device is on the screen of the other, both pages open @phone', async ({ newDevice }) => {
  const ada = newPerson('Ada');
  const [laptop, tablet] = [await newDevice(), await newDevice()];
  await laptop.app.startAsGuest();
  await laptop.app.signUp(ada);
  await tablet.app.signIn(ada);
  await laptop.app.goTo('Tasks');
  await tablet.app.goTo('Tasks');

  await laptop.app.add('Water the ferns tomorrow #home');
  await expect(tablet.app.task('Water the ferns')).toContainText('#home');
  await tablet.app.tick('Water the ferns');
  await expect(laptop.app.task('Water the ferns')).toHaveCount(0);
  await expect(laptop.page.getByRole('button', { name: 'Show 1 done' })).toBeVisible();

  await laptop.app.newNote({ title: 'Packing list', body: 'tent, rope' });
  await tablet.app.goTo('Notes');
  await tablet.app.openNote('Packing list');
  await expect(tablet.app.noteBody).toHaveValue('tent, rope');
  await laptop.app.noteBody.fill('tent, rope, stove');
  await expect(tablet.app.noteBody).toHaveValue('tent, rope, stove');
  await laptop.app.expectSynced();
  await tablet.app.expectSynced();
});

test('a second person on the same server sees nothing of the first', async ({ newDevice }) => {
  const [ada, bob] = [await newDevice(), await newDevice()];
  await ada.app.signUp(newPerson('Ada'));
  await ada.app.add('Ada alone knows this');
  await ada.app.expectSynced();
  await bob.app.signUp(newPerson('Bob'));
  await bob.app.goTo('Tasks');
  await bob.app.expectSynced();
  await expect(bob.page.getByText('No tasks yet')).toBeVisible();
});
