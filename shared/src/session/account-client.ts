import * as z from 'zod/mini';
import { err, ok, type Result } from '#base/result.ts';
import * as wire from '#wire/account.ts';
import { paths, WIRE_VERSION, WIRE_VERSION_HEADER } from '#wire/endpoints.ts';
import { isFailureCode, type FailureCode } from '#wire/failures.ts';
import { problemSchema } from '#wire/problem.ts';

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What the account's calls need. */
export interface AccountClientDeps {
  /** Origin of the server without a slash at its end; empty for the page's own. */
  readonly baseUrl: string;
  readonly fetch: Fetch;
  /** Whether the browser's session cookie goes along. */
  readonly cookies: boolean;
}

type Answer<Value> = Promise<Result<Value, FailureCode>>;
type Input<Schema extends z.ZodMiniType> = z.input<Schema>;

/** Calls of the account's endpoints; every failure is a code. */
export interface AccountClient {
  registerStart(body: Input<typeof wire.registerStartRequestSchema>): Answer<z.output<typeof wire.registerStartAnswerSchema>>;
  registerFinish(body: Input<typeof wire.registerFinishRequestSchema>): Answer<wire.SignedIn>;
  loginStart(body: Input<typeof wire.loginStartRequestSchema>): Answer<z.output<typeof wire.loginStartAnswerSchema>>;
  loginFinish(body: Input<typeof wire.loginFinishRequestSchema>): Answer<wire.SignedIn>;
  loginAbandon(body: Input<typeof wire.loginAbandonRequestSchema>): Answer<unknown>;
  token(refreshToken: string): Answer<z.output<typeof wire.tokenAnswerSchema>>;
  session(accessToken?: string): Answer<wire.Account>;
  logout(accessToken?: string): Answer<unknown>;
  pair(accessToken?: string): Answer<string>;
  putRecoveryWrap(wrap: wire.Wrap, accessToken?: string): Answer<unknown>;
}

/** How long an answer may take, in milliseconds: a sign-in on a slow line, and an end for a line that is dead. */
const timeoutMs = 30_000;

interface Call<Schema extends z.ZodMiniType> {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly answer: Schema;
  readonly body?: unknown;
  readonly accessToken?: string | undefined;
}

const anything = z.unknown();

/** The account's endpoints over HTTP. */
export function createAccountClient(deps: AccountClientDeps): AccountClient {
  const call = <Schema extends z.ZodMiniType>(request: Call<Schema>) => send(deps, request);
  const post = <Schema extends z.ZodMiniType>(path: string, answer: Schema, body: unknown) => call({ method: 'POST', path, answer, body });
  return {
    registerStart: (body) => post(paths.registerStart, wire.registerStartAnswerSchema, body),
    registerFinish: (body) => post(paths.registerFinish, wire.signedInAnswerSchema, body),
    loginStart: (body) => post(paths.loginStart, wire.loginStartAnswerSchema, body),
    loginFinish: (body) => post(paths.loginFinish, wire.signedInAnswerSchema, body),
    loginAbandon: (body) => post(paths.loginAbandon, anything, body),
    token: (refreshToken) => post(paths.token, wire.tokenAnswerSchema, { refreshToken }),
    async session(accessToken) {
      const answer = await call({ method: 'GET', path: paths.session, answer: wire.sessionAnswerSchema, accessToken });
      return answer.ok ? ok(answer.value.account) : answer;
    },
    logout: (accessToken) => call({ method: 'POST', path: paths.logout, answer: anything, body: {}, accessToken }),
    async pair(accessToken) {
      const answer = await call({ method: 'POST', path: paths.pair, answer: wire.pairAnswerSchema, body: {}, accessToken });
      return answer.ok ? ok(answer.value.refreshToken) : answer;
    },
    putRecoveryWrap: (wrap, accessToken) =>
      call({ method: 'PUT', path: paths.recoveryWrap, answer: anything, body: { wrap }, accessToken }),
  };
}

async function send<Schema extends z.ZodMiniType>(
  { baseUrl, fetch, cookies }: AccountClientDeps,
  { method, path, answer, body, accessToken }: Call<Schema>,
): Promise<Result<z.output<Schema>, FailureCode>> {
  const headers: Record<string, string> = { [WIRE_VERSION_HEADER]: String(WIRE_VERSION) };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (accessToken !== undefined) headers['authorization'] = `Bearer ${accessToken}`;
  try {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers,
      credentials: cookies ? 'same-origin' : 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return response.ok ? readAnswer(answer, text) : err(codeOf(text));
  } catch {
    return err('SERVICE_UNAVAILABLE');
  }
}

function readAnswer<Schema extends z.ZodMiniType>(schema: Schema, text: string): Result<z.output<Schema>, FailureCode> {
  const parsed = z.safeParse(schema, text === '' ? undefined : parseJson(text));
  return parsed.success ? ok(parsed.data) : err('INTERNAL');
}

/** An error without a problem body is a proxy's or a captive portal's: the service was not reached. */
function codeOf(text: string): FailureCode {
  const problem = z.safeParse(problemSchema, parseJson(text));
  if (!problem.success) return 'SERVICE_UNAVAILABLE';
  return isFailureCode(problem.data.code) ? problem.data.code : 'INTERNAL';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
