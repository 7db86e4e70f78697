import type { FailureCode } from '@mana/shared/wire/failures';
import { m } from '#messages';
import { failureWords } from '../failure-messages.ts';

interface JoinFailure {
  readonly title: string;
  /** What happened. */
  readonly what: string;
  /** What to do. */
  readonly text: string;
  /** Whether asking once more may help. */
  readonly again: boolean;
}

/** Why an invitation does not lead in, in words of invitations. */
export function joinFailureWords(code: FailureCode): JoinFailure {
  const final: Partial<Record<FailureCode, () => readonly [string, string]>> = {
    TOKEN_INVALID: () => [m.join_broken_what(), m.join_broken_text()],
    NOT_FOUND: () => [m.join_revoked_what(), m.join_revoked_text()],
    INVITATION_OVER: () => [m.join_over_what(), m.join_over_text()],
    SPACE_NOT_TRUSTED: () => [m.join_tampered_what(), m.join_tampered_text()],
  };
  const words = final[code]?.();
  if (words) return { title: m.join_broken_title(), what: words[0], text: words[1], again: false };
  const { title, text } = failureWords(code);
  return { title: m.join_failed_title(), what: title, text, again: true };
}
