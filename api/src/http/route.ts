import type { Bytes } from '@mana/shared/base/bytes';
import type { Result } from '@mana/shared/base/result';
import type * as z from 'zod/v4/core';
import type { Failure } from './failure.ts';

/** Who a request acts for. */
export interface Caller {
  readonly accountId: string;
  readonly sessionId: string;
}

/** What a handler answers: JSON, JSON already written as text, or nothing (204). */
export interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly jsonText?: string;
  readonly cookies?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as a handler sees it. */
export interface Call<Body = unknown, Query = unknown> {
  readonly request: Request;
  readonly requestId: string;
  readonly body: Body;
  readonly bodyBytes: Bytes;
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
}

interface RouteBase<Body, Query> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly body?: z.$ZodType<Body>;
  readonly query?: z.$ZodType<Query>;
  /** Shape of a successful answer, for the API's description. */
  readonly answer?: z.$ZodType;
}

interface PublicRoute<Body, Query> extends RouteBase<Body, Query> {
  readonly access: 'public';
  handle(call: Call<Body, Query>): Promise<Result<Reply, Failure>>;
}

interface SessionRoute<Body, Query> extends RouteBase<Body, Query> {
  readonly access: 'session';
  handle(call: Call<Body, Query>, caller: Caller): Promise<Result<Reply, Failure>>;
}

/** An endpoint as data: the server, its description and the tests of all routes are made from it. */
export type Route = PublicRoute<never, never> | SessionRoute<never, never>;

/** Checks a route's handler against its own schemas. */
export const publicRoute = <Body = undefined, Query = undefined>(route: Omit<PublicRoute<Body, Query>, 'access'>): Route =>
  ({ ...route, access: 'public' }) as PublicRoute<never, never>;

/** Like `publicRoute`, for signed-in callers only. */
export const sessionRoute = <Body = undefined, Query = undefined>(route: Omit<SessionRoute<Body, Query>, 'access'>): Route =>
  ({ ...route, access: 'session' }) as SessionRoute<never, never>;
