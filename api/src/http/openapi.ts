import { failureRules } from '@mana/shared/wire/failures';
import { problemSchema } from '@mana/shared/wire/problem';
import type * as core from 'zod/v4/core';
import { toJSONSchema } from 'zod/v4/core';
import type { Route } from './route.ts';

const schemaOf = (schema: core.$ZodType, io: 'input' | 'output') => toJSONSchema(schema, { io, unrepresentable: 'any' });

/** The API's description (OpenAPI 3.1), made from the routes themselves. */
export function describeRoutes(routes: readonly Route[]): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Mana', version: '1', description: 'The server holds ciphertext only: every value is sealed on the device.' },
    paths,
    components: {
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-mana-session-<account>' },
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}

function operationOf(route: Route): unknown {
  const statuses = [...new Set(Object.values(failureRules).map((rule) => rule.status))].toSorted((a, b) => a - b);
  const problem = { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
  return {
    summary: route.summary,
    security: route.access === 'session' ? [{ session: [] }, { token: [] }] : [],
    parameters: [...pathParameters(route.path), ...queryParameters(route.query)],
    ...(route.body ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } } } : {}),
    responses: {
      ...successOf(route),
      ...Object.fromEntries(statuses.map((status) => [status, { description: 'A problem (RFC 9457)', ...problem }])),
    },
  };
}

const successOf = ({ answer }: Route): Record<string, unknown> =>
  answer
    ? { 200: { description: 'Done', content: { 'application/json': { schema: schemaOf(answer, 'output') } } } }
    : { 204: { description: 'Done' } };

const pathParameters = (path: string) =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }));

function queryParameters(query: core.$ZodType | undefined): unknown[] {
  if (!query) return [];
  const { properties = {}, required = [] } = schemaOf(query, 'input');
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }));
}
