import { linkIn, SmtpFake } from '../fakes/smtp-fake.ts';
import { expect, newPerson, test as base } from '../fixtures.ts';
import { ManaServer } from '../server/mana-server.ts';

interface MailFixtures {
  readonly smtp: SmtpFake;
}

/** A server that sends mail, and everything that it sends. */
const test = base.extend<object, MailFixtures & { mana: ManaServer }>({
  smtp: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the names from this pattern
    async ({}, use) => {
      const smtp = await SmtpFake.open();
      await use(smtp);
      await smtp.close();
    },
    { scope: 'worker' },
  ],
  mana: [
    async ({ smtp }, use) => {
      const server = await ManaServer.open({ env: { SMTP_URL: smtp.url, MAIL_FROM: 'Mana <mana@mana.example>' } });
      await use(server);
      await server.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

/** The newest link that an address has got and that leads to a page. */
async function linkTo(smtp: SmtpFake, address: string, page: string): Promise<string> {
  const links = () =>
    smtp
      .to(address)
      .map(linkIn)
      .filter((link) => new URL(link).pathname === page);
  await expect.poll(() => links().length, { timeout: 30_000 }).toBeGreaterThan(0);
  return links().at(-1) ?? '';
}

test('a guest signs up by a link in their mail, changes the address, and the old one takes it back', async ({ newDevice, smtp, mana }) => {
  const ada = newPerson('Ada');
  const device = await newDevice();
  const { app, page } = device;
  device.allow(/403/);
  await app.startAsGuest();
  await app.add('Water the ferns');
  smtp.mood = 'drops'; // the first try is lost on its way, and nobody notices
  await page.goto('/sign-up');
  await page.getByLabel('E-mail').fill(ada.email);
  await page.getByLabel('Password', { exact: true }).fill(ada.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => smtp.begun, { timeout: 30_000 }).toBeGreaterThan(0);
  smtp.mood = 'takes';
  await page.getByRole('button', { name: 'I have opened the link: go on' }).click();
  await expect(page.getByText('Not confirmed yet')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Send the link again' }).click();
  await expect(page.getByText('it is on its way again')).toBeVisible();

  const elsewhere = await newDevice();
  await elsewhere.page.goto(await linkTo(smtp, ada.email, '/verify'));
  await elsewhere.page.getByRole('button', { name: 'Confirm my address' }).click();
  await expect(elsewhere.page.getByText('Your address is confirmed')).toBeVisible();
  await page.getByRole('button', { name: 'I have opened the link: go on' }).click();
  await expect(page.getByRole('heading', { name: 'Your recovery code' })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Later' }).click();
  await app.skipFirstScreens();
  await app.goTo('Tasks');
  await expect(app.task('Water the ferns')).toBeVisible();

  const next = newPerson('Ada').email;
  await page.goto('/settings/account/email');
  await page.getByLabel('New e-mail').fill(next);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByText(`Look into the mailbox of ${next}`)).toBeVisible({ timeout: 30_000 });
  await elsewhere.page.goto(await linkTo(smtp, next, '/new-address'));
  await elsewhere.page.getByRole('button', { name: 'Make this my address' }).click();
  await expect(elsewhere.page.getByText('Your address is changed')).toBeVisible();
  await page.reload();
  await expect(page.locator('main').getByText(next)).toBeVisible();
  await elsewhere.app.signIn({ email: next, password: ada.password });
  await elsewhere.app.goTo('Tasks');
  await expect(elsewhere.app.task('Water the ferns')).toBeVisible();

  const stranger = await newDevice();
  await stranger.page.goto(await linkTo(smtp, ada.email, '/undo-address'));
  await stranger.page.getByRole('button', { name: 'Take it back' }).click();
  await expect(stranger.page.getByText('The old address is back')).toBeVisible();
  for (const signedOut of [device, elsewhere]) signedOut.allow(/401/);
  await stranger.app.signIn(ada);
  for (const secret of [ada.email, next, (await linkTo(smtp, next, '/new-address')).split('#')[1] ?? ''])
    expect(mana.log).not.toContain(secret);
});
