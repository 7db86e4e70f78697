import { paths } from '@mana/shared/wire/endpoints';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { createTestDevice, type TestDevice } from '../testing/test-device.ts';
import { signUp } from '../testing/test-person.ts';

const slow = 120_000; // ms; Argon2id runs for every password

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
}, slow);
afterAll(() => app.close());

interface Place {
  readonly id: string;
  readonly client: string;
  readonly current: boolean;
}
const placesOf = async ({ browser }: TestDevice): Promise<readonly Place[]> =>
  ((await browser.send('GET', paths.sessions)).json as { sessions: Place[] }).sessions;

test(
  'a lost device: one act ends its browser and its extension, every space gets a new key, and the owner can read of it',
  async () => {
    const [kept, lost] = [await createTestDevice(app), await createTestDevice(app)];
    const input = { email: `rosa-${crypto.randomUUID()}@example.org`, password: 'correct horse battery staple' };
    expect((await kept.session.signUp(input)).ok).toBe(true);
    const made = await kept.session.spaces.make({ type: 'family', name: 'Home' });
    expect(made.ok).toBe(true);
    expect((await lost.session.signIn(input)).ok).toBe(true);
    await lost.browser.send('POST', paths.pair);
    const others = (await placesOf(kept)).filter(({ current }) => !current).map(({ id }) => id);
    expect(others).toHaveLength(2);
    expect(await kept.session.loseDevice(others)).toEqual({ ok: true, value: { left: 0 } });
    expect((await lost.browser.send('GET', paths.session)).status).toBe(401);
    expect(await placesOf(kept)).toMatchObject([{ current: true }]);
    const epochs = await app.database.asOwner('select type::text, epoch from sync.spaces order by 1');
    expect(epochs).toEqual([
      { type: 'family', epoch: 2 },
      { type: 'personal', epoch: 2 },
    ]);
    expect(kept.session.spaces.list()).toMatchObject([{ type: 'family', epoch: 2 }]);
    const { events } = (await kept.browser.send('GET', paths.securityLog)).json as { events: { event: string }[] };
    expect(events[0]?.event).toBe('DEVICE_LOST');
    expect(await app.database.asOwner(`select count(*)::int as told from auth.mails where state = 'waiting'`)).not.toEqual([{ told: 0 }]);
  },
  slow,
);

test('neither the device in hand nor somebody else’s is lost by it, and nothing ends then', async () => {
  const [person, stranger] = [await signUp((request) => app.app.handle(request)), await signUp((request) => app.app.handle(request))];
  const own = ((await person.browser.send('GET', paths.sessions)).json as { sessions: Place[] }).sessions.map(({ id }) => id);
  const lose = async (browser: typeof person.browser) =>
    (await browser.send('POST', paths.lostDevice, { body: { sessions: own } })).json['code'];
  expect(await lose(person.browser)).toBe('CONFLICT');
  expect(await lose(stranger.browser)).toBe('NOT_FOUND');
  expect((await person.browser.send('GET', paths.session)).status).toBe(200);
});
