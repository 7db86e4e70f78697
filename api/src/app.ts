import { ok } from '@mana/shared/base/result';
import { Elysia } from 'elysia';
import { accountRoutes } from './account/account.routes.ts';
import { emailRoutes } from './account/email.routes.ts';
import { leaveRoutes } from './account/leave.routes.ts';
import { passwordRoutes } from './account/password.routes.ts';
import { secondFactorRoutes } from './account/second-factor.routes.ts';
import { securityLogRoutes } from './account/security-log.routes.ts';
import { passkeyRoutes } from './account/passkeys.routes.ts';
import { createAuthenticate } from './account/sessions.service.ts';
import type { Deps } from './deps.ts';
import { healthRoutes } from './health/health.routes.ts';
import { failure } from './http/failure.ts';
import { describeRoutes } from './http/openapi.ts';
import type { ServePage } from './http/pages.ts';
import { publicRoute, type Route } from './http/route.ts';
import { serve, serveFailure, servePreflight, type ServeDeps } from './http/serve.ts';
import { profileRoutes } from './profile/profile.routes.ts';
import { spacesRoutes } from './spaces/spaces.routes.ts';
import { syncRoutes } from './sync/sync.routes.ts';

/** Every endpoint of the instance. */
export function allRoutes(deps: Deps): Route[] {
  const routes = [
    ...accountRoutes(deps),
    ...passkeyRoutes(deps),
    ...emailRoutes(deps),
    ...leaveRoutes(deps),
    ...passwordRoutes(deps),
    ...secondFactorRoutes(deps),
    ...profileRoutes(deps),
    ...securityLogRoutes(deps),
    ...spacesRoutes(deps),
    ...syncRoutes(deps),
    ...healthRoutes(deps),
  ];
  const description: Route = publicRoute({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This description',
    handle: () => Promise.resolve(ok({ json: describeRoutes([...routes, description]) })),
  });
  return [...routes, description];
}

const apiPath = /^\/(api|health|\.well-known)(\/|$)/;

/** The whole instance behind one function: API, pages, files. */
export function createApp(deps: Deps, servePage: ServePage) {
  const serveDeps: ServeDeps = { ...deps, authenticate: createAuthenticate(deps) };
  // Bodies are read and checked by `serve`; Elysia's own error answers would repeat what was submitted.
  const app = new Elysia({ normalize: false }).onError(({ request, error }) => serveFailure(serveDeps, request, error));
  for (const route of allRoutes(deps)) {
    app.route(route.method, route.path, ({ request, params }) => serve(serveDeps, route, { request, params }), { parse: 'none' });
  }
  app.all(
    '/*',
    ({ request }) => {
      if (!apiPath.test(new URL(request.url).pathname)) return servePage(request);
      return request.method === 'OPTIONS' ? servePreflight(serveDeps, request) : serveFailure(serveDeps, request, failure('NOT_FOUND'));
    },
    { parse: 'none' },
  );
  return app;
}

export type App = ReturnType<typeof createApp>;
