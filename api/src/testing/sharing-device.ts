import type { Session } from '@mana/shared/session/session';
import type { Store } from '@mana/shared/store/store';
import type { Sync } from '@mana/shared/sync/status';
import { createSync } from '@mana/shared/sync/create-sync';
import { createHttpTransport, type LiveSocket } from '@mana/shared/sync/http-transport';
import { createSessionDevice } from '@mana/shared/testing/session-device';
import { createTestBrowser, type TestAnswer } from './test-browser.ts';
import type { TestApp } from './test-app.ts';

/** A person's device with real session, store and sync in front of the real instance, and a server between that may lie. */
export interface SharingDevice {
  readonly session: Session;
  readonly warnings: readonly string[];
  /** Changes the body of an answer. */
  lie: (path: string, text: string) => string;
  /** What a live message would bring about: reads the account, then exchanges until nothing is left. */
  catchUp(): Promise<void>;
  store(): Store;
  sync(): Sync;
  /** Calls the API with the person's session and nothing else. */
  call(method: string, path: string, body?: unknown): Promise<TestAnswer>;
}

const baseUrl = 'http://localhost:4321';
const nothing = (): void => undefined;
const silentSocket = (): LiveSocket => ({ send: nothing, close: nothing, onopen: null, onmessage: null, onclose: null });

/** One tab, always online; timers never ring: a test says when something is exchanged. */
const environment = {
  isOnline: () => true,
  onWake: () => nothing,
  lead: (run: (signal: AbortSignal) => Promise<void>) => {
    const end = new AbortController();
    void run(end.signal);
    return () => end.abort();
  },
  after: () => nothing,
};

/** Signs a person up on a device of their own. */
export async function createSharingDevice(app: TestApp, name: string): Promise<SharingDevice> {
  const browser = createTestBrowser((request) => app.app.handle(request));
  const call: SharingDevice['call'] = (method, path, body) => browser.send(method, path, body === undefined ? {} : { body });
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const rawBody = typeof init.body === 'string' ? init.body : undefined;
    const headers = Object.fromEntries(new Headers(init.headers));
    const parts = { headers, ...(rawBody === undefined ? {} : { rawBody }) };
    const answer = await browser.send(init.method ?? 'GET', new URL(url, baseUrl).href, parts);
    const text = answer.status === 204 ? null : device.lie(url, answer.text);
    return new Response(text, { status: answer.status, headers: answer.headers });
  };
  const kept = createSessionDevice({ fetch, sent: [], offline: false, failing: undefined }, (platform) => ({
    ...platform,
    openSync: ({ tokens: _, ...parts }) =>
      createSync({
        ...parts,
        environment,
        transport: createHttpTransport({ baseUrl: '', fetch, openSocket: silentSocket }),
      }),
  }));
  const session = kept.openTab();
  const open = () => {
    const state = session.state();
    if (state.kind !== 'open') throw new Error(`The session is ${state.kind}`);
    return state;
  };
  const device: SharingDevice = {
    session,
    warnings: kept.warnings,
    lie: (_, text) => text,
    async catchUp() {
      await session.refresh();
      await open().sync.syncNow();
    },
    store: () => open().store,
    sync: () => open().sync,
    call,
  };
  await session.start();
  const email = `${name.toLowerCase()}@example.org`;
  const signedUp = await session.signUp({ email, password: 'correct horse battery staple', name });
  if (!signedUp.ok) throw new Error(signedUp.error);
  return device;
}
