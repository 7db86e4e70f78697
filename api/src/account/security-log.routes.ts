import { ok } from '@mana/shared/base/result';
import { paths } from '@mana/shared/wire/endpoints';
import { securityLogAnswerSchema, securityLogQuerySchema } from '@mana/shared/wire/security-log';
import type { Deps } from '../deps.ts';
import { sessionRoute, type Route } from '../http/route.ts';
import { readSecurityLog } from './security-log.service.ts';

export const securityLogRoutes = (deps: Deps): Route[] => [
  sessionRoute({
    method: 'GET',
    path: paths.securityLog,
    summary: 'What happened to the account, the newest first',
    query: securityLogQuerySchema,
    answer: securityLogAnswerSchema,
    handle: async ({ query: { before } }, { accountId }) => ok({ json: await readSecurityLog(deps, accountId, before) }),
  }),
];
