import { expect, test } from 'bun:test';
import type { Clock } from '@mana/shared/base/clock';
import { systemRandom } from '@mana/shared/base/random';
import { err, ok } from '@mana/shared/base/result';
import { PAIRING_CHANNEL } from '@mana/shared/session/pairing-channel';
import { PAIRING_LIFETIME_MS } from '@mana/shared/session/pairing-messages';
import { startPairingPage, type PairingWindow } from '@mana/shared/session/pairing-page';
import { newPairingKeyPair, openPairingPayload, sealPairingPayload } from '@mana/shared/session/pairing-payload';
import { createExtensionPairing, type PairingDeps, type PairingProgress } from './extension-pairing.ts';

const origin = 'http://localhost:4321';
const pageUrl = `${origin}/settings/extension`;
const accountId = '0199a3c2-0000-7000-8000-000000000001';
const fromPage = { channel: PAIRING_CHANNEL, from: 'page' };

function createExtension() {
  let kept: string | null = null;
  let nowMs = 1_000;
  const accepted: string[] = [];
  const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const deps: PairingDeps = {
    clock,
    random: systemRandom,
    keys: {
      newKeyPair: () => newPairingKeyPair(systemRandom),
      async accept({ privateB64, ...sealed }) {
        const payload = await openPairingPayload(privateB64, sealed);
        if (payload === undefined) return 'NOT_SEALED_FOR_US';
        accepted.push(payload.refreshToken);
        return 'ACCEPTED';
      },
    },
    progress: {
      read: () => Promise.resolve(kept === null ? null : (JSON.parse(kept) as PairingProgress)),
      write(progress) {
        kept = progress === null ? null : JSON.stringify(progress);
        return Promise.resolve();
      },
    },
    codeShown: () => Promise.resolve(),
    connected: () => Promise.resolve(),
  };
  return {
    accepted,
    /** A worker with nothing in memory but what the browser kept. */
    worker: () => createExtensionPairing(deps),
    later: (ms: number) => void (nowMs += ms),
  };
}

const seal = async (publicB64: string) =>
  (await sealPairingPayload(publicB64, { accountId, accountKey: systemRandom.bytes(32), refreshToken: 'first-token' })) ?? err('NONE');

/** A window whose messages also reach the extension, as its relay would carry them; `tamper` stands in between. */
function createPage(extension: ReturnType<typeof createExtension>, tamper: (reply: object) => object = (reply) => reply) {
  const listeners = new Set<(event: MessageEvent<unknown>) => void>();
  const sent: unknown[] = [];
  let busy: Promise<void> = Promise.resolve();
  const deliver = (data: unknown, more: { source?: unknown; origin?: string } = {}): void => {
    for (const listener of listeners) listener({ data, source: page, origin, ...more } as MessageEvent<unknown>);
  };
  const page: PairingWindow = {
    location: { origin },
    addEventListener: (_: string, listener: unknown) => void listeners.add(listener as (event: MessageEvent<unknown>) => void),
    removeEventListener: (_: string, listener: unknown) => void listeners.delete(listener as (event: MessageEvent<unknown>) => void),
    postMessage(message: unknown) {
      sent.push(message);
      busy = busy.then(async () => {
        const reply = await extension.worker().answer(message, pageUrl);
        if (reply !== null) deliver(tamper(reply));
      });
    },
  };
  const settle = async (): Promise<void> => {
    for (let seen: unknown; seen !== busy;) {
      seen = busy;
      await busy;
    }
  };
  return { page, sent, deliver, settle };
}

async function start(extension = createExtension(), tamper?: (reply: object) => object) {
  await extension.worker().expect(origin);
  const link = createPage(extension, tamper);
  const pairing = startPairingPage({
    window: link.page,
    random: systemRandom,
    seal: async (key) => {
      const sealed = await seal(key);
      return 'encB64' in sealed ? ok(sealed) : sealed;
    },
  });
  await link.settle();
  return { extension, link, pairing };
}

test('both sides show the same six digits, and the keys arrive after "Connect"', async () => {
  const { extension, link, pairing } = await start();
  const state = pairing.state();
  const view = await extension.worker().view();
  expect(state).toEqual({ kind: 'comparing', code: view?.code ?? '' });
  expect(view?.code).toMatch(/^\d{6}$/);
  expect(extension.accepted).toEqual([]);
  await pairing.connect();
  await link.settle();
  expect(pairing.state()).toEqual({ kind: 'connected' });
  expect(extension.accepted).toEqual(['first-token']);
});

test('nobody is answered unless the person asked to connect', async () => {
  const extension = createExtension();
  expect(await extension.worker().answer({ ...fromPage, kind: 'hello' }, pageUrl)).toBeNull();
});

test('a page of another origin or another path gets no answer', async () => {
  const { extension } = await start();
  const hello = { ...fromPage, kind: 'hello' };
  const foreign = ['https://evil.example/settings/extension', 'http://localhost:9999/settings/extension', `${origin}/notes`, undefined];
  for (const url of foreign) expect(await extension.worker().answer(hello, url)).toBeNull();
});

test('a message of another window or another origin changes nothing on the page', async () => {
  const { link, pairing } = await start(createExtension());
  pairing.restart();
  await link.settle();
  const before = pairing.state();
  const refusal = { channel: PAIRING_CHANNEL, from: 'extension', kind: 'refused', code: 'EXPIRED' };
  link.deliver(refusal, { source: {} });
  link.deliver(refusal, { origin: 'https://evil.example' });
  expect(pairing.state()).toEqual(before);
});

test('a payload counts once: its replay is not answered', async () => {
  const { extension, link, pairing } = await start();
  await pairing.connect();
  await link.settle();
  expect(await extension.worker().answer(link.sent.at(-1), pageUrl)).toBeNull();
  expect(extension.accepted).toEqual(['first-token']);
});

test('a key that was changed on the way breaks its commitment and is never sealed to', async () => {
  const other = await newPairingKeyPair(systemRandom);
  const { extension, pairing } = await start(createExtension(), (reply) =>
    'extensionPublicB64' in reply ? { ...reply, extensionPublicB64: other.publicB64 } : reply,
  );
  expect(pairing.state()).toEqual({ kind: 'refused', code: 'COMMITMENT_BROKEN' });
  await pairing.connect();
  expect(extension.accepted).toEqual([]);
});

test('a payload sealed to another key is refused', async () => {
  const { extension, link } = await start();
  const other = await newPairingKeyPair(systemRandom);
  const pairingId = link.sent.flatMap((message) => (message instanceof Object && 'pairingId' in message ? [message.pairingId] : []))[0];
  const answer = await extension.worker().answer({ ...fromPage, kind: 'sealed', pairingId, ...(await seal(other.publicB64)) }, pageUrl);
  expect(answer).toMatchObject({ kind: 'refused', code: 'NOT_SEALED_FOR_US' });
  expect(extension.accepted).toEqual([]);
});

test('a second challenge to the same key is refused, so that nobody tries nonces until digits agree', async () => {
  const { extension, link } = await start();
  const challenge = link.sent.find((message) => message instanceof Object && 'pageNonceB64' in message);
  expect(await extension.worker().answer(challenge, pageUrl)).toMatchObject({ kind: 'refused', code: 'OUT_OF_ORDER' });
});

test('a payload before the digits were shown is refused', async () => {
  const extension = createExtension();
  await extension.worker().expect(origin);
  const offer = await extension.worker().answer({ ...fromPage, kind: 'hello' }, pageUrl);
  const pairingId = offer?.kind === 'offer' ? offer.pairingId : '';
  const sealed = { ...fromPage, kind: 'sealed', pairingId, encB64: 'AAAA', ciphertextB64: 'AAAA' };
  expect(await extension.worker().answer(sealed, pageUrl)).toMatchObject({ kind: 'refused', code: 'OUT_OF_ORDER' });
});

test('an offer ends after ten minutes, and a new "hello" takes the place of the old one', async () => {
  const { extension, link } = await start();
  const old = link.sent.find((message) => message instanceof Object && 'pageNonceB64' in message);
  await extension.worker().answer({ ...fromPage, kind: 'hello' }, pageUrl);
  expect(await extension.worker().answer(old, pageUrl)).toMatchObject({ kind: 'refused', code: 'EXPIRED' });
  extension.later(PAIRING_LIFETIME_MS);
  expect(await extension.worker().view()).toBeNull();
  expect(await extension.worker().answer({ ...fromPage, kind: 'hello' }, pageUrl)).toBeNull();
});
