import type { Stamp } from '../base/hybrid-clock.ts';
import { DELETED_AT } from './deletion.ts';
import type { WireField, WireFields } from './record.ts';

/** What the merge rule looks at: any two fields with these can be ordered. */
export interface Ordered {
  readonly at: Stamp;
  readonly epoch: number;
  readonly v: unknown;
}

const bytesOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/**
 * The merge rule: the greater `at` wins, then the greater epoch, then the greater bytes. Positive when `a` wins.
 * Invariant 1: a total order, so every replica keeps the same value whatever the order of arrival.
 */
export function compareFields(a: Ordered, b: Ordered): number {
  if (a.at !== b.at) return a.at > b.at ? 1 : -1;
  if (a.epoch !== b.epoch) return a.epoch - b.epoch;
  const [x, y] = [bytesOf(a.v), bytesOf(b.v)];
  return x === y ? 0 : x > y ? 1 : -1;
}

/** The deletion of a record, if it is deleted now. */
export function tombstoneOf(fields: Readonly<Record<string, WireField>>): WireField | undefined {
  const field = fields[DELETED_AT];
  return field && field.v !== null ? field : undefined;
}

/** Fields older than their record's last deletion or restoration are void: a restoration wrote the record whole. */
export const isVoid = (name: string, field: Ordered, deletion: Ordered | undefined): boolean =>
  name !== DELETED_AT && deletion !== undefined && field.at < deletion.at;

/** What the server decides about one field of an operation. */
export type FieldVerdict =
  | { readonly status: 'applied'; readonly changes: boolean }
  | { readonly status: 'superseded'; readonly winner: string }
  | { readonly status: 'deleted'; readonly winner: string };

/** An operation's fields against the record's winning fields. */
export interface MergeInput {
  readonly current: Readonly<WireFields>;
  readonly incoming: Readonly<WireFields>;
  /** Names of the fields that carry what a person wrote: a restoration must write all of them that exist; a deletion yields to newer ones. */
  readonly isContent: (name: string) => boolean;
}

/** Whether an operation that meets a tombstone restores the record: newer `deletedAt: null` and every stored content field written again above the tombstone. */
function restores({ current, incoming, isContent }: MergeInput, tombstone: WireField): boolean {
  const revival = incoming[DELETED_AT];
  if (!revival || revival.v !== null || revival.at <= tombstone.at) return false;
  const names = new Set([...Object.keys(current), ...Object.keys(incoming)]);
  return [...names].filter(isContent).every((name) => (incoming[name]?.at ?? '') > tombstone.at);
}

/** The first stored content field that is newer than a deletion: the deletion yields to it. */
function newerThanDeletion({ current, isContent }: MergeInput, deletion: WireField): string | undefined {
  return Object.keys(current).find((name) => isContent(name) && (current[name]?.at ?? '') > deletion.at);
}

function againstStored(name: string, field: WireField, stored: WireField | undefined): FieldVerdict {
  const order = stored ? compareFields(field, stored) : 1;
  if (order < 0) return { status: 'superseded', winner: name };
  return { status: 'applied', changes: order > 0 };
}

type Verdicts = Map<string, FieldVerdict>;

/** The record is deleted and the operation does not bring it back: what is older was buried, what is newer hears of the deletion. */
function decideUnder(tombstone: WireField, incoming: Readonly<WireFields>): Verdicts {
  const verdictOf = (name: string, field: WireField): FieldVerdict => {
    if (name === DELETED_AT && field.at === tombstone.at) return { status: 'applied', changes: false };
    return { status: field.at > tombstone.at ? 'deleted' : 'superseded', winner: DELETED_AT };
  };
  return new Map(Object.entries(incoming).map(([name, field]) => [name, verdictOf(name, field)]));
}

function decideDeletion(input: MergeInput, deletion: WireField): FieldVerdict {
  const buries = deletion.v !== null && !tombstoneOf(input.current);
  const newer = buries ? newerThanDeletion(input, deletion) : undefined;
  return newer ? { status: 'superseded', winner: newer } : againstStored(DELETED_AT, deletion, input.current[DELETED_AT]);
}

/** Decides a field after its operation's deletion: what was emptied by a deletion's own stamp, to delete the record for good, shares its fate. */
function besideDeletion(
  { current, incoming }: MergeInput,
  [name, field]: readonly [string, WireField],
  verdict?: FieldVerdict,
): FieldVerdict {
  const deletion = incoming[DELETED_AT];
  if (verdict?.status === 'superseded' && deletion?.v !== null && field.at === deletion?.at) return verdict;
  const lastDeletion = verdict?.status === 'applied' ? deletion : current[DELETED_AT];
  return isVoid(name, field, lastDeletion) ? { status: 'superseded', winner: DELETED_AT } : againstStored(name, field, current[name]);
}

/**
 * Decides every field of one operation against the stored record; the deletion is decided first.
 * Invariant 2: applying the same operation again changes nothing and is `applied`.
 * Invariant 3: a stored stamp never goes back. Invariant 4: a deleted record stays deleted until an operation writes it whole.
 * Invariant 5: a deletion yields to newer content. Invariant 6: a field older than the deletion is superseded by it.
 * Invariant 7: what was emptied together with a deletion, by its stamp, yields together with it.
 */
export function decideOp(input: MergeInput): Verdicts {
  const { current, incoming } = input;
  const tombstone = tombstoneOf(current);
  const deletion = incoming[DELETED_AT];
  if (tombstone && !tombstoneOf(incoming) && !restores(input, tombstone)) return decideUnder(tombstone, incoming);

  const verdicts: Verdicts = new Map();
  if (deletion) verdicts.set(DELETED_AT, decideDeletion(input, deletion));
  for (const each of Object.entries(incoming))
    if (each[0] !== DELETED_AT) verdicts.set(each[0], besideDeletion(input, each, verdicts.get(DELETED_AT)));
  return verdicts;
}
