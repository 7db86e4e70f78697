import { ok } from '@mana/shared/base/result';
import { bootstrapAnswerSchema } from '@mana/shared/wire/account';
import { paths } from '@mana/shared/wire/endpoints';
import { MAX_NEWEST_RECORDS, MAX_PAGE_RECORDS } from '@mana/shared/wire/limits';
import { nameSchema, uuidSchema } from '@mana/shared/wire/record';
import { newestAnswerSchema, pullAnswerSchema, pushAnswerSchema, pushRequestSchema, timeAnswerSchema } from '@mana/shared/wire/sync';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { publicRoute, sessionRoute, type Route } from '../http/route.ts';
import { newestRecords } from './newest.service.ts';
import { pullPage } from './pull.service.ts';
import { createPushChanges } from './push.service.ts';
import { bootstrapSingletons } from './singletons.service.ts';

const pullQuerySchema = z.strictObject({
  space: uuidSchema,
  cursor: z.string().max(32).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_RECORDS).optional(),
});

const newestQuerySchema = z.strictObject({
  space: uuidSchema,
  table: nameSchema,
  limit: z.coerce.number().int().min(1).max(MAX_NEWEST_RECORDS).default(MAX_NEWEST_RECORDS),
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
});

function pushRoute(deps: Deps): Route {
  const pushChanges = createPushChanges(deps);
  return sessionRoute({
    method: 'POST',
    path: paths.push,
    summary: 'Send changes of records',
    body: pushRequestSchema,
    answer: pushAnswerSchema,
    handle: async ({ body, bodyBytes }, { accountId }) => {
      const answer = await pushChanges({ accountId, request: body, bytes: bodyBytes });
      return answer.ok ? ok({ json: answer.value }) : answer;
    },
  });
}

export const syncRoutes = (deps: Deps): Route[] => [
  pushRoute(deps),
  sessionRoute({
    method: 'GET',
    path: paths.pull,
    summary: 'Fetch records of a space behind a cursor',
    query: pullQuerySchema,
    answer: pullAnswerSchema,
    handle: async ({ query }, { accountId }) => {
      const page = await pullPage(deps, { accountId, ...query });
      return page.ok ? ok({ jsonText: page.value }) : page;
    },
  }),
  sessionRoute({
    method: 'GET',
    path: paths.newest,
    summary: 'Fetch the records of a table that changed last: a head start that moves no cursor',
    query: newestQuerySchema,
    answer: newestAnswerSchema,
    handle: async ({ query }, { accountId }) => {
      const newest = await newestRecords(deps, accountId, query);
      return newest.ok ? ok({ jsonText: newest.value }) : newest;
    },
  }),
  sessionRoute({
    method: 'POST',
    path: paths.bootstrapSingletons,
    summary: 'Make what is missing of the records that exist once: of the account and of each of its spaces',
    answer: bootstrapAnswerSchema,
    handle: async (_call, { accountId }) => ok({ json: await bootstrapSingletons(deps, accountId) }),
  }),
  publicRoute({
    method: 'GET',
    path: paths.time,
    summary: 'The server’s time, by which a client measures its clock',
    answer: timeAnswerSchema,
    handle: async () => ok({ json: { now: await deps.serverTime.now() } }),
  }),
];
