import { failureRules } from '@mana/shared/wire/failures';
import { paths } from '@mana/shared/wire/endpoints';
import { MAX_BODY_BYTES } from '@mana/shared/wire/limits';
import { problemSchema } from '@mana/shared/wire/problem';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { parse } from 'zod/v4/core';
import { allRoutes } from './app.ts';
import type { Route } from './http/route.ts';
import { createTestApp, type TestApp } from './testing/test-app.ts';
import { createTestBrowser, type RequestParts, type TestAnswer } from './testing/test-browser.ts';
import { signUp, type TestPerson } from './testing/test-person.ts';

/** Routes that anybody may call; every other one asks who is calling. */
const open = [
  'GET /.well-known/jwks.json',
  'GET /.well-known/webauthn',
  'GET /api/openapi.json',
  'GET /api/v1/auth/passkeys/capability',
  'GET /api/v1/auth/signup-status',
  'GET /api/v1/sync/time',
  'GET /health/live',
  'GET /health/ready',
  'POST /api/v1/auth/email/change/finish',
  'POST /api/v1/auth/email/change/undo',
  'POST /api/v1/auth/email/resend',
  'POST /api/v1/auth/email/verify',
  'POST /api/v1/auth/login/abandon',
  'POST /api/v1/auth/login/finish',
  'POST /api/v1/auth/login/start',
  'POST /api/v1/auth/passkeys/authenticate/options',
  'POST /api/v1/auth/passkeys/authenticate/verify',
  'POST /api/v1/auth/recovery/finish',
  'POST /api/v1/auth/recovery/start',
  'POST /api/v1/auth/register/finish',
  'POST /api/v1/auth/register/start',
  'POST /api/v1/auth/token',
];

let app: TestApp;
let person: TestPerson;
let routes: readonly Route[];
const send = (request: Request) => app.app.handle(request);
const stranger = () => createTestBrowser(send);

beforeAll(async () => {
  app = await createTestApp();
  person = await signUp(send);
  routes = allRoutes(app.deps);
}, 60_000);
afterAll(() => app.close());

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const addressOf = ({ path }: Route) => path.replace(':id', crypto.randomUUID());
const call = (browser: ReturnType<typeof stranger>, route: Route, parts: RequestParts = {}) =>
  browser.send(
    route.method,
    addressOf(route),
    route.body && parts.body === undefined && parts.rawBody === undefined ? { body: {}, ...parts } : parts,
  );

function expectProblem(answer: TestAnswer, status: number, code: string): void {
  const problem = parse(problemSchema, answer.json);
  expect([answer.status, problem.status, problem.code]).toEqual([status, status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('x-request-id')).toBe(problem.requestId);
}

describe('every route', () => {
  test('asks for a session unless it is listed', async () => {
    expect(
      routes
        .filter(({ access }) => access === 'public')
        .map(nameOf)
        .toSorted(),
    ).toEqual(open);
    for (const route of routes.filter(({ access }) => access === 'session'))
      expectProblem(await call(stranger(), route), 401, 'UNAUTHORIZED');
  });

  test('is described, and nothing else is', async () => {
    const description = (await stranger().send('GET', '/api/openapi.json')).json as { paths: Record<string, object> };
    const described = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(routes.map((route) => nameOf(route).replace(/:(\w+)/, '{$1}')).toSorted());
  });

  test('refuses an unknown field', async () => {
    for (const route of routes.filter(({ body }) => body))
      expectProblem(await call(person.browser, route, { body: { invented: 1 } }), 400, 'VALIDATION');
  });

  test('refuses what is no JSON, no object, or not said to be JSON', async () => {
    for (const route of routes.filter(({ body }) => body)) {
      for (const rawBody of ['{', '', 'null', '[]', '"text"', '\u0000'])
        expectProblem(await call(person.browser, route, { rawBody }), 400, 'VALIDATION');
      expectProblem(await call(person.browser, route, { rawBody: '{}', headers: { 'content-type': 'text/plain' } }), 400, 'VALIDATION');
    }
  });

  test('refuses more than a megabyte', async () => {
    const rawBody = `{"a":"${'x'.repeat(MAX_BODY_BYTES)}"}`;
    for (const route of routes.filter(({ body }) => body))
      expectProblem(await call(person.browser, route, { rawBody }), 413, 'PAYLOAD_TOO_LARGE');
  });

  test('that changes anything refuses other sites', async () => {
    for (const route of routes.filter(({ method }) => method !== 'GET')) {
      for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: 'http://localhost:9999' }]) {
        expectProblem(await call(person.browser, route, { headers }), 403, 'FORBIDDEN');
      }
    }
    const request = new Request(`http://localhost:4321${paths.logout}`, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } });
    expect((await send(request)).status).toBe(403);
  });

  test('answers with and without a slash at the end', async () => {
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      const [plain, slashed] = [await call(person.browser, route), await person.browser.send('GET', `${addressOf(route)}/`)];
      expect(slashed.status).toBe(plain.status);
    }
  });

  test('sends the security headers', async () => {
    for (const route of routes) {
      const { headers } = await call(stranger(), route);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });

  test('repeats nothing that was sent, nor writes it to the log', async () => {
    const canary = 'canary-7f3a';
    for (const route of routes) {
      const parts: RequestParts = route.body
        ? {
            body: {
              email: canary,
              attempt: canary,
              [canary]: canary,
              ops: [{ op: canary, fields: { [canary]: canary } }],
              wrap: { kind: canary },
            },
          }
        : {};
      const address = `${route.path.replace(':id', canary)}?${route.query ? `space=${canary}&${canary}=${canary}` : ''}`;
      const answer = await person.browser.send(route.method, address, { ...parts, headers: { 'x-canary': canary, 'user-agent': canary } });
      expect(`${nameOf(route)} ${answer.text}`).not.toContain(canary);
      expect([...answer.headers.values()].join()).not.toContain(canary);
    }
    const log = app.logLines.join('');
    for (const secret of [canary, person.email, person.password, ...person.browser.cookies.values()]) expect(log).not.toContain(secret);
  });
});

describe('what is no route', () => {
  test('is a problem too', async () => {
    for (const path of ['/api/nothing', '/api/v1/auth', '/health/none', '/api/v1/sync/push'])
      expectProblem(await stranger().send('GET', path), 404, 'NOT_FOUND');
  });

  test('an id that is no UUID is malformed', async () => {
    await signUp(send).then(async ({ browser }) => expectProblem(await browser.send('DELETE', `${paths.sessions}/1`), 400, 'VALIDATION'));
  });
});

describe('the extension', () => {
  const origin = 'chrome-extension://obbjdcidlffnficinjjgofcbbkjmjbab';

  test('may read answers, a preflight included; other origins may not', async () => {
    const preflight = (from: string) =>
      send(new Request(`http://localhost:4321${paths.push}`, { method: 'OPTIONS', headers: { origin: from } }));
    expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBe(origin);
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    const failed = await stranger().send('GET', paths.session, { headers: { origin } });
    expect([failed.status, failed.headers.get('access-control-allow-origin')]).toEqual([401, origin]);
    expect(failed.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

test('every code has one status, and those that ask to wait are retryable', () => {
  for (const rule of Object.values(failureRules)) expect(rule.retryable === 'after').toBe(rule.status === 429);
});

test('a signed-in cookie on a public address is Secure and bound to the host', async () => {
  const own = await createTestApp({ PUBLIC_URL: 'https://mana.example' });
  const sendOwn = (request: Request) => {
    request.headers.set('origin', 'https://mana.example');
    return own.app.handle(request);
  };
  const { browser, account } = await signUp(sendOwn);
  expect([...browser.cookies.keys()].toSorted()).toEqual([
    expect.stringMatching(/^__Host-mana-known-[0-9a-f]{32}$/),
    `__Host-mana-session-${account.id}`,
  ]);
  const answer = await browser.send('GET', paths.session);
  expect([answer.status, answer.headers.get('strict-transport-security')]).toEqual([200, 'max-age=31536000; includeSubDomains']);
  await own.close();
}, 30_000);
