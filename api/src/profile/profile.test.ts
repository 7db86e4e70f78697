import { afterAll, beforeAll, expect, test } from 'bun:test';
import { paths } from '@mana/shared/wire/endpoints';
import { MAX_PHOTO_LENGTH } from '@mana/shared/wire/limits';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { signUp, trySignIn } from '../testing/test-person.ts';
import { createTestBrowser } from '../testing/test-browser.ts';

let app: TestApp;
const send = (request: Request) => app.app.handle(request);

beforeAll(async () => {
  app = await createTestApp();
}, 60_000);
afterAll(() => app.close());

const photo = `data:image/webp;base64,${Buffer.from('a small picture').toString('base64')}`;

test('name, photo and what the community shows are changed one by one, and stay for the next device', async () => {
  const person = await signUp(send);
  const change = async (body: unknown) => (await person.browser.send('PATCH', paths.profile, { body })).json;
  expect((await person.browser.send('GET', paths.me)).json).toMatchObject({
    id: person.account.id,
    profile: { photo: null, communityShowRealName: false, onboardedAt: null },
  });
  await change({ name: ' Rosa Grün ' });
  await change({ photo });
  const changed = await change({ communityShowRealName: true });
  expect(changed).toMatchObject({ name: 'Rosa Grün', profile: { photo, communityShowRealName: true } });
  const second = await trySignIn(createTestBrowser(send), person);
  expect(second.json['account']).toMatchObject({ name: 'Rosa Grün', profile: { photo, communityShowRealName: true } });
  expect(await change({ photo: null })).toMatchObject({ profile: { photo: null, communityShowRealName: true } });
});

test('a profile belongs to one account', async () => {
  const [ada, bob] = [await signUp(send), await signUp(send)];
  await ada.browser.send('PATCH', paths.profile, { body: { name: 'Ada', photo } });
  expect((await bob.browser.send('GET', paths.me)).json).toMatchObject({ id: bob.account.id, profile: { photo: null } });
});

test('a name that is empty or too long, and a photo that is none or too large, are refused by their path', async () => {
  const { browser } = await signUp(send);
  const bad: readonly (readonly [string, unknown])[] = [
    ['name', ' '],
    ['name', 'x'.repeat(81)],
    ['name', 'a\u0000b'],
    ['photo', 'data:image/svg+xml;base64,AAAA'],
    ['photo', 'https://elsewhere.example/me.png'],
    ['photo', `data:image/png;base64,${'A'.repeat(MAX_PHOTO_LENGTH)}`],
    ['communityShowRealName', 'yes'],
  ];
  for (const [field, value] of bad) {
    const answer = await browser.send('PATCH', paths.profile, { body: { [field]: value } });
    expect([answer.status, answer.json['code']]).toEqual([400, 'VALIDATION']);
    expect(answer.json['issues']).toMatchObject([{ path: field }]);
  }
});

test('finishing the first screens takes effect at once, the first time counts, and it can be taken back', async () => {
  const { browser } = await signUp(send);
  const status = async () => (await browser.send('GET', paths.onboarding)).json['completedAt'];
  expect(await status()).toBeNull();
  const first = (await browser.send('POST', paths.onboardingComplete)).json['completedAt'];
  expect(await status()).toBe(first as string);
  app.clock.advance(86_400_000);
  await browser.send('POST', paths.onboardingComplete);
  expect(await status()).toBe(first as string);
  await browser.send('PATCH', paths.onboardingReset);
  expect(await status()).toBeNull();
});
