import { ACCOUNT_HEADER, paths } from '@mana/shared/wire/endpoints';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { listen } from '../http/listen.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { createTestBrowser, type TestBrowser } from '../testing/test-browser.ts';
import { signUp, trySignIn, type TestPerson } from '../testing/test-person.ts';
import { openSocket } from '../testing/test-socket.ts';

let app: TestApp;
const send = (request: Request) => app.app.handle(request);

beforeAll(async () => {
  app = await createTestApp();
}, 60_000);
afterAll(() => app.close());

/** Two people who are signed in to one browser. */
async function oneBrowser() {
  const [ada, bob] = [await signUp(send), await signUp(send)];
  const browser = createTestBrowser(send);
  for (const person of [ada, bob]) expect((await trySignIn(browser, person)).status).toBe(200);
  return { browser, ada, bob };
}

const as = ({ account }: TestPerson) => ({ headers: { [ACCOUNT_HEADER]: account.id } });
const nameOf = ({ account }: TestPerson) => `mana-session-${account.id}`;

async function whoIs(browser: TestBrowser, parts = {}): Promise<unknown> {
  const answer = await browser.send('GET', paths.session, parts);
  return answer.status === 200 ? (answer.json['account'] as { id: string }).id : answer.json['code'];
}

describe('of two accounts in one browser', () => {
  test('a request acts for the one that it names, and for none where it names none or another', async () => {
    const { browser, ada, bob } = await oneBrowser();
    expect(await whoIs(browser, as(ada))).toBe(ada.account.id);
    expect(await whoIs(browser, as(bob))).toBe(bob.account.id);
    expect(await whoIs(browser)).toBe('UNAUTHORIZED');
    expect(await whoIs(browser, as(await signUp(send)))).toBe('UNAUTHORIZED');
    browser.cookies.set(nameOf(bob), browser.cookies.get(nameOf(ada)) ?? '');
    expect(await whoIs(browser, as(bob)), 'the session of another account under its name').toBe('UNAUTHORIZED');
  });

  test('each signs out alone', async () => {
    const { browser, ada, bob } = await oneBrowser();
    expect((await browser.send('POST', paths.logout, as(ada))).status).toBe(204);
    expect(await whoIs(browser, as(ada))).toBe('UNAUTHORIZED');
    expect(await whoIs(browser, as(bob))).toBe(bob.account.id);
    expect(await whoIs(browser), 'who is alone need not be named').toBe(bob.account.id);
  });

  test('the live socket listens for the one that its hello names', async () => {
    const { browser, ada } = await oneBrowser();
    const listener = listen(app.deps, app.app);
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
    const greeted = async (hello: object) => {
      const socket = openSocket(listener.url.href, { cookie, origin: 'http://localhost:4321' });
      await socket.opened;
      socket.say({ type: 'hello', device: 'ffffffffffffffff', ...hello });
      const answer = await socket.next();
      socket.close();
      return answer;
    };
    expect(await greeted({ account: ada.account.id })).toMatchObject({ type: 'ready', spaces: { [ada.space]: expect.any(Number) } });
    expect(await greeted({})).toEqual({ type: 'session' });
    await listener.stop();
  });
});

test('who signs in again in the same browser leaves no second session behind; a client that is connected takes none away', async () => {
  const person = await signUp(send);
  const countSessions = async () => ((await person.browser.send('GET', paths.sessions)).json['sessions'] as unknown[]).length;
  expect((await trySignIn(person.browser, person)).status).toBe(200);
  expect(await countSessions()).toBe(1);
  expect((await person.browser.send('POST', paths.pair)).status).toBe(200);
  expect(await countSessions()).toBe(2);
});
