import type { JsonValue } from '#modules/field-kinds.ts';
import type { Origin } from '#wire/record.ts';
import { isCommonField, sameValue } from './field-values.ts';
import type { RecordState, ShownField } from './record-state.ts';
import type { LostValue } from './store.ts';

/** A value that lost, before it is written to the history. */
export type Loss = Omit<LostValue, 'id' | 'lostAt'>;

/** What lost, and against what. */
export interface LossParts {
  readonly name: string;
  readonly lost: ShownField;
  /** The value that won, or the deletion of the record. */
  readonly winner: ShownField;
  /** Whether `winner` is the record's deletion. */
  readonly byDeletion?: boolean;
  /** Whether the person should be told. */
  readonly notice?: boolean;
  /** Whether it went unseen; by default where the person should be told. */
  readonly conflict?: boolean;
}

const isEmpty = (value: JsonValue): boolean => value === null || value === '' || (Array.isArray(value) && value.length === 0);

const isPersons = (origin: Origin): boolean => origin === 'user' || origin === 'restore';

const isWorthKeeping = (name: string, { v, origin }: ShownField): boolean => !isCommonField(name) && !isEmpty(v) && isPersons(origin);

/** The loss of a value that a person wrote; none where it was empty, the winner says the same, or nobody wrote it. */
export function lossOf(
  state: RecordState,
  { name, lost, winner, byDeletion = false, notice = false, conflict = notice }: LossParts,
): Loss[] {
  if (!isWorthKeeping(name, lost) || (!byDeletion && sameValue(lost.v, winner.v))) return [];
  const stamp = { at: winner.at, actor: winner.actor, origin: winner.origin };
  return [
    {
      space: state.space,
      table: state.table,
      recordId: state.id,
      field: name,
      value: lost.v,
      lostStamp: { at: lost.at, actor: lost.actor, origin: lost.origin },
      winner: byDeletion ? { kind: 'deletion', stamp } : { kind: 'value', value: winner.v, stamp },
      // What the program or the person's own agent wrote is nobody else's: it is kept, and told by no notice.
      notice: notice && lost.origin === 'user' && isPersons(winner.origin),
      conflict,
    },
  ];
}
