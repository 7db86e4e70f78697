import * as z from 'zod/mini';
import { uuidSchema } from './record.ts';

/** Everything that is written into an account's security log. */
export const securityEvents = [
  'REGISTER',
  'LOGIN_SUCCESS',
  'LOGIN_FAILURE',
  'ACCOUNT_LOCKED',
  'SERVICE_ERROR',
  'LOGOUT',
  'SESSION_ENDED',
  'DEVICE_LOST',
  'EXTENSION_PAIRED',
  'REFRESH_TOKEN_REUSED',
  'RECOVERY_CODE_MADE',
  'RECOVERY_USED',
  'PASSWORD_CHANGED',
  'EMAIL_CHANGED',
  'EMAIL_CHANGE_UNDONE',
  'TOTP_ENABLED',
  'TOTP_DISABLED',
  'BACKUP_CODE_USED',
  'DELETION_REQUESTED',
  'DELETION_UNDONE',
  'PASSKEY_REGISTERED',
  'PASSKEY_LOGIN_SUCCESS',
  'PASSKEY_LOGIN_FAILURE',
  'PASSKEY_REMOVED',
] as const;

/** One kind of entry of an account's security log. */
export type SecurityEvent = (typeof securityEvents)[number];

/** Most events in one page of the log. */
export const SECURITY_LOG_PAGE = 50;

/** `GET /api/v1/me/security-log`: the newest page, or the one before an event. */
export const securityLogQuerySchema = z.strictObject({ before: z.optional(uuidSchema) });

/** A page of the log, the newest first; a kind that this version does not know is still shown. */
export const securityLogAnswerSchema = z.object({
  events: z.array(
    z.object({
      id: uuidSchema,
      event: z.string(),
      /** ISO time. */
      at: z.string(),
      device: z.string(),
      /** Masked: enough to recognise, not to locate. */
      network: z.string(),
    }),
  ),
  /** Whether there are older ones. */
  more: z.boolean(),
});
/** One entry of the log. */
export type LoggedEvent = z.infer<typeof securityLogAnswerSchema>['events'][number];
