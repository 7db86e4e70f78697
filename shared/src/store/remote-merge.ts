import { stampDevice, type DeviceId, type Stamp } from '#base/hybrid-clock.ts';
import { compareFields } from '#wire/merge.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import { ENVELOPE_PREFIX, isEnvelope } from '#wire/envelope-form.ts';
import type { WireField, WireFields } from '#wire/record.ts';
import { lossOf, type Loss } from './losses.ts';
import type { OpenWireField } from './outbox-store.ts';
import { orderedHeld, raiseField, shownField, type HeldField, type RecordState } from './record-state.ts';

/** What judging an arriving field needs. */
export interface RemoteContext {
  readonly isStructural: (table: string, field: string) => boolean;
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

/** Opens one arriving field. Undefined when it is no news, or is refused: plaintext where ciphertext is due, or what does not open at its place. */
async function openField(
  state: RecordState,
  name: string,
  parts: { field: WireField; context: RemoteContext },
): Promise<HeldField | undefined> {
  const { field, context } = parts;
  if (context.isStructural(state.table, name)) {
    const held = heldPlain(field);
    if (name === DELETED_AT && typeof field.v !== 'string' && field.v !== null) {
      context.warn('FIELD_IS_MALFORMED');
      return undefined;
    }
    return isNews(state, name, held) ? held : undefined;
  }
  if (!isEnvelope(field.v)) {
    context.warn('FIELD_IS_PLAINTEXT');
    return undefined;
  }
  if (!isNews(state, name, heldSealed(field, null, field.v))) return undefined;
  const opened = await context.open({ space: state.space, table: state.table, id: state.id, field: name }, field);
  if (opened.ok) return heldSealed(field, opened.value, field.v);
  context.warn(opened.error);
  return undefined;
}

/** The arriving fields that win against what is acknowledged, opened. */
export async function openNews(state: RecordState, fields: WireFields, context: RemoteContext): Promise<Map<string, HeldField>> {
  const names = Object.keys(fields);
  const opened = await Promise.all(
    names.map(async (name) => {
      const field = fields[name];
      return field && openField(state, name, { field, context });
    }),
  );
  return new Map(names.flatMap((name, index) => (opened[index] ? [[name, opened[index]] as const] : [])));
}

/**
 * Takes arrived fields into a record. An own acknowledged edit that was shown and gives way to another device goes to the history;
 * with a notice only if it was made in this session and somebody else replaced it.
 */
export function mergeNews(state: RecordState, news: ReadonlyMap<string, HeldField>, own: OwnEdits): { state: RecordState; losses: Loss[] } {
  const losses: Loss[] = [];
  let next = state;
  for (const [name, winner] of news) {
    const lost = state.acked[name];
    if (!isNews(state, name, winner)) continue;
    next = raiseField(next, name, winner);
    if (!lost || !own.isOwnDevice(stampDevice(lost.at)) || own.isOwnDevice(stampDevice(winner.at))) continue;
    if (shownField(state, name)?.at !== lost.at) continue;
    losses.push(...lossOf(state, { name, lost, winner, notice: own.isOfSession(lost.at) && winner.actor !== own.self }));
  }
  return { state: next, losses };
}
