import * as z from 'zod/mini';
import { emailSchema, signedInAnswerSchema } from './account.ts';
import { keyProofSchema } from './key-proof.ts';

/** How long a link in a mail opens something, in milliseconds: long enough for a slow mailbox, short for one that is read later by others. */
export const MAIL_TOKEN_MS = 3_600_000;

/** Time in which a change of address can be taken back at the old one, in milliseconds. */
export const EMAIL_UNDO_MS = 7 * 86_400_000;

/** Said whether or not anything was sent: what an address has, only its mailbox tells. */
export const mailSentSchema = z.object({ mail: z.literal('sent') });

/** Answer of `POST /api/v1/auth/register/finish`: signed in, or a link on its way where the server sends mail. */
export const registerFinishAnswerSchema = z.union([signedInAnswerSchema, mailSentSchema]);

/** `POST /api/v1/auth/email/verify`, `/email/change/finish` and `/email/change/undo`: what stood behind `#` of the link. */
export const mailTokenRequestSchema = z.strictObject({ token: z.string().check(z.maxLength(128)) });

/** `POST /api/v1/auth/email/resend` */
export const emailResendRequestSchema = z.strictObject({ email: emailSchema });

/** `POST /api/v1/auth/email/change/start`: asked for by whoever holds the account key. */
export const emailChangeStartRequestSchema = z.strictObject({ email: emailSchema, proof: keyProofSchema });
