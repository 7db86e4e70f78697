import * as z from 'zod/mini';
import { passkeyWrapSchema } from './account.ts';
import { displayNameSchema } from './profile.ts';
import { uuidSchema } from './record.ts';

const b64Url = (maxLength: number) => z.string().check(z.regex(/^[A-Za-z0-9_-]+$/, 'must be URL base64'), z.maxLength(maxLength));

/** A credential's id: at most 1,023 bytes (WebAuthn level 3), in URL base64. */
const credentialIdSchema = b64Url(1_364);

// Far above what authenticators send, post-quantum keys and certificates included; far below what would hurt to parse.
const clientDataSchema = b64Url(8_192);
const authenticatorBytesSchema = b64Url(32_768);

/**
 * What extensions answered. The output of PRF opens the vault and must never leave the device: a body that
 * holds it is refused, so that a client that leaks it is noticed at once.
 */
const extensionResultsSchema = z.looseObject({
  prf: z.optional(z.strictObject({ enabled: z.optional(z.boolean()) })),
  hmacGetSecret: z.optional(z.never()),
});

const credentialParts = {
  id: credentialIdSchema,
  rawId: credentialIdSchema,
  type: z.literal('public-key'),
  clientExtensionResults: z.optional(extensionResultsSchema),
  authenticatorAttachment: z.nullish(z.enum(['platform', 'cross-platform'])),
};

/** `RegistrationResponseJSON` of WebAuthn level 3. */
const registrationResponseSchema = z.strictObject({
  ...credentialParts,
  response: z.object({
    clientDataJSON: clientDataSchema,
    attestationObject: authenticatorBytesSchema,
    transports: z.optional(z.array(z.string().check(z.regex(/^[a-z-]{1,32}$/, 'must be the name of a transport'))).check(z.maxLength(10))),
  }),
});

/** `AuthenticationResponseJSON` of WebAuthn level 3. */
const authenticationResponseSchema = z.strictObject({
  ...credentialParts,
  response: z.object({
    clientDataJSON: clientDataSchema,
    authenticatorData: authenticatorBytesSchema,
    signature: authenticatorBytesSchema,
    userHandle: z.nullish(b64Url(128)),
  }),
});

/** `POST /api/v1/auth/passkeys/{register,authenticate}/options`; the answer is raw WebAuthn JSON. */
export const passkeyOptionsRequestSchema = z.strictObject({});

/** `POST /api/v1/auth/passkeys/register/verify` */
export const passkeyRegisterRequestSchema = z.strictObject({ response: registrationResponseSchema });

/** `POST /api/v1/auth/passkeys/authenticate/verify`; answered like every sign-in. */
export const passkeyAuthenticateRequestSchema = z.strictObject({ response: authenticationResponseSchema });

/** `GET /api/v1/auth/passkeys/capability` */
export const passkeyCapabilitySchema = z.object({
  enabled: z.boolean(),
  /** Domain that passkeys are bound to. */
  rpId: z.string(),
  /** Whether passkeys may be offered in the field of the address. */
  conditionalUi: z.boolean(),
  /** Whether a passkey may keep a wrap of the account key. */
  prf: z.boolean(),
});
/** What the server says about passkeys. */
export type PasskeyCapability = z.infer<typeof passkeyCapabilitySchema>;

/** A passkey as its owner sees it. */
export const passkeySchema = z.object({
  id: uuidSchema,
  credentialId: z.string(),
  name: z.string(),
  /** Model of the authenticator, or zeros where it does not say. */
  aaguid: z.string(),
  transports: z.array(z.string()),
  /** Whether it is kept by a service that copies it to the person's other devices. */
  backedUp: z.boolean(),
  createdAt: z.string(),
  lastUsedAt: z.nullable(z.string()),
  /** Whether it opens the vault too, not only the session. */
  opensVault: z.boolean(),
});
/** A passkey as its owner sees it. */
export type Passkey = z.infer<typeof passkeySchema>;

/** `GET /api/v1/auth/passkeys` */
export const passkeysAnswerSchema = z.object({ passkeys: z.array(passkeySchema) });

/** `POST /api/v1/auth/passkeys/register/verify` */
export const passkeyAnswerSchema = z.object({ passkey: passkeySchema });

/** `PATCH /api/v1/auth/passkeys/:id` */
export const passkeyRenameRequestSchema = z.strictObject({ name: displayNameSchema });

/** `PUT /api/v1/auth/passkeys/:id/wrap`: the account key sealed under what the passkey answers. */
export const passkeyWrapRequestSchema = z.strictObject({ wrap: passkeyWrapSchema });
