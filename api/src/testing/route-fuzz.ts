import { problemSchema } from '@mana/shared/wire/problem';
import fc from 'fast-check';
import { safeParse } from 'zod/v4/core';
import { arbitraryOf, hostileValue, replaceSomewhere, type JsonSchema } from './hostile-json.ts';
import type { TestApp } from './test-app.ts';
import { createTestBrowser, type TestAnswer, type TestBrowser } from './test-browser.ts';
import { signUp } from './test-person.ts';

/** One operation of the API as its description has it. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly group: string;
  readonly body: JsonSchema | undefined;
  readonly query: readonly { name: string; schema: JsonSchema }[];
}

/** What is sent: a body as it should be, changed in one place, with a field too many, too large, or no JSON at all. */
type Attack = 'valid' | 'changed' | 'unknown field' | 'too large' | 'raw';

interface FuzzCase {
  readonly operation: Operation;
  readonly attack: Attack;
  readonly isSignedIn: boolean;
  readonly body: unknown;
  readonly id: string;
  readonly query: readonly (readonly [string, string])[];
  readonly raw: string;
}

/** Hidden in what is sent: no refusal may say it again. */
const canary = 'canary-5d81';
const stackTrace = /\n\s+at |node_modules|\/api\/src\/|PostgresError|DrizzleQueryError/;

export async function readOperations(app: TestApp): Promise<Operation[]> {
  const browser = createTestBrowser((request) => app.app.handle(request));
  const { paths } = (await browser.send('GET', '/api/openapi.json')).json as { paths: Record<string, Record<string, Described>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      method: method.toUpperCase(),
      path,
      group: /^\/api\/v1\/([^/]+)/.exec(path)?.[1] ?? 'open',
      body: described.requestBody?.content['application/json']?.schema,
      query: (described.parameters ?? []).filter((parameter) => parameter.in === 'query'),
    })),
  );
}

interface Described {
  readonly parameters?: { name: string; in: string; schema: JsonSchema }[];
  readonly requestBody?: { content: Record<string, { schema: JsonSchema }> };
}

function casesOf(operations: readonly Operation[]): fc.Arbitrary<FuzzCase> {
  const one = (operation: Operation): fc.Arbitrary<FuzzCase> => {
    const attacks: Attack[] = operation.body ? ['valid', 'changed', 'changed', 'unknown field', 'raw', 'too large'] : ['valid'];
    const valid = operation.body ? arbitraryOf(operation.body) : fc.constant(undefined);
    const changed = fc.tuple(valid, hostileValue(canary), fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }));
    const part = (schema: JsonSchema) => fc.oneof(arbitraryOf(schema).map(String), hostileValue(canary).map(textOf));
    return fc.record({
      operation: fc.constant(operation),
      attack: fc.constantFrom(...attacks),
      isSignedIn: fc.nat(9).map((draw) => draw > 0),
      body: changed.map(([body, hostile, place]) => ({ body, hostile, place })),
      id: fc.oneof(fc.uuid(), hostileValue(canary).map(textOf)),
      query: fc.tuple(...operation.query.map(({ name, schema }) => part(schema).map((value) => [name, value] as const))),
      raw: fc.oneof(
        fc.string(),
        hostileValue(canary).map(textOf),
        fc.constantFrom(canary, `{"${canary}`, `{"${canary}":1}`, '{', '[[[[', '{"a":1,}', '\u0000', 'null', '1e999'),
      ),
    });
  };
  return fc.oneof(...operations.map(one));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value)) ?? 'undefined';

const tooLarge = `{"a":"${canary}${'x'.repeat(1_048_576)}"}`;

function bodyTextOf({ operation, attack, body, raw }: FuzzCase): string | undefined {
  if (!operation.body) return undefined;
  const parts = body as { body: unknown; hostile: unknown; place: number[] };
  if (attack === 'raw') return raw;
  if (attack === 'too large') return tooLarge;
  if (attack === 'changed') return JSON.stringify(replaceSomewhere(parts.body, parts.place, parts.hostile)) ?? 'null';
  return JSON.stringify(attack === 'unknown field' ? { ...(parts.body as object), [`x${canary.length}`]: canary } : parts.body);
}

/** What is wrong with an answer; undefined when nothing is. */
function faultOf({ attack, operation }: FuzzCase, answer: TestAnswer): string | undefined {
  if (answer.status >= 500) return `answered ${answer.status}`;
  if (answer.status < 400) {
    return operation.body && (attack === 'unknown field' || attack === 'too large') ? `let ${attack} pass` : undefined;
  }
  if (!safeParse(problemSchema, answer.json).success) return 'refused without a problem';
  if (answer.text.includes(canary) || [...answer.headers.values()].join().includes(canary)) return 'said again what was sent';
  return stackTrace.test(answer.text) ? 'told of its insides' : undefined;
}

export interface FuzzPlan {
  readonly group: string;
  readonly cases: number;
  readonly seed: number;
}

/** Sends a group's operations what nobody should send; throws with the smallest request that was not answered as it must be. */
export async function fuzzGroup(app: TestApp, operations: readonly Operation[], plan: FuzzPlan): Promise<void> {
  const send = (request: Request) => app.app.handle(request);
  let browser: TestBrowser | undefined;
  const signedIn = async (): Promise<TestBrowser> => {
    app.clock.advance(3_600_000); // limits of signing up are not what is looked for
    return (browser = (await signUp(send)).browser);
  };
  const stranger = createTestBrowser(send);
  await fc.assert(
    fc.asyncProperty(casesOf(operations.filter(({ group }) => group === plan.group)), async (given) => {
      app.clock.advance(500);
      const from = given.isSignedIn ? (browser ?? (await signedIn())) : stranger;
      const rawBody = bodyTextOf(given);
      const address = `${given.operation.path.replaceAll(/\{\w+\}/g, encodeURIComponent(given.id.toWellFormed()))}?${new URLSearchParams(given.query.map(([name, value]) => [name, value.toWellFormed()]))}`;
      const answer = await from.send(given.operation.method, address, rawBody === undefined ? {} : { rawBody });
      if (given.isSignedIn && (answer.status === 401 || from.cookies.size === 0)) browser = undefined;
      const fault = faultOf(given, answer);
      if (fault)
        throw new Error(`${given.operation.method} ${given.operation.path} (${given.attack}) ${fault}: ${answer.text.slice(0, 300)}`);
    }),
    { numRuns: plan.cases, seed: plan.seed, endOnFailure: true },
  );
}
