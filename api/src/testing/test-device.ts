import type { Session } from '@mana/shared/session/session';
import { createSessionDevice, type SessionDevice } from '@mana/shared/testing/session-device';
import { createTestBrowser, type TestBrowser } from './test-browser.ts';
import type { TestApp } from './test-app.ts';

/** A device with the real session layer in front of the real instance, and everything that it sent. */
export interface TestDevice {
  readonly device: SessionDevice;
  readonly session: Session;
  readonly browser: TestBrowser;
  /** Method, path and body of every request. */
  readonly sent: readonly string[];
  /** Bodies of every answer. */
  readonly received: readonly string[];
}

const baseUrl = 'http://localhost:4321';

/** `forge` may change each body on its way. */
export async function createTestDevice(app: TestApp, forge: (body: string) => string = (same) => same): Promise<TestDevice> {
  const sent: string[] = [];
  const received: string[] = [];
  const browser = createTestBrowser((request) => app.app.handle(request));
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const rawBody = typeof init.body === 'string' ? forge(init.body) : undefined;
    const headers = Object.fromEntries(new Headers(init.headers));
    sent.push(`${init.method} ${url} ${rawBody ?? ''}`);
    const answer = await browser.send(init.method ?? 'GET', new URL(url, baseUrl).href, {
      headers,
      ...(rawBody === undefined ? {} : { rawBody }),
    });
    received.push(answer.text);
    return new Response(answer.status === 204 ? null : answer.text, { status: answer.status, headers: answer.headers });
  };
  const device = createSessionDevice({ fetch, sent, offline: false, failing: undefined });
  const session = device.openTab();
  await session.start();
  return { device, session, browser, sent, received };
}
