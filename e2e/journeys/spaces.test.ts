import type { Device } from '../device.ts';
import { expect, newPerson, test } from '../fixtures.ts';
import { SpacePage } from '../pages/space-page.ts';

const family = 'Familie Öz';

/** Asks the server as a program would that holds the browser's cookie, and gives the status and whether anything sealed came. */
const pullDirectly = (device: Device, space: string): Promise<readonly [number, boolean]> =>
  device.page.evaluate(async (id) => {
    const answer = await fetch(`/api/v1/sync/pull?space=${id}`);
    return [answer.status, (await answer.text()).includes('enc:1:')] as const;
  }, space);

test('two people share a family space: what one writes and ticks the other sees, until one may only read, and then is removed', async ({
  newDevice,
}) => {
  const [rosa, ben] = [await newDevice(), await newDevice()];
  const [atRosa, atBen] = [new SpacePage(rosa.page), new SpacePage(ben.page)];
  await rosa.app.signUp(newPerson('Rosa'));
  await ben.app.signUp(newPerson('Ben'));
  await rosa.app.add('Only Rosa knows');

  await atRosa.make(family);
  const link = await atRosa.invite();
  expect(link).toMatch(/\/join#1\./);
  await atBen.join(link, family);
  const address = new URL(ben.page.url()).pathname;
  expect(address).toMatch(/^\/s\/family-[0-9a-f]{10}$/);
  // Ben comes in on Rosa's open page, without a reload.
  await expect(atRosa.member('Ben')).toBeVisible();

  await test.step('tasks and notes go both ways, and what is Rosa’s own stays hers', async () => {
    await rosa.page.goto(`${address}/todo`);
    await ben.app.goTo('Tasks');
    await rosa.app.add('Buy bread');
    await expect(ben.app.task('Buy bread')).toBeVisible();
    await ben.app.tick('Buy bread');
    await expect(rosa.app.task('Buy bread')).toHaveCount(0);
    await expect(ben.page.getByText('Only Rosa knows')).toHaveCount(0);
    await rosa.app.newNote({ title: 'Packing list', body: 'tent' });
    // Whoever is in a field keeps what they typed there.
    await rosa.app.noteBody.blur();
    await ben.app.goTo('Notes');
    await ben.app.openNote('Packing list');
    await ben.app.noteBody.fill('tent, rope');
    await expect(rosa.app.noteBody).toHaveValue('tent, rope');
  });

  await test.step('who changed which field is told', async () => {
    await rosa.page.getByRole('button', { name: 'Who changed what' }).click();
    const dialog = rosa.page.getByRole('dialog', { name: 'Who changed what' });
    await expect(dialog.getByRole('listitem').filter({ hasText: 'Text' })).toContainText('Ben, ');
    await expect(dialog.getByRole('listitem').filter({ hasText: 'Title' })).toContainText('you, ');
    await dialog.getByRole('button', { name: 'Close' }).click();
  });

  await test.step('both see the same six words', async () => {
    await atRosa.openMembers();
    await atBen.openMembers();
    const wordsIn = async (dialog: Awaited<ReturnType<SpacePage['openMember']>>): Promise<readonly string[]> => {
      const words = dialog.getByRole('list', { name: 'Safety number' }).getByRole('listitem');
      await expect(words).toHaveCount(6);
      return words.allTextContents();
    };
    const [byRosa, byBen] = [await atRosa.openMember('Ben'), await atBen.openMember('Rosa')];
    expect(await wordsIn(byRosa)).toEqual(await wordsIn(byBen));
    await byRosa.getByRole('button', { name: 'The words are the same' }).click();
    await expect(byRosa.getByText('You have compared them.')).toBeVisible();
    for (const dialog of [byRosa, byBen]) await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(atRosa.member('Ben')).toContainText('Compared');
  });

  await test.step('who may only read: an edit made before that was known is refused by itself, and nothing offers another', async () => {
    await ben.app.goTo('Tasks');
    await ben.app.expectSynced();
    await ben.goOffline();
    await ben.app.add('Written too late');
    await atRosa.setRole('Ben', 'Reads only');
    await ben.goOnline();
    await expect(ben.page.getByText('You can read everything in this space, but not change it.')).toBeVisible();
    await expect(ben.app.line).toHaveCount(0);
    await expect(ben.app.light.getByTitle('Refused changes')).toHaveText('1');
    await ben.app.light.click();
    const sheet = ben.page.getByRole('dialog');
    await expect(sheet.getByText('You may read here, but not write.')).toBeVisible();
    await sheet.getByRole('button', { name: 'Close' }).click();
    await rosa.app.goTo('Tasks');
    await expect(rosa.page.getByText('Written too late')).toHaveCount(0);
  });

  await test.step('the removed member’s page closes by itself, and neither it nor a direct call gets anything new', async () => {
    const space = await rosa.page.evaluate(async () => {
      const answer = (await (await fetch('/api/v1/spaces')).json()) as { spaces: readonly { id: string }[] };
      return answer.spaces[0]?.id ?? '';
    });
    expect(await pullDirectly(ben, space)).toEqual([200, true]);
    await atRosa.openMembers();
    await atRosa.remove('Ben');
    await rosa.app.goTo('Tasks');
    await rosa.app.add('Written after Ben');
    await rosa.app.expectSynced();
    await expect(ben.page.getByRole('heading', { name: 'You have no such space' })).toBeVisible();
    ben.allow(/403/);
    expect(await pullDirectly(ben, space)).toEqual([403, false]);
    await ben.page.reload();
    await expect(ben.page.getByRole('heading', { name: 'You have no such space' })).toBeVisible();
    await expect(ben.page.getByText('Written after Ben')).toHaveCount(0);
  });
});

test('the last owner hands a space over and goes; the new one, alone, deletes it', async ({ newDevice }) => {
  const [rosa, ben] = [await newDevice(), await newDevice()];
  const [atRosa, atBen] = [new SpacePage(rosa.page), new SpacePage(ben.page)];
  await rosa.app.signUp(newPerson('Rosa'));
  await ben.app.signUp(newPerson('Ben'));
  await atRosa.make(family);
  await expect(rosa.page.getByRole('button', { name: 'Delete this space' })).toBeVisible();
  await atBen.join(await atRosa.invite(), family);
  await expect(atRosa.member('Ben')).toBeVisible();
  await expect(rosa.page.getByRole('button', { name: 'Delete this space' })).toHaveCount(0);
  await atBen.openMembers();
  // What is under way while a space goes hears that it is gone.
  for (const device of [rosa, ben]) device.allow(/403/);

  await rosa.page.getByRole('button', { name: 'Hand over and leave' }).click();
  const handing = rosa.page.getByRole('dialog', { name: `Hand “${family}” over to Ben?` });
  await handing.getByRole('button', { name: 'Hand over and leave' }).click();
  await expect(rosa.page.getByText(`“${family}” now belongs to Ben`)).toBeVisible();
  await expect(atRosa.switcher).toHaveAccessibleName('Space: Personal');

  await ben.page.getByRole('button', { name: 'Delete this space' }).click();
  const deleting = ben.page.getByRole('dialog', { name: `Delete “${family}” for good?` });
  await deleting.getByRole('button', { name: 'Delete this space' }).click();
  await expect(ben.page.getByText(`“${family}” is deleted`)).toBeVisible();
  await expect(atBen.switcher).toHaveAccessibleName('Space: Personal');
  await atBen.switcher.click();
  await expect(ben.page.getByRole('menuitem', { name: family })).toHaveCount(0);
});

test('an invitation leads through signing up as a guest, and waits until the inviter’s device is there', async ({ newDevice }) => {
  const [rosa, ben] = [await newDevice(), await newDevice()];
  const atRosa = new SpacePage(rosa.page);
  await rosa.app.signUp(newPerson('Rosa'));
  await atRosa.make(family);
  const link = await atRosa.invite();
  await ben.app.startAsGuest();
  await ben.app.add('A guest’s task');
  await ben.page.goto(link);
  await expect(ben.page.getByText('You are here without an account')).toBeVisible();
  await ben.page.getByRole('link', { name: 'Create an account' }).click();
  const person = newPerson('Ben');
  await ben.page.getByLabel('E-mail').fill(person.email);
  await ben.page.getByLabel('Password', { exact: true }).fill(person.password);
  await ben.page.getByRole('button', { name: 'Create account' }).click();
  await ben.page.getByRole('button', { name: 'Later' }).click({ timeout: 30_000 });
  await rosa.goOffline();
  await ben.page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(ben.page.getByRole('heading', { name: 'You have accepted' })).toBeVisible();
  await rosa.goOnline();
  await ben.page.getByRole('button', { name: `Open “${family}”` }).click();
  await ben.app.sayName('Ben');
  await ben.page.getByRole('button', { name: 'Skip all' }).click();
  await expect(ben.page.getByRole('heading', { level: 1, name: family })).toBeVisible();
  await new SpacePage(ben.page).open('Personal');
  await ben.app.goTo('Tasks');
  await expect(ben.app.task('A guest’s task')).toBeVisible();
});

test('a link that is cut, taken back or used says so, and opens nothing', async ({ newDevice }) => {
  const [rosa, ben, cem] = [await newDevice(), await newDevice(), await newDevice()];
  const atRosa = new SpacePage(rosa.page);
  await rosa.app.signUp(newPerson('Rosa'));
  await ben.app.signUp(newPerson('Ben'));
  await atRosa.make(family);
  const [revoked, used] = [await atRosa.invite(), await atRosa.invite()];
  ben.allow(/40[49]|410/);
  const expectWords = async (device: Device, link: string, words: string): Promise<void> => {
    await device.page.goto('about:blank');
    await device.page.goto(link);
    await expect(device.page.getByText(words)).toBeVisible();
  };
  await expectWords(ben, revoked.slice(0, -60), 'The link is not whole');
  await rosa.page.getByRole('button', { name: 'Take back' }).first().click();
  await rosa.page.getByRole('button', { name: 'Take back' }).first().waitFor();
  await expect(rosa.page.getByRole('button', { name: 'Take back' })).toHaveCount(1);
  const [left, gone] = (await isOpen(ben, revoked)) ? [revoked, used] : [used, revoked];
  await expectWords(ben, gone, 'There is no such invitation any more');
  await new SpacePage(ben.page).join(left, family);
  await cem.app.signUp(newPerson('Cem'));
  cem.allow(/40[49]|410/);
  await expectWords(cem, left, 'There is no such invitation any more');
});

/** Whether a link still offers to join. */
async function isOpen(device: Device, link: string): Promise<boolean> {
  await device.page.goto('about:blank');
  await device.page.goto(link);
  const join = device.page.getByRole('button', { name: 'Join', exact: true });
  await expect(join.or(device.page.getByText('There is no such invitation any more'))).toBeVisible();
  return join.isVisible();
}

test('a task moves into a shared space with its subtasks and comes back by one undo', async ({ newDevice }) => {
  const { app, page } = await newDevice();
  const spaces = new SpacePage(page);
  await app.signUp(newPerson('Rosa'));
  await spaces.make(family);
  await spaces.open('Personal');
  await app.goTo('Tasks');
  await app.add('Plan the party');
  await app.openTask('Plan the party');
  await page.getByRole('textbox', { name: 'Add a step' }).fill('Write invitations');
  await page.keyboard.press('Enter');
  await expect(app.task('Write invitations')).toBeVisible();
  await page.getByRole('button', { name: 'Move to another space' }).click();
  await page.getByRole('dialog').getByRole('button', { name: family }).click();
  await expect(page.getByText('No tasks yet')).toBeVisible();
  await spaces.open(family);
  await app.openTask('Plan the party');
  await expect(app.task('Write invitations')).toBeVisible();
  await page.getByRole('heading', { name: 'Steps' }).click();
  await page.keyboard.press('Control+z');
  await spaces.open('Personal');
  await expect(app.task('Plan the party')).toBeVisible();
  await app.add('Hang up lanterns');
  await page.getByRole('button', { name: 'Select', exact: true }).click();
  for (const title of ['Plan the party', 'Hang up lanterns']) await page.getByRole('checkbox', { name: `Select “${title}”` }).check();
  await page.getByRole('button', { name: 'Move …' }).click();
  await page.getByRole('dialog', { name: 'Move 2 entries to …' }).getByRole('button', { name: family }).click();
  await expect(page.getByText('No tasks yet')).toBeVisible();
  await spaces.open(family);
  await expect(app.task('Hang up lanterns')).toBeVisible();
  await app.openTask('Plan the party');
  await expect(app.task('Write invitations')).toBeVisible();
});

test('a member who comes with other keys than before blocks the space until the six words are compared', async ({ newDevice }) => {
  const [rosa, ben] = [await newDevice(), await newDevice()];
  const [atRosa, atBen] = [new SpacePage(rosa.page), new SpacePage(ben.page)];
  await rosa.app.signUp(newPerson('Rosa'));
  await ben.app.signUp(newPerson('Ben'));
  await atRosa.make(family);
  await atBen.join(await atRosa.invite(), family);
  await expect(atRosa.member('Ben')).toBeVisible();
  // What Ben's device remembers of the others' keys is made another: to it, the true ones are new.
  await ben.page.evaluate(forgetKeysOfOthers);
  await atRosa.setRole('Ben', 'Admin');
  await expect(ben.page.getByText('A member comes with other keys than before')).toBeVisible();
  await ben.page.getByRole('link', { name: 'Look at it' }).click();
  await expect(ben.page.getByText('New six words for you and Rosa:')).toBeVisible();
  await expect(atBen.member('Ben')).toContainText('Member');
  const words = await ben.page.getByRole('list', { name: 'Safety number' }).getByRole('listitem').allTextContents();
  const dialog = await atRosa.openMember('Ben');
  await expect(dialog.getByRole('list', { name: 'Safety number' }).getByRole('listitem')).toHaveText(words);
  await ben.page.getByRole('button', { name: 'The words are the same' }).click();
  await expect(ben.page.getByText('A member comes with other keys than before')).toHaveCount(0);
  await expect(atBen.member('Ben')).toContainText('Admin');
  await expect(ben.page.getByRole('heading', { name: 'Invite somebody' })).toBeVisible();
});

interface RememberedMember {
  account: string;
  sealingPublicB64: string;
}
interface RememberedDevice {
  current: { id: string };
  accounts: Record<string, { shared: { told: { statements: { members: RememberedMember[] }[] } }[] }>;
}

/** Runs in the page: changes, in the device's memory, the keys of all members but the person themselves. */
async function forgetKeysOfOthers(): Promise<void> {
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
    });
  const database = await done(indexedDB.open('mana-device'));
  const vault = (): IDBObjectStore => database.transaction('vault', 'readwrite').objectStore('vault');
  const device = (await done(vault().get('device'))) as RememberedDevice;
  const self = device.current.id;
  const members = device.accounts[self]?.shared.flatMap(({ told }) => told.statements.flatMap((statement) => statement.members)) ?? [];
  for (const member of members) if (member.account !== self) member.sealingPublicB64 = `${'A'.repeat(43)}=`;
  await done(vault().put(device, 'device'));
  database.close();
}
