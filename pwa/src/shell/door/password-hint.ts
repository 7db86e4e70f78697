import { MIN_PASSWORD_LENGTH } from '@mana/shared/wire/limits';
import { isWeakPassword } from '@mana/shared/crypto/password-strength';
import { m } from '#messages';

/** How far a password is from good enough: words, and whether it is. */
export interface PasswordHint {
  readonly good: boolean;
  readonly text: string;
}

/** What to say while a new password is being typed. */
export function passwordHint(password: string, email: string): PasswordHint {
  const missing = MIN_PASSWORD_LENGTH - [...password].length;
  if (password === '') return { good: false, text: m.signup_password_hint({ count: MIN_PASSWORD_LENGTH }) };
  if (missing > 0) return { good: false, text: m.signup_password_missing({ count: missing }) };
  if (isWeakPassword(password, email)) return { good: false, text: m.signup_password_weak() };
  return { good: true, text: m.signup_password_good() };
}
