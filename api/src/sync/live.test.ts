import { paths } from '@mana/shared/wire/endpoints';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { listen, type Listener } from '../http/listen.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { fieldOf, newEnvelope, opOf, push, stampAt, testDevice } from '../testing/test-ops.ts';
import { emptySpace, signUp, type TestPerson } from '../testing/test-person.ts';
import { connectDevice, cookieOf, openSocket } from '../testing/test-socket.ts';

let app: TestApp;
let listener: Listener;
let person: TestPerson;
const otherDevice = 'ffffffffffffffff';
const send = (request: Request) => app.app.handle(request);

beforeAll(async () => {
  app = await createTestApp();
  listener = listen(app.deps, app.app);
  person = await signUp(send);
  await emptySpace(app.database, person);
}, 60_000);
afterAll(async () => {
  await listener.stop();
  await app.close();
});

const connect = (device: string, who = person) => connectDevice(listener.url.href, who, device);

const op = (who = person, bytes = 24) => opOf(who, { title: fieldOf(who, stampAt(app.clock.nowMs()), { v: newEnvelope(bytes) }) });

test('a change reaches the other device whole, and never the one that made it', async () => {
  const [own, other] = [await connect(testDevice), await connect(otherDevice)];
  expect(other.ready).toMatchObject({ type: 'ready', generation: 1, spaces: { [person.space]: 0 } });
  const change = op();
  await push(person, [change], { n: 1 });
  expect(await other.socket.next()).toMatchObject({
    type: 'change',
    space: person.space,
    before: 0,
    seq: 1,
    records: [{ id: change.id, fields: change.fields }],
  });
  expect(own.socket.waitingCount()).toBe(0);
  await push(person, [op(person, 20_000)], { n: 2 });
  expect(await other.socket.next()).toEqual({ type: 'nudge', space: person.space, seq: 2 });
  own.socket.close();
  other.socket.close();
});

test('where two devices go by one name, one is a copy: both hear of a change, until one has gone', async () => {
  const [one, copy] = [await connect(testDevice), await connect(testDevice)];
  const change = op();
  await push(person, [change], { n: 3 });
  for (const { socket } of [one, copy]) expect(await socket.next()).toMatchObject({ type: 'change', records: [{ id: change.id }] });
  copy.socket.close();
  await copy.socket.next();
  const [last, other] = [op(), await connect(otherDevice)];
  await push(person, [last], { n: 4 });
  expect(await other.socket.next()).toMatchObject({ type: 'change', records: [{ id: last.id }] });
  expect(one.socket.waitingCount()).toBe(0);
  one.socket.close();
  other.socket.close();
});

test('a stranger hears nothing of it', async () => {
  const stranger = await signUp(send);
  const { socket } = await connect(otherDevice, stranger);
  await push(person, [op()], { n: 5 });
  await push(stranger, [op(stranger)], { n: 1 });
  expect(await socket.next()).toMatchObject({ space: stranger.space });
  socket.close();
});

test('an access token opens the socket where there is no cookie', async () => {
  const { refreshToken } = (await person.browser.send('POST', paths.pair)).json;
  const { accessToken } = (await person.browser.send('POST', paths.token, { body: { refreshToken } })).json;
  const socket = openSocket(listener.url.href, { origin: 'moz-extension://0195d000-0000-7000-8000-000000000001' });
  await socket.opened;
  socket.say({ type: 'hello', device: otherDevice, token: accessToken });
  expect(await socket.next()).toMatchObject({ type: 'ready' });
  socket.close();
});

test('without a session, with a malformed hello or from another site there is no socket', async () => {
  const nobody = openSocket(listener.url.href);
  await nobody.opened;
  nobody.say({ type: 'hello', device: otherDevice });
  expect([await nobody.next(), await nobody.next()]).toEqual([{ type: 'session' }, 'closed']);
  const rude = openSocket(listener.url.href, cookieOf(person));
  await rude.opened;
  rude.say({ type: 'hello', device: otherDevice, more: 1 });
  expect(await rude.next()).toBe('closed');
  await expect(openSocket(listener.url.href, { ...cookieOf(person), origin: 'https://evil.example' }).opened).rejects.toThrow('refused');
});

test('ending a session ends its sockets', async () => {
  const leaving = await signUp(send);
  const { socket } = await connect(otherDevice, leaving);
  await leaving.browser.send('POST', paths.logout);
  expect([await socket.next(), await socket.next()]).toEqual([{ type: 'session' }, 'closed']);
});

test('of two hellos at once the second is one too many', async () => {
  const socket = openSocket(listener.url.href, cookieOf(person));
  await socket.opened;
  socket.say({ type: 'hello', device: otherDevice });
  socket.say({ type: 'hello', device: otherDevice });
  // The first may still be answered before the socket ends.
  const first = await socket.next();
  expect(first === 'closed' ? first : await socket.next()).toBe('closed');
});

test('a stopping server says goodbye', async () => {
  const own = listen(app.deps, app.app);
  const { socket } = await connectDevice(own.url.href, person, otherDevice);
  const startMs = performance.now();
  await own.stop();
  expect(performance.now() - startMs).toBeLessThan(10_000);
  expect([await socket.next(), await socket.next()]).toEqual([{ type: 'bye' }, 'closed']);
});
