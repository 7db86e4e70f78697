import * as z from 'zod/mini';
import { keyProofSchema } from './key-proof.ts';
import { secondFactorCodeSchema } from './second-factor-code.ts';

/** `GET /api/v1/auth/totp` */
export const totpStatusSchema = z.object({ enabled: z.boolean(), backupCodesLeft: z.int() });

/** `POST /api/v1/auth/totp/enable` */
export const totpEnableRequestSchema = z.strictObject({ proof: keyProofSchema });
/** The secret, shown once, as text and as the address that apps read from a QR code. Counts only after `confirm`. */
export const totpEnableAnswerSchema = z.object({ secretB32: z.string(), uri: z.string() });

/** `POST /api/v1/auth/totp/confirm`: a first code shows that the app has the secret. */
export const totpConfirmRequestSchema = z.strictObject({ code: secondFactorCodeSchema });
/** Ten codes for when the app is lost; each counts once, shown once. */
export const totpConfirmAnswerSchema = z.object({ backupCodes: z.array(z.string()) });

/** `POST /api/v1/auth/totp/disable` */
export const totpDisableRequestSchema = z.strictObject({ proof: keyProofSchema });
