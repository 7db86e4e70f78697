import type { SecurityEvent } from './security-log.ts';

/** How the API answers one failure code. */
interface FailureRule {
  /** HTTP status. */
  readonly status: number;
  /** Whether the same request may succeed later; `after`: once `retryAfterSec` has passed. */
  readonly retryable: boolean | 'after';
  /** Whether it counts as a wrong guess of a password or code. */
  readonly countsAsGuess: boolean;
  /** English title of the problem body; the apps use their own words. */
  readonly title: string;
  /** Name in the account's security log, if it is written there. */
  readonly event?: SecurityEvent;
}

const rule = (status: number, title: string, more: Partial<FailureRule> = {}): FailureRule => ({
  status,
  title,
  retryable: false,
  countsAsGuess: false,
  ...more,
});

/** Every code that the API or a client can fail with: HTTP status, retry, guess counter, security event. */
export const failureRules = {
  INVALID_CREDENTIALS: rule(401, 'E-mail or password is wrong', { countsAsGuess: true, event: 'LOGIN_FAILURE' }),
  TWO_FACTOR_FAILED: rule(401, 'The code is wrong', { countsAsGuess: true, event: 'LOGIN_FAILURE' }),
  TWO_FACTOR_REQUIRED: rule(401, 'A second step is asked for'),
  EMAIL_NOT_VERIFIED: rule(403, 'The e-mail address is not confirmed yet', { event: 'LOGIN_FAILURE' }),
  EMAIL_ALREADY_REGISTERED: rule(409, 'This e-mail address already has an account'),
  WEAK_PASSWORD: rule(400, 'The password is too easy to guess'),
  ACCOUNT_LOCKED: rule(429, 'Too many failed sign-ins', { retryable: 'after', event: 'ACCOUNT_LOCKED' }),
  SIGNUP_LIMIT_REACHED: rule(429, 'No more accounts can be made today', { retryable: 'after' }),
  RATE_LIMITED: rule(429, 'Too many requests', { retryable: 'after' }),
  TOKEN_EXPIRED: rule(401, 'The token has expired'),
  TOKEN_INVALID: rule(400, 'The token is not valid'),
  MAIL_NOT_ENABLED: rule(404, 'This server sends no mail'),
  PASSKEY_NOT_ENABLED: rule(404, 'This server takes no passkeys'),
  PASSKEY_CANCELLED: rule(400, 'The passkey was not used', { retryable: true }),
  PASSKEY_VERIFICATION_FAILED: rule(401, 'The passkey was not accepted', { retryable: true, event: 'PASSKEY_LOGIN_FAILURE' }),
  VALIDATION: rule(400, 'The request is malformed'),
  UNAUTHORIZED: rule(401, 'Sign in first'),
  FORBIDDEN: rule(403, 'This is not allowed'),
  NOT_FOUND: rule(404, 'There is nothing here'),
  CONFLICT: rule(409, 'The state has changed meanwhile'),
  PAYLOAD_TOO_LARGE: rule(413, 'The request is too large'),
  INVITATION_OVER: rule(410, 'The invitation is over'),
  LAST_OWNER: rule(409, 'A space needs an owner'),
  STATEMENT_REFUSED: rule(422, 'The statement does not follow from the one before'),
  SPACE_NOT_TRUSTED: rule(409, 'What the server says of this space is not proven'),
  SERVICE_UNAVAILABLE: rule(503, 'The service is not available', { retryable: true, event: 'SERVICE_ERROR' }),
  INTERNAL: rule(500, 'Something went wrong on the server', { retryable: true, event: 'SERVICE_ERROR' }),
} as const satisfies Record<string, FailureRule>;

/** A failure code of the whole system. */
export type FailureCode = keyof typeof failureRules;

/** Whether the text is a known failure code. */
export const isFailureCode = (text: string): text is FailureCode => Object.hasOwn(failureRules, text);

/** Reasons for which the server refuses one operation of a push; the others go on. */
export const rejectionCodes = [
  'FOREIGN_SPACE',
  'READ_ONLY',
  'FOREIGN_ACTOR',
  'PLAINTEXT_REFUSED',
  'STRUCTURAL_MALFORMED',
  'FIELD_TOO_LARGE',
  'TOO_MANY_FIELDS',
  'MALFORMED',
  'SAME_OPERATION_ID',
  'TOO_MANY_OPERATIONS',
] as const;

/** Why one operation of a push was refused for good. */
export type RejectionCode = (typeof rejectionCodes)[number];
