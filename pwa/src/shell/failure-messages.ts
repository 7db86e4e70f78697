import type { StoreFailure } from '@mana/shared/store/failures';
import type { FailureCode, RejectionCode } from '@mana/shared/wire/failures';
import { m } from '#messages';

/** What happened, what is safe, and what to do. */
export interface FailureWords {
  readonly title: string;
  readonly text: string;
}

type Words = () => FailureWords;

const words =
  (title: () => string, text: () => string): Words =>
  () => ({ title: title(), text: text() });

const failures: Readonly<Record<FailureCode, Words>> = {
  INVALID_CREDENTIALS: words(m.failure_credentials_title, m.failure_credentials_text),
  TWO_FACTOR_FAILED: words(m.failure_code_title, m.failure_code_text),
  TWO_FACTOR_REQUIRED: words(m.failure_second_title, m.failure_second_text),
  EMAIL_NOT_VERIFIED: words(m.failure_unverified_title, m.failure_unverified_text),
  EMAIL_ALREADY_REGISTERED: words(m.failure_registered_title, m.failure_registered_text),
  WEAK_PASSWORD: words(m.failure_weak_title, m.failure_weak_text),
  ACCOUNT_LOCKED: words(m.failure_throttled_title, m.failure_throttled_text),
  SIGNUP_LIMIT_REACHED: words(m.failure_signup_limit_title, m.failure_signup_limit_text),
  RATE_LIMITED: words(m.failure_rate_title, m.failure_rate_text),
  TOKEN_EXPIRED: words(m.failure_ended_title, m.failure_ended_text),
  TOKEN_INVALID: words(m.failure_ended_title, m.failure_ended_text),
  UNAUTHORIZED: words(m.failure_ended_title, m.failure_ended_text),
  MAIL_NOT_ENABLED: words(m.failure_no_mail_title, m.failure_no_mail_text),
  PASSKEY_NOT_ENABLED: words(m.failure_passkey_off_title, m.failure_passkey_off_text),
  PASSKEY_CANCELLED: words(m.failure_passkey_cancelled_title, m.failure_passkey_cancelled_text),
  PASSKEY_VERIFICATION_FAILED: words(m.failure_passkey_refused_title, m.failure_passkey_refused_text),
  VALIDATION: words(m.failure_validation_title, m.failure_validation_text),
  FORBIDDEN: words(m.failure_forbidden_title, m.failure_forbidden_text),
  NOT_FOUND: words(m.failure_gone_title, m.failure_gone_text),
  CONFLICT: words(m.failure_conflict_title, m.failure_conflict_text),
  INVITATION_OVER: words(m.failure_over_title, m.failure_over_text),
  LAST_OWNER: words(m.failure_owner_title, m.failure_owner_text),
  STATEMENT_REFUSED: words(m.failure_statement_title, m.failure_statement_text),
  SPACE_NOT_TRUSTED: words(m.failure_untrusted_title, m.failure_untrusted_text),
  PAYLOAD_TOO_LARGE: words(m.failure_large_title, m.failure_large_text),
  SERVICE_UNAVAILABLE: words(m.failure_unreachable_title, m.failure_unreachable_text),
  INTERNAL: words(m.failure_internal_title, m.failure_internal_text),
};

const refusedForeign = words(m.failure_refused_title, m.failure_refused_foreign);
const refusedShape = words(m.failure_refused_title, m.failure_refused_shape);

const rejections: Readonly<Record<RejectionCode, Words>> = {
  FOREIGN_SPACE: refusedForeign,
  FOREIGN_ACTOR: refusedForeign,
  READ_ONLY: words(m.failure_refused_title, m.failure_refused_read_only),
  PLAINTEXT_REFUSED: refusedShape,
  STRUCTURAL_MALFORMED: refusedShape,
  FIELD_TOO_LARGE: words(m.failure_refused_title, m.failure_refused_large),
  TOO_MANY_FIELDS: words(m.failure_refused_title, m.failure_refused_large),
  MALFORMED: refusedShape,
  SAME_OPERATION_ID: refusedShape,
  TOO_MANY_OPERATIONS: words(m.failure_refused_title, m.failure_refused_large),
};

const storeFailures: Readonly<Record<StoreFailure['code'], Words>> = {
  INVALID_VALUE: words(m.failure_value_title, m.failure_value_text),
  FIELD_TOO_LARGE: words(m.failure_long_title, m.failure_long_text),
  NO_SUCH_RECORD: words(m.failure_gone_title, m.failure_gone_text),
  NOTHING_TO_UNDO: words(m.failure_undo_title, m.failure_undo_text),
  QUOTA_EXCEEDED: words(m.failure_quota_title, m.failure_quota_text),
  DATABASE_CLOSED: words(m.failure_closed_title, m.failure_closed_text),
  DATABASE_NEWER: words(m.failure_newer_title, m.failure_newer_text),
};

export const failureWords = (code: FailureCode): FailureWords => failures[code]();
export const storeFailureWords = ({ code }: StoreFailure): FailureWords => storeFailures[code]();

const isRejection = (code: string): code is RejectionCode => Object.hasOwn(rejections, code);
/** Words of a refused operation; its code was stored as text, perhaps by a newer version. */
export const rejectionWords = (code: string): FailureWords => (isRejection(code) ? rejections[code]() : refusedShape());

export const sentenceOf = ({ title, text }: FailureWords): string => `${title}. ${text}`;
