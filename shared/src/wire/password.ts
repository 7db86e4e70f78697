import * as z from 'zod/mini';
import { b64Schema, emailSchema, identitySchema, opaqueMessageSchema, sealedBytesSchema, wrapSchema } from './account.ts';
import { uuidSchema } from './record.ts';

const attemptSchema = z.string().check(z.maxLength(2048));

/** `POST /api/v1/auth/password/start`: proves the password that is, and begins to register the one that will be. */
export const passwordStartRequestSchema = z.strictObject({
  startLoginRequest: opaqueMessageSchema,
  registrationRequest: opaqueMessageSchema,
});
/** Answers to both halves of the password protocol. */
export const passwordStartAnswerSchema = z.object({ attempt: z.string(), loginResponse: z.string(), registrationResponse: z.string() });

/** `POST /api/v1/auth/password/finish`: the account key sealed under the new password comes along; nothing else is encrypted again. */
export const passwordFinishRequestSchema = z.strictObject({
  attempt: attemptSchema,
  finishLoginRequest: opaqueMessageSchema,
  registrationRecord: opaqueMessageSchema,
  wrap: wrapSchema,
});

/** `POST /api/v1/auth/recovery/start` */
export const recoveryStartRequestSchema = z.strictObject({ email: emailSchema, registrationRequest: opaqueMessageSchema });
/** Whether the address is known shows to the holder of its recovery code only: to everybody else the sealed part is noise. */
export const recoveryStartAnswerSchema = z.object({ attempt: z.string(), registrationResponse: z.string(), sealed: sealedBytesSchema });

/** What the holder of a recovery code finds in the sealed part. */
export const recoveryBundleSchema = z.object({
  accountId: uuidSchema,
  wrap: wrapSchema,
  identity: identitySchema,
  /** 32 bytes, base64; signed in the next step. */
  challengeB64: b64Schema,
});

/** `POST /api/v1/auth/recovery/finish`: signed by the identity, whose private half only the account key opens. */
export const recoveryFinishRequestSchema = z.strictObject({
  attempt: attemptSchema,
  registrationRecord: opaqueMessageSchema,
  wrap: wrapSchema,
  /** Ed25519, base64; see crypto/account-proof. */
  signatureB64: b64Schema,
});

/** `PUT /api/v1/auth/wraps/recovery`: stores or replaces the wrap of the recovery code, after the person has typed it again. */
export const recoveryWrapRequestSchema = z.strictObject({
  wrap: wrapSchema,
  /** X25519 public key that only the code opens, base64: what recovery needs is sealed to it. */
  openerPublicB64: b64Schema,
});
