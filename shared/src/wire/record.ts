import * as z from 'zod/mini';
import { isStamp, type Stamp } from '../base/hybrid-clock.ts';
import { isUuid } from '../base/ids.ts';
import { MAX_NAME_LENGTH } from './limits.ts';

/** By which route a value was written. `server-replay` is a local mark and never an origin. */
export const originSchema = z.enum(['user', 'agent', 'system', 'migration', 'restore']);
/** By which route a value was written. */
export type Origin = z.infer<typeof originSchema>;

/** A lower-case UUID. */
export const uuidSchema = z.string().check(z.refine(isUuid, 'must be a UUID'));

/** Who wrote a value: `user:<id>`, `agent:<id>` or `system:<name>`. */
export const actorSchema = z
  .string()
  .check(z.regex(/^(user|agent):[0-9a-f-]{36}$|^system:[a-z][a-z-]{0,31}$/, 'must be user:<id>, agent:<id> or system:<name>'));

const stampSchema = z.pipe(
  z.string().check(z.refine(isStamp, 'must be a stamp')),
  z.transform((text) => text as Stamp),
);

/** Name of a table or field as declared by a module; never one that every object has anyway (`constructor`), so that a look-up by name finds own entries only. */
export const nameSchema = z.string().check(
  z.regex(/^[a-zA-Z][a-zA-Z0-9]*$/, 'must be letters and digits'),
  z.maxLength(MAX_NAME_LENGTH),
  z.refine((name) => !(name in Object.prototype), 'must not be a name of every object'),
);

/** A structural value: plaintext JSON without nesting. */
export const structuralValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** A structural value, or an envelope `enc:1:…` of an encrypted one. */
export type WireValue = z.infer<typeof structuralValueSchema>;

/** One field on the wire: value, stamp (`at`, `actor`, `origin`) and the epoch of the key that sealed it. */
export const wireFieldSchema = z.strictObject({
  v: structuralValueSchema,
  at: stampSchema,
  actor: actorSchema,
  origin: originSchema,
  epoch: z.int().check(z.minimum(0)),
});
/** One field on the wire. */
export type WireField = z.infer<typeof wireFieldSchema>;

/** Fields of a record on the wire, by name. */
export const wireFieldsSchema = z.record(nameSchema, wireFieldSchema);
/** Fields of a record on the wire, by name. */
export type WireFields = z.infer<typeof wireFieldsSchema>;

/** A record as the server holds it: the winning state of each field, and the sequence number of its last change in the space. */
export const wireRecordSchema = z.strictObject({
  id: uuidSchema,
  space: uuidSchema,
  table: nameSchema,
  seq: z.int(),
  fields: wireFieldsSchema,
});
/** A record as the server holds it. */
export type WireRecord = z.infer<typeof wireRecordSchema>;
