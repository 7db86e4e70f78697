import type { FailureCode } from '@mana/shared/wire/failures';
import type * as z from 'zod/v4/core';
import { failure, type Failure, type Issue } from './failure.ts';

const codeByConstraint: Readonly<Record<string, FailureCode>> = { accounts_email_unique: 'EMAIL_ALREADY_REGISTERED' };

const uniqueViolation = '23505';
const sqlStatePattern = /^[0-9A-Z]{5}$/;
const lostConnection = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|CONNECTION_|CONNECT_TIMEOUT)|closed$/;

/** What can be said of a database's error without repeating a value. */
export interface DatabaseCause {
  readonly sqlState: string;
  readonly constraint?: string;
  readonly message?: string;
}

/** The code that is true for something thrown. */
export function classify(thrown: unknown): Failure {
  const cause = databaseCause(thrown);
  if (cause?.sqlState === uniqueViolation) return failure(codeByConstraint[cause.constraint ?? ''] ?? 'CONFLICT');
  if (cause || isInfrastructure(thrown)) return failure('SERVICE_UNAVAILABLE');
  return failure('INTERNAL');
}

export function databaseCause(thrown: unknown): DatabaseCause | undefined {
  for (const error of chainOf(thrown)) {
    const { code, constraint, constraint_name } = error as { code?: unknown; constraint?: string; constraint_name?: string };
    if (typeof code !== 'string' || !sqlStatePattern.test(code)) continue;
    const name = constraint ?? constraint_name;
    // Class 42 names tables and columns; messages of other classes may quote values.
    return { sqlState: code, ...(name ? { constraint: name } : {}), ...(code.startsWith('42') ? { message: error.message } : {}) };
  }
  return undefined;
}

function isInfrastructure(thrown: unknown): boolean {
  return chainOf(thrown).some((error) => {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string' && lostConnection.test(code)) return true;
    if (['AbortError', 'TimeoutError', 'DrizzleQueryError'].includes(error.name)) return true;
    return lostConnection.test(error.message);
  });
}

function chainOf(thrown: unknown): Error[] {
  const chain: Error[] = [];
  for (let error = thrown; error instanceof Error && chain.length < 5; error = error.cause) chain.push(error);
  return chain;
}

const messageByIssue: Readonly<Record<string, string>> = {
  invalid_type: 'is missing or of another type',
  unrecognized_keys: 'has an unknown field',
  too_small: 'is too small or too short',
  too_big: 'is too large or too long',
  invalid_value: 'is not one of the allowed values',
  invalid_key: 'has a name that is not allowed',
  invalid_union: 'is none of the allowed forms',
};

const plainName = /^[A-Za-z][A-Za-z0-9]{0,63}$/;

/** Zod's issues as paths and rules; names and values that were submitted do not come back. */
export function issuesOf(error: z.$ZodError): Issue[] {
  return error.issues.slice(0, 20).map((issue) => ({ path: pathOf(issue), message: messageOf(issue) }));
}

function pathOf(issue: z.$ZodIssue): string {
  const names = issue.code === 'invalid_key' ? issue.path.slice(0, -1) : issue.path;
  return names.map((part) => (typeof part === 'number' || plainName.test(String(part)) ? String(part) : '?')).join('.');
}

function messageOf(issue: z.$ZodIssue): string {
  const known = messageByIssue[issue.code];
  if (known) return known;
  // Only the schemas' own sentences: they are constants and begin so.
  return issue.message.startsWith('must be') ? issue.message : 'is malformed';
}
