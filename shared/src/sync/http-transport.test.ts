import { expect, test } from 'bun:test';
import type { DeviceId } from '#base/hybrid-clock.ts';
import { err, ok } from '#base/result.ts';
import { problemOf } from '#wire/problem.ts';
import type { LiveMessage } from '#wire/sync.ts';
import { createHttpTransport, type HttpTransportDeps, type LiveSocket } from './http-transport.ts';

const space = '01890000-0000-7000-8000-0000000000aa';
const device = '0123456789abcdef' as DeviceId;

const answering = (answer: () => Response | Promise<Response>, more: Partial<HttpTransportDeps> = {}) => {
  const calls: { url: string; init: RequestInit }[] = [];
  const transport = createHttpTransport({
    baseUrl: 'http://mana.example',
    fetch: async (url, init) => {
      calls.push({ url, init });
      return answer();
    },
    openSocket: () => {
      throw new Error('no socket here');
    },
    ...more,
  });
  return { transport, calls };
};

test('an answer is validated: what this version does not understand is none', async () => {
  expect(await answering(() => Response.json({ now: 5 })).transport.time()).toEqual(ok(5));
  expect(await answering(() => Response.json({ now: 'soon' })).transport.time()).toEqual(err({ code: 'MALFORMED_ANSWER' }));
  expect(await answering(() => new Response('<html>')).transport.time()).toEqual(err({ code: 'MALFORMED_ANSWER' }));
});

test('a problem body gives its code and its wait', async () => {
  const problem = problemOf('RATE_LIMITED', { requestId: 'r', retryAfterSec: 7 });
  const { transport } = answering(() => Response.json(problem, { status: 429 }));
  expect(await transport.time()).toEqual(err({ code: 'RATE_LIMITED', retryAfterMs: 7_000 }));
});

test.each([
  [401, 'UNAUTHORIZED'],
  [408, 'OFFLINE'],
  [413, 'PAYLOAD_TOO_LARGE'],
  [429, 'RATE_LIMITED'],
  [502, 'SERVICE_UNAVAILABLE'],
  [418, 'MALFORMED_ANSWER'],
] as const)('a proxy that answers %i without a body means %s', async (status, code) => {
  const { transport } = answering(() => new Response('', { status, headers: { 'retry-after': '2' } }));
  expect(await transport.time()).toEqual(err({ code, retryAfterMs: 2_000 }));
});

test('a network that fails is offline, never an exception', async () => {
  const { transport } = answering(() => Promise.reject(new TypeError('failed to fetch')));
  expect(await transport.pull({ space, cursor: '1-0' })).toEqual(err({ code: 'OFFLINE' }));
});

test('a token is shown where no cookie signs in, and its failure is the answer', async () => {
  const { transport, calls } = answering(() => Response.json({ now: 1 }), { accessToken: async () => ok('secret') });
  await transport.time();
  expect(new Headers(calls[0]?.init.headers).get('authorization')).toBe('Bearer secret');
  const over = answering(() => Response.json({ now: 1 }), { accessToken: async () => err('UNAUTHORIZED') });
  expect([await over.transport.time(), over.calls.length]).toEqual([err({ code: 'UNAUTHORIZED' }), 0]);
});

function fakeSocket() {
  const sent: string[] = [];
  let closed = 0;
  const socket: LiveSocket = {
    send: (text) => void sent.push(text),
    close: () => {
      closed += 1;
      socket.onclose?.();
    },
    onopen: null,
    onmessage: null,
    onclose: null,
  };
  return { socket, sent, closed: () => closed };
}

test('the live connection says hello first, hands on what it understands, and closes on anything else', async () => {
  const { socket, sent, closed } = fakeSocket();
  const { transport } = answering(() => Response.json({}), { openSocket: () => socket });
  const heard: LiveMessage[] = [];
  let ended = 0;
  transport.listen(device, { onMessage: (message) => void heard.push(message), onClose: () => (ended += 1) });
  socket.onopen?.();
  await Promise.resolve();
  await Promise.resolve();
  expect(sent.map((text) => JSON.parse(text) as unknown)).toEqual([{ type: 'hello', device }]);
  socket.onmessage?.({ data: JSON.stringify({ type: 'nudge', space, seq: 4 }) });
  expect(heard).toEqual([{ type: 'nudge', space, seq: 4 }]);
  socket.onmessage?.({ data: '{"type":"surprise"}' });
  expect([closed(), ended]).toEqual([1, 1]);
});
