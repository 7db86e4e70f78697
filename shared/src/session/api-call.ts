import * as z from 'zod/mini';
import { err, ok, type Result } from '#base/result.ts';
import { WIRE_VERSION, WIRE_VERSION_HEADER } from '#wire/endpoints.ts';
import { isFailureCode, type FailureCode } from '#wire/failures.ts';
import { problemSchema } from '#wire/problem.ts';

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What calls of the API need. */
export interface ApiDeps {
  /** Origin of the server without a slash at its end; empty for the page's own. */
  readonly baseUrl: string;
  readonly fetch: Fetch;
  /** Whether the browser's session cookie goes along. */
  readonly cookies: boolean;
}

/** How long an answer may take, in milliseconds: a sign-in on a slow line, and an end for a line that is dead. */
const timeoutMs = 30_000;

/** One call of the API, and the shape of its answer. */
export interface ApiCall<Schema extends z.ZodMiniType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly answer: Schema;
  readonly body?: unknown;
  readonly accessToken?: string | undefined;
}

/** Calls the API; every failure is a code, `SERVICE_UNAVAILABLE` when it cannot be reached. */
export async function callApi<Schema extends z.ZodMiniType>(
  { baseUrl, fetch, cookies }: ApiDeps,
  { method, path, answer, body, accessToken }: ApiCall<Schema>,
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
