import { newId } from '@mana/shared/base/ids';
import { err, ok, type Result } from '@mana/shared/base/result';
import { failureRules } from '@mana/shared/wire/failures';
import { problemOf } from '@mana/shared/wire/problem';
import * as z from 'zod/v4/core';
import type { Deps } from '../deps.ts';
import { classify, databaseCause, issuesOf } from './classify.ts';
import { failure, type Failure } from './failure.ts';
import { addCorsHeaders, addSecurityHeaders } from './headers.ts';
import { isForgedRequest } from './origin.ts';
import { readJsonBody } from './read-body.ts';
import type { Call, Caller, Reply, Route } from './route.ts';

/** A caller, and the cookie that prolongs the session when it is due. */
export interface Authenticated {
  readonly caller: Caller;
  readonly cookie?: string;
}

type Authenticate = (request: Request) => Promise<Result<Authenticated, Failure>>;

export type ServeDeps = Pick<Deps, 'config' | 'clock' | 'random' | 'log' | 'trouble'> & { readonly authenticate: Authenticate };

/** Answers one request for one route: the only place where a result, or something thrown, becomes HTTP. */
export async function serve(
  deps: ServeDeps,
  route: Route,
  arrival: { request: Request; params: Record<string, string> },
): Promise<Response> {
  const startMs = deps.clock.monotonicMs();
  const requestId = newId(deps);
  const outcome = await answer(deps, route, { ...arrival, requestId }).catch((thrown: unknown) => err(failureOf(deps, requestId, thrown)));
  const response = outcome.ok ? replyResponse(outcome.value) : problemResponse(outcome.error, requestId);
  finishHeaders(deps, response, { request: arrival.request, requestId });
  const code = outcome.ok ? undefined : outcome.error.code;
  deps.log(levelOf(outcome), 'request', {
    requestId,
    method: route.method,
    route: route.path,
    status: response.status,
    ms: Math.round(deps.clock.monotonicMs() - startMs),
    code,
  });
  return response;
}

/** The answer to a browser that asks what another origin may send. */
export function servePreflight(deps: ServeDeps, request: Request): Response {
  const response = new Response(null, { status: 204 });
  finishHeaders(deps, response, { request, requestId: newId(deps) });
  return response;
}

/** The answer to what is no route at all, in the same form as every failure. */
export function serveFailure(deps: ServeDeps, request: Request, thrown: Failure | unknown): Response {
  const requestId = newId(deps);
  const response = problemResponse(isFailure(thrown) ? thrown : failureOf(deps, requestId, thrown), requestId);
  finishHeaders(deps, response, { request, requestId });
  return response;
}

type Incoming = { request: Request; params: Record<string, string>; requestId: string };

async function answer(deps: ServeDeps, route: Route, incoming: Incoming): Promise<Result<Reply, Failure>> {
  const { request } = incoming;
  if (isForgedRequest(deps.config, request)) return err(failure('FORBIDDEN'));
  if (route.access === 'public') {
    const call = await readCall(route, incoming);
    return call.ok ? route.handle(call.value) : call;
  }
  const authenticated = await deps.authenticate(request);
  if (!authenticated.ok) return authenticated;
  const call = await readCall(route, incoming);
  if (!call.ok) return call;
  const { caller, cookie } = authenticated.value;
  const reply = await route.handle(call.value, caller);
  // A handler that sets cookies itself (signing out) has the last word.
  return reply.ok && cookie && !reply.value.cookies ? ok({ ...reply.value, cookies: [cookie] }) : reply;
}

async function readCall(route: Route, { request, params, requestId }: Incoming): Promise<Result<Call<never, never>, Failure>> {
  const query = parse(route.query, Object.fromEntries(new URL(request.url).searchParams));
  if (!query.ok) return query;
  const raw = route.body ? await readJsonBody(request) : ok({ bytes: new Uint8Array(0), json: undefined });
  if (!raw.ok) return raw;
  const body = parse(route.body, raw.value.json);
  if (!body.ok) return body;
  return ok({ request, requestId, params, body: body.value, query: query.value, bodyBytes: raw.value.bytes });
}

function parse(schema: z.$ZodType<never> | undefined, input: unknown): Result<never, Failure> {
  if (!schema) return ok(undefined as never);
  const parsed = z.safeParse(schema, input);
  return parsed.success ? ok(parsed.data) : err(failure('VALIDATION', { issues: issuesOf(parsed.error) }));
}

function replyResponse(reply: Reply): Response {
  const text = reply.jsonText ?? (reply.json === undefined ? null : JSON.stringify(reply.json));
  const headers = new Headers({ ...(text === null ? {} : { 'content-type': 'application/json' }), ...reply.headers });
  for (const cookie of reply.cookies ?? []) headers.append('set-cookie', cookie);
  return new Response(text, { status: reply.status ?? (text === null ? 204 : 200), headers });
}

function problemResponse({ code, retryAfterSec, issues }: Failure, requestId: string): Response {
  const parts = { requestId, ...(retryAfterSec === undefined ? {} : { retryAfterSec }), ...(issues ? { issues: [...issues] } : {}) };
  const headers = new Headers({ 'content-type': 'application/problem+json' });
  if (retryAfterSec !== undefined) headers.set('retry-after', String(retryAfterSec));
  return new Response(JSON.stringify(problemOf(code, parts)), { status: failureRules[code].status, headers });
}

function finishHeaders({ config }: ServeDeps, response: Response, { request, requestId }: { request: Request; requestId: string }): void {
  response.headers.set('x-request-id', requestId);
  addSecurityHeaders(response.headers, config, 'api');
  addCorsHeaders(response.headers, config, request);
}

function levelOf(outcome: Result<Reply, Failure>): 'info' | 'warn' | 'error' {
  if (outcome.ok) return 'info';
  const { status } = failureRules[outcome.error.code];
  if (status >= 500) return 'error';
  return status === 429 ? 'warn' : 'info';
}

function failureOf(deps: ServeDeps, requestId: string, thrown: unknown): Failure {
  const known = classify(thrown);
  if (failureRules[known.code].status < 500) return known;
  deps.trouble.note();
  logThrown(deps, requestId, thrown);
  return known;
}

function logThrown({ log }: ServeDeps, requestId: string, thrown: unknown): void {
  const cause = databaseCause(thrown);
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  // Frames only: the message above them may quote what was submitted.
  const frames = thrown instanceof Error ? (thrown.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')) : [];
  log('error', 'thrown', { requestId, name, ...cause, at: frames.slice(0, 6).join(' ') });
}

const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' && value !== null && !(value instanceof Error) && 'code' in value;
