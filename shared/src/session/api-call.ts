import * as z from 'zod/mini';
import { err, ok, type Result } from '#base/result.ts';
import { ACCOUNT_HEADER, WIRE_VERSION, WIRE_VERSION_HEADER } from '#wire/endpoints.ts';
import { isFailureCode, type FailureCode } from '#wire/failures.ts';
import { problemSchema } from '#wire/problem.ts';

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What calls of the API need. */
export interface ApiDeps {
  /** Origin of the server without a slash at its end; empty for the page's own. */
  readonly baseUrl: string;
  readonly fetch: Fetch;
  /** Whether the browser's session cookies go along. */
  readonly cookies: boolean;
  /** Whose session acts where a call does not say. */
  readonly account?: string | undefined;
}

/** As whom a call is made: by an access token, or by the browser's session of an account. */
export type Credential = { readonly accessToken: string } | { readonly account: string };

/** How long an answer may take, in milliseconds: a sign-in on a slow line, and an end for a line that is dead. */
const timeoutMs = 30_000;

/** One call of the API, and the shape of its answer. */
export interface ApiCall<Schema extends z.ZodMiniType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly answer: Schema;
  readonly body?: unknown;
  readonly credential?: Credential | undefined;
}

const headersOf = (credential: Credential): Record<string, string> =>
  'account' in credential ? { [ACCOUNT_HEADER]: credential.account } : { authorization: `Bearer ${credential.accessToken}` };

/** Calls the API; every failure is a code, `SERVICE_UNAVAILABLE` when it cannot be reached. */
export async function callApi<Schema extends z.ZodMiniType>(
  { baseUrl, fetch, cookies, account }: ApiDeps,
  { method, path, answer, body, credential = account === undefined ? undefined : { account } }: ApiCall<Schema>,
): Promise<Result<z.output<Schema>, FailureCode>> {
  const headers: Record<string, string> = { [WIRE_VERSION_HEADER]: String(WIRE_VERSION), ...(credential && headersOf(credential)) };
  if (body !== undefined) headers['content-type'] = 'application/json';
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
