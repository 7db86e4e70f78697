import * as z from 'zod/mini';
import { sealedSpaceKeySchema } from './account.ts';
import { MAX_SPACE_MEMBERS } from './limits.ts';
import { uuidSchema } from './record.ts';
import { key32Schema, roleSchema, sharedTypeSchema, signatureSchema, spaceStatementSchema } from './space-statement.ts';

const b64Schema = z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64'), z.maxLength(2048));

/** Bytes that somebody sealed to their own identity. */
export const sealedToSelfSchema = z.strictObject({ encB64: b64Schema, ciphertextB64: b64Schema });
/** Bytes that somebody sealed to their own identity. */
export type SealedToSelf = z.infer<typeof sealedToSelfSchema>;

/** Who took an invitation, with the proof that they held its secret. */
const takenSchema = z.object({
  account: uuidSchema,
  name: z.string(),
  sealingPublicB64: key32Schema,
  signingPublicB64: key32Schema,
  proofB64: key32Schema,
});

/** An invitation as those who lead the space see it. What its maker decided lies in `sealed`; role and expiry beside it are for showing. */
export const invitationSchema = z.object({
  id: uuidSchema,
  role: roleSchema,
  readOnly: z.boolean(),
  expiresAt: z.string(),
  madeBy: uuidSchema,
  sealed: sealedToSelfSchema,
  taken: z.nullable(takenSchema),
});
/** An invitation as those who lead the space see it. */
export type Invitation = z.infer<typeof invitationSchema>;

/** A member's signed wish to leave, until somebody who leads the space has made the next epoch. */
const leavingSchema = z.object({ account: uuidSchema, number: z.int(), signatureB64: signatureSchema });
/** A member's signed wish to leave. */
export type Leaving = z.infer<typeof leavingSchema>;

/** A shared space as the server tells of it: nothing here counts before its statements are verified. */
export const sharedSpaceSchema = z.object({
  id: uuidSchema,
  type: sharedTypeSchema,
  /** All statements, from the first. */
  statements: z.array(spaceStatementSchema),
  /** Each epoch's key, sealed to the caller's identity. */
  keys: z.array(sealedSpaceKeySchema),
  /** What the caller sealed when accepting; null for whoever made the space. */
  acceptance: z.nullable(sealedToSelfSchema),
  /** Display names by account. */
  names: z.record(uuidSchema, z.string()),
  leaving: z.array(leavingSchema),
  /** Empty for members who do not lead. */
  invitations: z.array(invitationSchema),
});
/** A shared space as the server tells of it. */
export type SharedSpace = z.infer<typeof sharedSpaceSchema>;

/** `GET /api/v1/spaces` */
export const spacesAnswerSchema = z.object({ spaces: z.array(sharedSpaceSchema) });

/** `POST /api/v1/spaces`: the first statement names the space; its key is sealed to the maker. */
export const makeSpaceRequestSchema = z.strictObject({ statement: spaceStatementSchema, key: sealedSpaceKeySchema });

/** `POST /api/v1/spaces/:id/statements`: the next statement, the keys that it brings to members, and the invitation that it answers. */
export const nextStatementRequestSchema = z.strictObject({
  statement: spaceStatementSchema,
  keys: z.array(z.extend(sealedSpaceKeySchema, { account: uuidSchema })).check(z.maxLength(20 * MAX_SPACE_MEMBERS)),
  admits: z.optional(uuidSchema),
});

/** `POST /api/v1/spaces/:id/leave` */
export const leaveRequestSchema = z.strictObject({ number: z.int().check(z.minimum(1)), signatureB64: signatureSchema });

/** `POST /api/v1/spaces/:id/epoch`: the next key of a personal space, sealed by its owner to themselves. */
export const personalEpochRequestSchema = z.strictObject({ key: sealedSpaceKeySchema });

/** `POST /api/v1/spaces/:id/invitations`. The link's secret stays with the client: the server learns the hash of a token derived from it. */
export const inviteRequestSchema = z.strictObject({
  id: uuidSchema,
  tokenHashB64: key32Schema,
  role: z.enum(['admin', 'member']),
  readOnly: z.boolean(),
  expiresAt: z.iso.datetime(),
  sealed: sealedToSelfSchema,
});

/** `POST /api/v1/invitations/look` */
export const lookInvitationRequestSchema = z.strictObject({ tokenB64: key32Schema });
/** What an invitation is to; the inviter's keys count only if they have the fingerprint in the link. */
export const lookInvitationAnswerSchema = z.object({
  id: uuidSchema,
  space: uuidSchema,
  type: sharedTypeSchema,
  role: roleSchema,
  readOnly: z.boolean(),
  expiresAt: z.string(),
  inviter: z.object({ account: uuidSchema, name: z.string(), sealingPublicB64: key32Schema, signingPublicB64: key32Schema }),
  /** Whether the caller has taken it already, or is a member. */
  state: z.enum(['open', 'taken', 'member']),
});
/** What an invitation is to. */
export type InvitationView = z.infer<typeof lookInvitationAnswerSchema>;

/** `POST /api/v1/invitations/accept` */
export const acceptInvitationRequestSchema = z.strictObject({
  tokenB64: key32Schema,
  proofB64: key32Schema,
  acceptance: sealedToSelfSchema,
});
