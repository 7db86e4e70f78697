import type { FailureCode } from '@mana/shared/wire/failures';

/** One part of a request that was refused: where, and which rule; never the value. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** An expected failure on its way to a problem body. */
export interface Failure {
  readonly code: FailureCode;
  readonly retryAfterSec?: number;
  readonly issues?: readonly Issue[];
}

export const failure = (code: FailureCode, more: Omit<Failure, 'code'> = {}): Failure => ({ code, ...more });
