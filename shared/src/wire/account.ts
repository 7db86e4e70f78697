import * as z from 'zod/mini';
import { MAX_EMAIL_LENGTH } from './limits.ts';
import { displayNameSchema, profileSchema } from './profile.ts';
import { uuidSchema } from './record.ts';
import { secondFactorCodeSchema } from './second-factor-code.ts';

/** An e-mail address as typed; the server compares it trimmed and in lower case. */
export const emailSchema = z
  .string()
  .check(z.trim(), z.maxLength(MAX_EMAIL_LENGTH), z.regex(/^[^\s@\p{Cc}\p{Cs}]+@[^\s@\p{Cc}\p{Cs}]+$/u, 'must be an e-mail address'));

/** A message of the OPAQUE protocol in URL base64. */
export const opaqueMessageSchema = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/, 'must be URL base64'), z.maxLength(2048));

/** Bytes in base64. */
export const b64Schema = z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64'), z.maxLength(4096));

/** Bytes sealed to a public key by HPKE. */
export const sealedBytesSchema = z.object({ encB64: b64Schema, ciphertextB64: b64Schema });

/** The account key sealed for one way to unlock; parameters and account are authenticated inside (see crypto/wrap). */
export const wrapSchema = z.strictObject({
  /** Format of the wrap. */
  version: z.literal(1),
  kind: z.enum(['password', 'recovery']),
  /** 12-byte IV and ciphertext with tag, base64. */
  ivB64: b64Schema,
  ciphertextB64: b64Schema,
});
/** The account key sealed for one way to unlock. */
export type Wrap = z.infer<typeof wrapSchema>;

/** The account key sealed under what one passkey answers to the app's PRF input. */
export const passkeyWrapSchema = z.strictObject({
  version: z.literal(1),
  /** The credential, in URL base64. */
  credentialId: z.string().check(z.regex(/^[A-Za-z0-9_-]+$/, 'must be URL base64'), z.maxLength(1_364)),
  ivB64: b64Schema,
  ciphertextB64: b64Schema,
});
/** The account key sealed under what one passkey answers to the app's PRF input. */
export type PasskeyWrap = z.infer<typeof passkeyWrapSchema>;

/** The account's public keys and their private halves sealed under the account key. */
export const identitySchema = z.strictObject({
  version: z.literal(1),
  /** X25519 public key for HPKE, 32 bytes, base64: space keys are sealed to it. */
  sealingPublicB64: b64Schema,
  /** Ed25519 public key, 32 bytes, base64. */
  signingPublicB64: b64Schema,
  /** Both private keys, sealed under the account key: IV and ciphertext. */
  privateIvB64: b64Schema,
  privateCiphertextB64: b64Schema,
});
/** The account's public keys and their sealed private halves. */
export type Identity = z.infer<typeof identitySchema>;

/** A space key of one epoch, sealed to a member's identity by HPKE. */
export const sealedSpaceKeySchema = z.strictObject({
  epoch: z.int().check(z.minimum(1)),
  /** Encapsulated key, base64. */
  encB64: b64Schema,
  ciphertextB64: b64Schema,
});
/** A space key of one epoch, sealed to a member's identity. */
export type SealedSpaceKey = z.infer<typeof sealedSpaceKeySchema>;

/** Types of spaces. */
export const spaceTypeSchema = z.enum(['personal', 'brand', 'club', 'family', 'team', 'practice']);

/** A space as its member sees it, with every epoch's key sealed for this member. */
export const memberSpaceSchema = z.object({
  id: uuidSchema,
  type: spaceTypeSchema,
  role: z.enum(['owner', 'admin', 'member']),
  readOnly: z.boolean(),
  epoch: z.int(),
  keys: z.array(sealedSpaceKeySchema),
});
/** A space as its member sees it. */
export type MemberSpace = z.infer<typeof memberSpaceSchema>;

/** The signed-in account with all that a device needs to open the vault. */
export const accountSchema = z.object({
  id: uuidSchema,
  email: z.string(),
  name: z.string(),
  /** Left out by an older server. */
  profile: z.optional(profileSchema),
  wraps: z.array(wrapSchema),
  /** One for each passkey that opens the vault; absent in what a device kept before there were any. */
  passkeyWraps: z.optional(z.array(passkeyWrapSchema)),
  identity: identitySchema,
  spaces: z.array(memberSpaceSchema),
});
/** The signed-in account. */
export type Account = z.infer<typeof accountSchema>;

/** Kind of client that signs in: the web app gets a cookie, the extension a refresh token. */
const clientSchema = z.enum(['web', 'extension']);

/** `GET /api/v1/auth/signup-status`; nulls where the operator set no limit. */
export const signUpStatusSchema = z.object({
  open: z.boolean(),
  /** Whether the server sends mail: a new address is then confirmed first. */
  mail: z.boolean(),
  /** New accounts of one day. */
  limit: z.nullable(z.int()),
  /** How many of them are left. */
  left: z.nullable(z.int()),
  /** ISO time at which the count begins anew. */
  resetsAt: z.nullable(z.string()),
});

/** `POST /api/v1/auth/register/start` */
export const registerStartRequestSchema = z.strictObject({ email: emailSchema, registrationRequest: opaqueMessageSchema });
/** The server chooses the account id: the password record is bound to it, not to the address. */
export const registerStartAnswerSchema = z.object({ accountId: uuidSchema, attempt: z.string(), registrationResponse: z.string() });

/** `POST /api/v1/auth/register/finish`: all that the account begins with, in one transaction. */
export const registerFinishRequestSchema = z.strictObject({
  attempt: z.string().check(z.maxLength(512)),
  email: emailSchema,
  name: z.optional(displayNameSchema),
  registrationRecord: opaqueMessageSchema,
  wraps: z.array(wrapSchema).check(z.minLength(1), z.maxLength(2)),
  identity: identitySchema,
  space: z.strictObject({ id: uuidSchema, key: sealedSpaceKeySchema }),
  /** Comes with the wrap of a recovery code; see `recoveryWrapRequestSchema`. */
  recoveryOpenerB64: z.optional(b64Schema),
  client: z._default(clientSchema, 'web'),
});

/** `POST /api/v1/auth/login/start` */
export const loginStartRequestSchema = z.strictObject({ email: emailSchema, startLoginRequest: opaqueMessageSchema });
/** Looks alike, and takes alike long, for a known and an unknown address. */
export const loginStartAnswerSchema = z.object({ attempt: z.string(), loginResponse: z.string() });

/** `POST /api/v1/auth/login/finish` */
export const loginFinishRequestSchema = z.strictObject({
  attempt: z.string().check(z.maxLength(512)),
  finishLoginRequest: opaqueMessageSchema,
  /** Where the account has a second step: six digits, or a back-up code. */
  code: z.optional(secondFactorCodeSchema),
  client: z._default(clientSchema, 'web'),
});
/** Answer of every successful sign-in. `refreshToken` only for clients without a cookie. */
export const signedInAnswerSchema = z.object({ account: accountSchema, refreshToken: z.optional(z.string()) });
/** Answer of every successful sign-in. */
export type SignedIn = z.infer<typeof signedInAnswerSchema>;

/** `POST /api/v1/auth/login/abandon`: the client found the password wrong. Always answered by 401. */
export const loginAbandonRequestSchema = z.strictObject({ attempt: z.string().check(z.maxLength(512)) });

/** `GET /api/v1/auth/session` */
export const sessionAnswerSchema = z.object({ account: accountSchema });

/** `GET /api/v1/auth/sessions` */
export const sessionsAnswerSchema = z.object({
  sessions: z.array(
    z.object({
      id: uuidSchema,
      client: clientSchema,
      device: z.string(),
      network: z.string(),
      createdAt: z.string(),
      lastUsedAt: z.string(),
      current: z.boolean(),
    }),
  ),
});

/** `POST /api/v1/auth/sessions/lost`: everything that a lost device is signed in by. */
export const lostDeviceRequestSchema = z.strictObject({ sessions: z.array(uuidSchema).check(z.minLength(1), z.maxLength(100)) });

/** `POST /api/v1/auth/pair`: a first refresh token for a client that the signed-in person connects. */
export const pairAnswerSchema = z.object({ refreshToken: z.string() });

/** `POST /api/v1/auth/token` */
export const tokenRequestSchema = z.strictObject({ refreshToken: z.string().check(z.maxLength(512)) });
/** A short-lived access token and the next refresh token; the old one is spent. */
export const tokenAnswerSchema = z.object({ accessToken: z.string(), expiresInSec: z.int(), refreshToken: z.string() });

/** Answer of `POST /api/v1/me/bootstrap-singletons`: which singletons were missing and were made now. */
export const bootstrapAnswerSchema = z.object({
  ok: z.literal(true),
  bootstrapped: z.object({ userContext: z.boolean(), spaces: z.record(uuidSchema, z.boolean()) }),
});
/** Answer of `POST /api/v1/me/bootstrap-singletons`. */
export type BootstrapAnswer = z.infer<typeof bootstrapAnswerSchema>;
