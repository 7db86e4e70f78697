import { err, ok, type Result } from '#base/result.ts';
import { ACCOUNT_HEADER, paths, WIRE_VERSION, WIRE_VERSION_HEADER } from '#wire/endpoints.ts';
import { isFailureCode, type FailureCode } from '#wire/failures.ts';
import { problemSchema } from '#wire/problem.ts';
import { liveMessageSchema, newestAnswerSchema, pullAnswerSchema, pushAnswerSchema, timeAnswerSchema, type LiveHello } from '#wire/sync.ts';
import * as z from 'zod/mini';
import type { Transport, TransportFailure } from './transport.ts';

/** A request without an answer for this long counts as lost, in milliseconds: a full page on a slow line fits. */
const timeoutMs = 30_000;

/** The part of a WebSocket that the live connection uses. */
export interface LiveSocket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

/** Parts of the transport over HTTP and WebSocket. */
export interface HttpTransportDeps {
  /** Origin of the API, without a slash at the end; empty for the page's own. */
  readonly baseUrl: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly openSocket: (url: string) => LiveSocket;
  /** Where no cookie signs in: a token that is valid now. */
  readonly accessToken?: () => Promise<Result<string, FailureCode>>;
  /** Where cookies sign in: whose. */
  readonly account?: string;
}

const failed = (code: TransportFailure['code'], retryAfterMs?: number): { ok: false; error: TransportFailure } =>
  err(retryAfterMs === undefined ? { code } : { code, retryAfterMs });

const byStatus: Readonly<Record<number, FailureCode>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'RATE_LIMITED',
  500: 'INTERNAL',
};

/** Why the server refused: its problem body, else what the status says (a proxy may answer in its place). */
async function failureOf(response: Response): Promise<{ ok: false; error: TransportFailure }> {
  const headerSec = Number(response.headers.get('retry-after') ?? Number.NaN);
  const headerMs = Number.isFinite(headerSec) ? headerSec * 1_000 : undefined;
  const problem = z.safeParse(problemSchema, await response.json().catch(() => undefined));
  if (problem.success && isFailureCode(problem.data.code)) {
    const { code, retryAfterSec } = problem.data;
    return failed(code, retryAfterSec === undefined ? headerMs : retryAfterSec * 1_000);
  }
  if (response.status === 408) return failed('OFFLINE', headerMs);
  return failed(byStatus[response.status] ?? (response.status >= 500 ? 'SERVICE_UNAVAILABLE' : 'MALFORMED_ANSWER'), headerMs);
}

function requestInit({ account }: HttpTransportDeps, token: string | undefined, body: unknown): RequestInit {
  const headers: Record<string, string> = { [WIRE_VERSION_HEADER]: String(WIRE_VERSION) };
  if (account !== undefined) headers[ACCOUNT_HEADER] = account;
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  const init: RequestInit = { headers, credentials: 'include', cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) };
  if (body === undefined) return init;
  return { ...init, method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Speaks to the API over fetch and WebSocket. */
export function createHttpTransport(deps: HttpTransportDeps): Transport {
  const request = async <T extends z.ZodMiniType>(
    path: string,
    answer: T,
    body?: unknown,
  ): Promise<Result<z.infer<T>, TransportFailure>> => {
    const token = await deps.accessToken?.();
    if (token && !token.ok) return failed(token.error);
    try {
      const response = await deps.fetch(`${deps.baseUrl}${path}`, requestInit(deps, token?.value, body));
      if (!response.ok) return await failureOf(response);
      const parsed = z.safeParse(answer, await response.json());
      return parsed.success ? ok(parsed.data) : failed('MALFORMED_ANSWER');
    } catch (error) {
      // A body that is no JSON is a SyntaxError; everything else that fetch throws is the network.
      return failed(error instanceof SyntaxError ? 'MALFORMED_ANSWER' : 'OFFLINE');
    }
  };

  return {
    async time() {
      const answer = await request(paths.time, timeAnswerSchema);
      return answer.ok ? ok(answer.value.now) : answer;
    },
    push: (push) => request(paths.push, pushAnswerSchema, push),
    pull: ({ space, cursor }) => request(`${paths.pull}?${new URLSearchParams({ space, cursor })}`, pullAnswerSchema),
    newest({ space, table, limit, before }) {
      const query = { space, table, limit: String(limit), ...(before === undefined ? {} : { before: String(before) }) };
      return request(`${paths.newest}?${new URLSearchParams(query)}`, newestAnswerSchema);
    },
    listen(device, listener) {
      const socket = deps.openSocket(`${deps.baseUrl.replace(/^http/, 'ws')}${paths.live}`);
      socket.onopen = async () => {
        const token = await deps.accessToken?.();
        if (token && !token.ok) return socket.close();
        const hello: LiveHello = {
          type: 'hello',
          device,
          ...(token ? { token: token.value } : {}),
          ...(deps.account === undefined ? {} : { account: deps.account }),
        };
        socket.send(JSON.stringify(hello));
      };
      socket.onmessage = ({ data }) => {
        const message = parseMessage(data);
        if (message) listener.onMessage(message);
        else socket.close();
      };
      socket.onclose = () => listener.onClose();
      return () => socket.close();
    },
  };
}

function parseMessage(text: unknown): z.infer<typeof liveMessageSchema> | undefined {
  try {
    const parsed = z.safeParse(liveMessageSchema, JSON.parse(String(text)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
