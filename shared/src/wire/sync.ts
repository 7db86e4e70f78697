import * as z from 'zod/mini';
import { isDeviceId, MAX_STAMP_MS, type DeviceId } from '../base/hybrid-clock.ts';
import { rejectionCodes } from './failures.ts';
import { MAX_COUNTED_OPS } from './limits.ts';
import { nameSchema, uuidSchema, wireFieldSchema, wireFieldsSchema, wireRecordSchema } from './record.ts';

const deviceSchema = z.pipe(
  z.string().check(z.refine(isDeviceId, 'must be 16 hexadecimal digits')),
  z.transform((text) => text as DeviceId),
);

/** Milliseconds since 1970, within what a stamp can carry. */
const timeSchema = z.number().check(z.minimum(0), z.maximum(MAX_STAMP_MS));

/** One change of one record: a set of fields that were written together. */
export const opSchema = z.strictObject({
  op: uuidSchema,
  space: uuidSchema,
  table: nameSchema,
  id: uuidSchema,
  fields: wireFieldsSchema,
});
/** One change of one record. */
export type Op = z.infer<typeof opSchema>;

/**
 * Body of `POST /api/v1/sync/push`. `n` counts the pushes of a device from 1; a repeat carries the same `n` and the same bytes. Each
 * operation is judged by itself, by `opSchema`: one that is malformed, or beyond `MAX_PUSH_OPS`, keeps none of the others back.
 */
export const pushRequestSchema = z.strictObject({
  device: deviceSchema,
  n: z.int().check(z.minimum(1)),
  generation: z.int().check(z.minimum(1)),
  ops: z.array(z.unknown()).check(z.minLength(1), z.maxLength(MAX_COUNTED_OPS)),
});
/** Body of a push as it arrives. */
export type ArrivedPushRequest = z.infer<typeof pushRequestSchema>;
/** Body of a push. */
export type PushRequest = Omit<ArrivedPushRequest, 'ops'> & { readonly ops: Op[] };

/** In results: the id of an operation that has none. */
export const NO_OP_ID = '00000000-0000-8000-8000-000000000000';

/** A field that won against a pushed one, with its name: a deletion may win against any field. */
const winnerSchema = z.extend(wireFieldSchema, { field: nameSchema });

/**
 * Outcome of one field of one operation; without `field`, of all its fields alike. `held`: not decided, because another part of the push was refused, or its epoch is not announced here yet.
 * `clock` and `epoch` refuse the whole push: the client re-stamps or re-seals and pushes again.
 */
export const pushResultSchema = z.object({
  op: uuidSchema,
  field: z.optional(nameSchema),
  status: z.enum(['applied', 'superseded', 'deleted', 'rejected', 'clock', 'epoch', 'held']),
  code: z.optional(z.enum(rejectionCodes)),
  /** Place in the push, where the operation was refused before it was read. */
  place: z.optional(z.int()),
  /** The record's sequence number in its space after the push; 0 when the server does not hold it. */
  seq: z.int(),
  winner: z.optional(winnerSchema),
});
/** Outcome of one field of one operation. */
export type PushResult = z.infer<typeof pushResultSchema>;

/** With `reset`: up to which sequence number each space's history is the one that the client knows; 0 for a space that is not named. */
const sharedSchema = z.record(uuidSchema, z.int().check(z.minimum(0)));

/**
 * Answer to a push. `status` is there only when the whole push was refused:
 * `clock` (a stamp is too far ahead), `epoch` (sealed under an old key), `reset` (other generation), `stale` (an older push number: this device is a copy).
 */
export const pushAnswerSchema = z.object({
  status: z.optional(z.enum(['clock', 'epoch', 'reset', 'stale'])),
  results: z.array(pushResultSchema),
  /** For each touched space, its sequence number before and after: a client at `before` may move its cursor to `after`. */
  spaces: z.record(uuidSchema, z.object({ before: z.int(), after: z.int() })),
  /** Server time, milliseconds since 1970; never goes back. */
  now: timeSchema,
  generation: z.int(),
  shared: z.optional(sharedSchema),
});
/** Answer to a push. */
export type PushAnswer = z.infer<typeof pushAnswerSchema>;

/** A place in a space's sequence: `<generation>-<seq>`. */
export const cursorPattern = /^([1-9]\d{0,8})-(\d{1,15})$/;

/** The place of a sequence number in a generation. */
export const cursorOf = (generation: number, seq: number): string => `${generation}-${seq}`;

/** Generation and sequence number of a cursor; undefined when it is malformed. */
export function parseCursor(cursor: string): { generation: number; seq: number } | undefined {
  const match = cursorPattern.exec(cursor);
  return match ? { generation: Number(match[1]), seq: Number(match[2]) } : undefined;
}

/** Answer of `GET /api/v1/sync/pull?space=&cursor=&limit=`. A page whose `records` are not exactly `count` is refused by the client. */
export const pullAnswerSchema = z.object({
  status: z.optional(z.literal('reset')),
  records: z.array(wireRecordSchema),
  cursor: z.string().check(z.regex(cursorPattern)),
  /** Whether records remain behind this page. */
  more: z.boolean(),
  /** How many records this page holds. */
  count: z.int(),
  /** How many records remain behind this page. */
  left: z.int(),
  now: timeSchema,
  generation: z.int(),
  shared: z.optional(sharedSchema),
});
/** Answer to a pull. */
export type PullAnswer = z.infer<typeof pullAnswerSchema>;

/**
 * Answer of `GET /api/v1/sync/newest?space=&table=&limit=&before=`: the records of a table that changed last, whole, newest first. A head
 * start for a device that takes over a large space; it moves no cursor, and each of its records comes again by the cursor.
 */
export const newestAnswerSchema = z.object({
  records: z.array(wireRecordSchema),
  /** Whether older records of the table remain; `before` the last one's number they follow. */
  more: z.boolean(),
  now: timeSchema,
  generation: z.int(),
});
/** Answer to a head start. */
export type NewestAnswer = z.infer<typeof newestAnswerSchema>;

/** What a head start asks for: records of a table, from below a sequence number where one is given. */
export interface NewestRequest {
  readonly space: string;
  readonly table: string;
  readonly limit: number;
  readonly before?: number | undefined;
}

/** Answer of `GET /api/v1/sync/time`: the request by which a client measures its clock. */
export const timeAnswerSchema = z.object({ now: timeSchema });

/** First message of a client on `WS /api/v1/sync/live`. Without `token` the session cookie of the upgrade counts, that of `account` where it is named. */
export const liveHelloSchema = z.strictObject({
  type: z.literal('hello'),
  device: deviceSchema,
  token: z.optional(z.string().check(z.maxLength(4096))),
  account: z.optional(uuidSchema),
});
/** First message of a client on the live socket. */
export type LiveHello = z.infer<typeof liveHelloSchema>;

/** What the server sends on the live socket. A device never hears of its own pushes. */
export const liveMessageSchema = z.discriminatedUnion('type', [
  /** Authenticated; where each space stands. */
  z.object({ type: z.literal('ready'), generation: z.int(), spaces: z.record(uuidSchema, z.int()), now: timeSchema }),
  /** Records that changed, whole: a client at `before` may apply them and move to `seq`. */
  z.object({ type: z.literal('change'), space: uuidSchema, before: z.int(), seq: z.int(), records: z.array(wireRecordSchema) }),
  /** Something changed, too large for a message: pull. */
  z.object({ type: z.literal('nudge'), space: uuidSchema, seq: z.int() }),
  /** The account's spaces or keys changed, or the session ended: read the session again. */
  z.object({ type: z.literal('session') }),
  /** The server stops; reconnect after a moment. */
  z.object({ type: z.literal('bye') }),
]);
/** What the server sends on the live socket. */
export type LiveMessage = z.infer<typeof liveMessageSchema>;
