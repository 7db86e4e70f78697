import * as z from 'zod/mini';
import { b64Schema, sealedBytesSchema } from './account.ts';

/** Acts for which a session is not enough: whoever stole a cookie has no key. */
export const keyProofPurposes = ['totp', 'email', 'delete'] as const;
/** An act for which the account key must be proven. */
export type KeyProofPurpose = (typeof keyProofPurposes)[number];

/** `POST /api/v1/auth/proof`: asks for a challenge, sealed to the account's identity. */
export const keyProofStartRequestSchema = z.strictObject({ purpose: z.enum(keyProofPurposes) });
/** The challenge, and what the client carries for the server. */
export const keyProofStartAnswerSchema = z.object({ attempt: z.string(), sealed: sealedBytesSchema });

/** Proof that the caller holds the account key: the challenge, opened. Counts for a minute, for one purpose. */
export const keyProofSchema = z.strictObject({ attempt: z.string().check(z.maxLength(2048)), answerB64: b64Schema });
/** Proof that the caller holds the account key. */
export type KeyProof = z.infer<typeof keyProofSchema>;
