import * as z from 'zod/mini';
import { keyProofSchema } from './key-proof.ts';

/** `DELETE /api/v1/me`: the holder of the account key asks for the account's deletion. */
export const deletionRequestSchema = z.strictObject({ proof: keyProofSchema });

/** `GET /api/v1/me/deletion`: when the account will be gone, or null. */
export const deletionStatusSchema = z.object({ dueAt: z.nullable(z.string()) });

/** Time in which a deletion can be taken back, in milliseconds: long enough to notice that somebody else asked for it. */
export const DELETION_UNDO_MS = 7 * 86_400_000;

/** `GET /api/v1/me/export`: every row that the server holds about the account, by table; what is withheld, and why. */
export const exportAnswerSchema = z.object({
  format: z.literal('mana-export/1'),
  exportedAt: z.string(),
  tables: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  withheld: z.record(z.string(), z.string()),
});
