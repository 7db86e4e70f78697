import { ok } from '@mana/shared/base/result';
import { paths } from '@mana/shared/wire/endpoints';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { publicRoute, type Route } from '../http/route.ts';
import { readinessReasons } from './health.service.ts';

const answer = z.object({ status: z.enum(['live', 'ready', 'unready']), reasons: z.array(z.string()).optional() });

export const healthRoutes = (deps: Deps): Route[] => [
  publicRoute({
    method: 'GET',
    path: paths.healthLive,
    summary: 'Whether the process runs',
    answer,
    handle: () => Promise.resolve(ok({ json: { status: 'live' } })),
  }),
  publicRoute({
    method: 'GET',
    path: paths.healthReady,
    summary: 'Whether the server can do its work',
    answer,
    handle: async () => {
      const reasons = await readinessReasons(deps);
      return ok(reasons.length === 0 ? { json: { status: 'ready' } } : { status: 503, json: { status: 'unready', reasons } });
    },
  }),
];
