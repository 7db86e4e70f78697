import type { Page } from '@playwright/test';
import type { Device } from '../device.ts';
import { expect, newPerson, test } from '../fixtures.ts';
import { Traffic } from '../traffic.ts';
import { VirtualAuthenticator, prfShapes, type PrfShape } from '../virtual-authenticator.ts';

interface Watched {
  prfOutputs: string[];
}

/** Remembers in the page what passkeys answered to PRF; while it is quiet, the field of the address offers none. */
async function watchPasskeys(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched = globalThis as unknown as Watched;
    watched.prfOutputs = JSON.parse(sessionStorage.getItem('prf') ?? '[]') as string[];
    const credentials = navigator.credentials;
    for (const name of ['create', 'get'] as const) {
      const original = credentials[name].bind(credentials) as (options: object) => Promise<Credential | null>;
      credentials[name] = async (options?: object) => {
        const credential = await original(options ?? {});
        const { prf } = (credential as PublicKeyCredential).getClientExtensionResults() as { prf?: { results?: { first?: ArrayBuffer } } };
        if (prf?.results?.first) watched.prfOutputs.push(btoa(String.fromCharCode(...new Uint8Array(prf.results.first))));
        sessionStorage.setItem('prf', JSON.stringify(watched.prfOutputs));
        return credential;
      };
    }
    if (sessionStorage.getItem('quiet')) PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
}

const beQuiet = (page: Page): Promise<void> => page.evaluate(() => sessionStorage.setItem('quiet', 'yes'));
const speakAgain = (page: Page): Promise<void> => page.evaluate(() => sessionStorage.removeItem('quiet'));
const rowOf = (page: Page) => page.getByRole('list', { name: 'Passkeys' }).getByRole('listitem');

async function memberWithPasskey(device: Device, shape: PrfShape) {
  const { app, page } = device;
  const person = newPerson('Noor');
  await watchPasskeys(page);
  const authenticator = await VirtualAuthenticator.add(page, shape);
  await app.startAsGuest();
  await beQuiet(page);
  await app.signUp(person);
  await page.goto('/settings/account');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(rowOf(page)).toHaveCount(1);
  return { person, authenticator };
}

async function expectNoLeak(page: Page, traffic: Traffic): Promise<number> {
  const outputs = await page.evaluate(() => (globalThis as unknown as Watched).prfOutputs);
  const sent = await traffic.text();
  for (const output of outputs) {
    const bytes = Buffer.from(output, 'base64');
    for (const form of [output, bytes.toString('base64url'), bytes.toString('hex')]) expect(sent).not.toContain(form);
  }
  return outputs.length;
}

for (const shape of Object.keys(prfShapes) as PrfShape[]) {
  test(`a passkey with PRF as “${shape}” is added, signs in by field and button, and unlocks offline; PRF stays in the page`, async ({
    newDevice,
  }) => {
    const device = await newDevice();
    const { app, page } = device;
    const traffic = new Traffic(device.context);
    const opens = shape !== 'none';
    const { person } = await memberWithPasskey(device, shape);
    await expect(rowOf(page)).toContainText(opens ? 'Signs in and opens your entries' : 'Signs in only');
    await expect(rowOf(page)).toContainText('Not used yet');
    const arrive = async (): Promise<void> => {
      if (!opens) {
        await expect(page.getByText('This passkey cannot open your entries')).toBeVisible();
        await app.tryToUnlock(person.password);
      }
      await app.expectHome();
    };

    await app.signOut('keep');
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await arrive();

    await app.signOut('keep');
    await speakAgain(page);
    await page.goto('/sign-in'); // the authenticator agrees as soon as the field offers it
    await arrive();
    await page.goto('/settings/account');
    await expect(rowOf(page)).toContainText('Last used');

    await page.goto('/s/personal');
    await app.lock();
    if (opens) {
      await device.goOffline();
      await page.getByRole('button', { name: 'Use a passkey' }).click();
    } else {
      await expect(page.getByRole('button', { name: 'Use a passkey' })).toHaveCount(0);
      await app.tryToUnlock(person.password);
    }
    await app.expectHome();
    expect(await expectNoLeak(page, traffic)).toBe(opens ? 4 : 0);
  });
}

test('a person that is not recognised, a passkey that was deleted, and one that was removed from the account are told apart from success', async ({
  newDevice,
}) => {
  const device = await newDevice();
  const { app, page } = device;
  const { authenticator } = await memberWithPasskey(device, 'prf');

  await page.getByRole('button', { name: 'Rename: ' }).click();
  await page.getByLabel('Name of the passkey').fill('Blue key');
  await page.getByRole('button', { name: 'Save the name' }).click();
  await expect(rowOf(page)).toContainText('Blue key');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page.getByText('has a passkey of your account already')).toBeVisible();
  await page.getByRole('button', { name: 'Remove: Blue key' }).click();
  await page.getByRole('button', { name: 'Remove the passkey' }).click();
  await expect(rowOf(page)).toHaveCount(0);

  device.allow(/^401: POST .*authenticate\/verify/, /status of 401/);
  await app.signOut('keep');
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('This passkey was not accepted');

  await authenticator.failVerification();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('The passkey was not used');

  await authenticator.forget();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('The passkey was not used');
  await expect(page.getByLabel('E-mail')).toBeEditable();
});
