import * as z from 'zod/mini';
import { MAX_DISPLAY_NAME_LENGTH, MAX_PHOTO_LENGTH } from './limits.ts';
import { uuidSchema } from './record.ts';

/** A display name: no control characters, no half surrogates (a database refuses both). */
export const displayNameSchema = z
  .string()
  .check(z.trim(), z.minLength(1), z.maxLength(MAX_DISPLAY_NAME_LENGTH), z.regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must be plain text'));

/** A small picture as a data address; formats that carry no script. */
const photoSchema = z
  .string()
  .check(z.maxLength(MAX_PHOTO_LENGTH), z.regex(/^data:image\/(webp|png|jpeg);base64,[A-Za-z0-9+/]+={0,2}$/, 'must be a small picture'));

/** What an account shows of its person beside the name; readable by the server. */
export const profileSchema = z.object({
  /** Null shows the drawing that is made from the account's id. */
  photo: z.nullable(z.string()),
  /** Whether the community shows the name instead of an owl's. */
  communityShowRealName: z.boolean(),
  /** ISO time at which the first screens were finished; null until then. */
  onboardedAt: z.nullable(z.string()),
});
/** What an account shows of its person beside the name. */
export type Profile = z.infer<typeof profileSchema>;

/** `PATCH /api/v1/me/profile`: what is left out stays. */
export const profilePatchSchema = z.strictObject({
  name: z.optional(displayNameSchema),
  photo: z.optional(z.nullable(photoSchema)),
  communityShowRealName: z.optional(z.boolean()),
});
/** A change of the profile. */
export type ProfilePatch = z.infer<typeof profilePatchSchema>;

/** `GET /api/v1/me` */
export const meAnswerSchema = z.object({
  id: uuidSchema,
  email: z.string(),
  name: z.string(),
  createdAt: z.string(),
  profile: profileSchema,
});

/** `GET /api/v1/me/onboarding`, and the answer of finishing and beginning again. */
export const onboardingAnswerSchema = z.object({ completedAt: z.nullable(z.string()) });
