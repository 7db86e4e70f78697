import { stampDevice, type DeviceId, type Stamp } from '#base/hybrid-clock.ts';
import { compareFields } from '#wire/merge.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import { ENVELOPE_PREFIX, isEnvelope } from '#wire/envelope-form.ts';
import type { WireField, WireFields } from '#wire/record.ts';
import { lossOf, type Loss } from './losses.ts';
import type { OpenWireField } from './outbox-store.ts';
import { isDeleted, orderedHeld, raiseField, shownField, type HeldField, type RecordState } from './record-state.ts';

/** What judging an arriving field needs. */
export interface RemoteContext {
  readonly isStructural: (table: string, field: string) => boolean;
  /** Whether this version knows the field. */
  readonly isDeclared: (table: string, field: string) => boolean;
  readonly open: OpenWireField;
  readonly warn: (code: string) => void;
}

/** Whose edits are whose. */
export interface OwnEdits {
  readonly self: string;
  readonly isOwnDevice: (device: DeviceId) => boolean;
  /** Whether an edit was made since the app started. */
  readonly isOfSession: (at: Stamp) => boolean;
}

/** The error of an envelope under a key that this device does not hold. */
export const KEY_IS_UNKNOWN = 'KEY_IS_UNKNOWN';

const ivTextLength = 16;

/** The IV of an envelope, as base64. */
export const ivOf = (envelope: string): string => envelope.slice(ENVELOPE_PREFIX.length, ENVELOPE_PREFIX.length + ivTextLength);

/** A structural field as it is held. */
const heldPlain = (field: WireField): HeldField => ({ ...field, iv: '' });

const heldSealed = (field: WireField, v: HeldField['v'], envelope: string): HeldField => ({ ...field, v, iv: ivOf(envelope) });

function isNews(state: RecordState, name: string, field: HeldField): boolean {
  const current = state.acked[name];
  return !current || compareFields(orderedHeld(field), orderedHeld(current)) > 0;
}

/** What became of one arriving field; `unread`: a later version, or a later key, may open it. */
type Opened = { readonly kind: 'news'; readonly field: HeldField } | { readonly kind: 'nothing' } | { readonly kind: 'unread' };

const nothing: Opened = { kind: 'nothing' };
const unread: Opened = { kind: 'unread' };

function refuse(context: RemoteContext, code: string): Opened {
  context.warn(code);
  return nothing;
}

const newsOf = (state: RecordState, name: string, field: HeldField): Opened =>
  isNews(state, name, field) ? { kind: 'news', field } : nothing;

/** Opens one arriving field. Nothing when it is no news, or is refused: plaintext where ciphertext is due, or what does not open at its place. */
async function openField(state: RecordState, name: string, parts: { field: WireField; context: RemoteContext }): Promise<Opened> {
  const { field, context } = parts;
  if (context.isStructural(state.table, name)) {
    const isMalformed = name === DELETED_AT && typeof field.v !== 'string' && field.v !== null;
    return isMalformed ? refuse(context, 'FIELD_IS_MALFORMED') : newsOf(state, name, heldPlain(field));
  }
  if (!isEnvelope(field.v)) {
    // A newer version may have declared it structural.
    if (!context.isDeclared(state.table, name)) return unread;
    return refuse(context, 'FIELD_IS_PLAINTEXT');
  }
  if (!isNews(state, name, heldSealed(field, null, field.v))) return nothing;
  const opened = await context.open({ space: state.space, table: state.table, id: state.id, field: name }, field);
  if (opened.ok) return newsOf(state, name, heldSealed(field, opened.value, field.v));
  context.warn(opened.error);
  return opened.error === KEY_IS_UNKNOWN ? unread : nothing;
}

/** Whether a value went because somebody emptied the bin: then it is to be gone here too. */
const isOfPurge = (state: RecordState, news: ReadonlyMap<string, HeldField>, winner: HeldField): boolean =>
  winner.v === null && isDeleted(state) && news.get(DELETED_AT)?.at === winner.at;

/** What arrived for a record, opened. */
export interface News {
  /** The fields that win against what is acknowledged. */
  readonly fields: ReadonlyMap<string, HeldField>;
  /** Whether a later version, or a later key, may open more of it. */
  readonly hasUnread: boolean;
}

/** Opens the arriving fields of a record. */
export async function openNews(state: RecordState, fields: WireFields, context: RemoteContext): Promise<News> {
  const opened = await Promise.all(
    Object.entries(fields).map(async ([name, field]) => [name, await openField(state, name, { field, context })] as const),
  );
  return {
    fields: new Map(opened.flatMap(([name, each]) => (each.kind === 'news' ? [[name, each.field] as const] : []))),
    hasUnread: opened.some(([, each]) => each.kind === 'unread'),
  };
}

/**
 * Takes arrived fields into a record. An own acknowledged edit that was shown and gives way goes to the history, with a notice only if it
 * was made in this session and somebody else replaced it. The winner may carry this device's name too: of a copy of its database.
 */
export function mergeNews(state: RecordState, news: ReadonlyMap<string, HeldField>, own: OwnEdits): { state: RecordState; losses: Loss[] } {
  const losses: Loss[] = [];
  let next = state;
  for (const [name, winner] of news) {
    const lost = state.acked[name];
    if (!isNews(state, name, winner)) continue;
    next = raiseField(next, name, winner);
    if (!lost || !own.isOwnDevice(stampDevice(lost.at))) continue;
    if (shownField(state, name)?.at !== lost.at || isOfPurge(state, news, winner)) continue;
    losses.push(...lossOf(state, { name, lost, winner, notice: own.isOfSession(lost.at) && winner.actor !== own.self }));
  }
  return { state: next, losses };
}
