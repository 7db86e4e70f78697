import * as z from 'zod/mini';
import { failureRules, type FailureCode } from './failures.ts';

/** The one error body of the API (RFC 9457, `application/problem+json`); never holds a submitted value. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.optional(z.string()),
  retryable: z.boolean(),
  retryAfterSec: z.optional(z.number()),
  requestId: z.string(),
  issues: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
});

/** A parsed error body. */
export type Problem = z.infer<typeof problemSchema>;

/** What differs between two problems with the same code. */
export interface ProblemParts {
  readonly requestId: string;
  readonly detail?: string;
  readonly retryAfterSec?: number;
  readonly issues?: { path: string; message: string }[];
}

/** Builds the error body of a code. */
export function problemOf(code: FailureCode, parts: ProblemParts): Problem {
  const { status, title, retryable } = failureRules[code];
  return { type: `about:blank#${code}`, title, status, code, retryable: retryable !== false, ...parts };
}
