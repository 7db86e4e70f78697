import type { SecurityEvent } from '@mana/shared/wire/security-log';
import { m } from '#messages';

const words: Readonly<Record<SecurityEvent, () => string>> = {
  REGISTER: m.log_register,
  LOGIN_SUCCESS: m.log_login_success,
  LOGIN_FAILURE: m.log_login_failure,
  ACCOUNT_LOCKED: m.log_account_locked,
  SERVICE_ERROR: m.log_service_error,
  LOGOUT: m.log_logout,
  SESSION_ENDED: m.log_session_ended,
  DEVICE_LOST: m.log_device_lost,
  EXTENSION_PAIRED: m.log_extension_paired,
  REFRESH_TOKEN_REUSED: m.log_refresh_token_reused,
  RECOVERY_CODE_MADE: m.log_recovery_code_made,
  RECOVERY_USED: m.log_recovery_used,
  PASSWORD_CHANGED: m.log_password_changed,
  EMAIL_CHANGED: m.log_email_changed,
  EMAIL_CHANGE_UNDONE: m.log_email_change_undone,
  TOTP_ENABLED: m.log_totp_enabled,
  TOTP_DISABLED: m.log_totp_disabled,
  BACKUP_CODE_USED: m.log_backup_code_used,
  DELETION_REQUESTED: m.log_deletion_requested,
  DELETION_UNDONE: m.log_deletion_undone,
  PASSKEY_REGISTERED: m.log_passkey_registered,
  PASSKEY_LOGIN_SUCCESS: m.log_passkey_login_success,
  PASSKEY_LOGIN_FAILURE: m.log_passkey_login_failure,
  PASSKEY_REMOVED: m.log_passkey_removed,
};

const isKnown = (event: string): event is SecurityEvent => Object.hasOwn(words, event);

/** An entry of the security log in words; one of a newer server keeps its name. */
export const eventWords = (event: string): string => (isKnown(event) ? words[event]() : event);

const alarming: ReadonlySet<string> = new Set<SecurityEvent>([
  'LOGIN_FAILURE',
  'ACCOUNT_LOCKED',
  'RECOVERY_USED',
  'BACKUP_CODE_USED',
  'DELETION_REQUESTED',
  'EMAIL_CHANGED',
  'REFRESH_TOKEN_REUSED',
  'PASSKEY_LOGIN_FAILURE',
]);

/** Whether somebody else may have tried something. */
export const isAlarming = (event: string): boolean => alarming.has(event);
