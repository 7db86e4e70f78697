import { expect, test } from 'bun:test';
import { systemRandom } from '#base/random.ts';
import { createKeyring } from '#crypto/keyring.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import type { FromPullWorker, ToPullWorker } from './pull-messages.ts';
import { openWorkerDesk, type PullWorker } from './worker-desk.ts';

const space = '0199a000-0000-7000-8000-000000000002';

async function open() {
  const heard: ToPullWorker[] = [];
  const listeners = new Map<string, (event: MessageEvent<FromPullWorker>) => void>();
  let isEnded = false;
  const worker: PullWorker = {
    postMessage: (message) => void heard.push(message),
    terminate: () => void (isEnded = true),
    addEventListener: (type: string, listener: (event: MessageEvent<FromPullWorker>) => void) => void listeners.set(type, listener),
  };
  const keyring = await createKeyring({
    accountKey: systemRandom.bytes(32),
    spaceKeys: [{ space, epoch: 1, key: systemRandom.bytes(32) }],
  });
  const store = { self: 'user:ada', homeSpace: space } as unknown as OutboxStore;
  const refreshKeys = () => keyring.addSpaceKey({ space, epoch: 2, key: systemRandom.bytes(32) });
  const desk = openWorkerDesk({ store, keyring, baseUrl: '', name: 'mana-ada', refreshKeys, warn: () => undefined }, worker);
  const say = (data?: FromPullWorker, type = 'message') => listeners.get(type)?.({ data } as MessageEvent<FromPullWorker>);
  return { desk, keyring, heard, say, isEnded: () => isEnded };
}

const epochsIn = (message: ToPullWorker | undefined): number[] | undefined =>
  message?.kind === 'keys' ? message.keys?.spaces.map(({ epoch }) => epoch) : undefined;

test('a worker gets the keys as keys and answers one page at a time', async () => {
  const { desk, heard, say } = await open();
  expect(heard[0]).toMatchObject({ kind: 'open', work: { database: 'mana-ada', self: 'user:ada', homeSpace: space } });
  const pulled = desk.pull(space);
  const page = { ok: true as const, value: { left: 3, count: 2, place: {} as never } };
  say({ kind: 'pulled', page });
  expect(await pulled).toEqual(page);
});

test('a worker that asks for keys gets those that came since', async () => {
  const { heard, say } = await open();
  say({ kind: 'keys-please' });
  for (let turn = 0; turn < 50 && heard.length < 2; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
  expect(epochsIn(heard.at(-1))).toEqual([1, 2]);
});

test('a lock ends the worker at once, with what it was doing', async () => {
  const { desk, isEnded } = await open();
  const pulled = desk.pull(space);
  desk.close();
  expect([isEnded(), await pulled, await desk.pull(space)]).toEqual([true, undefined, undefined]);
});

test('a worker that cannot be loaded says so, and the page reads by itself', async () => {
  const { desk, say, isEnded } = await open();
  const pulled = desk.pull(space);
  say(undefined, 'error');
  expect([await pulled, isEnded()]).toEqual([undefined, true]);
});
