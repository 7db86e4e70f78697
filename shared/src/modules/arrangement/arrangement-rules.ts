import type { ValuesOf } from '../define-module.ts';
import type { homeCards } from './arrangement.ts';

interface Arranged {
  readonly id: string;
  readonly values: ValuesOf<typeof homeCards>;
  readonly stamps: Readonly<Record<string, { readonly at: string } | undefined>>;
}

/** The arrangement that counts: the newest, since a guest's record comes along into the account under its own id. */
export const currentArrangement = <Record extends Arranged>(records: readonly Record[]): Record | undefined =>
  records.toSorted((a, b) => (atOf(a) < atOf(b) ? 1 : -1))[0];

const atOf = ({ stamps }: Arranged): string => stamps['modules']?.at ?? '';

/** The cards to show: the arranged ones that exist, or all where nothing was arranged. */
export function shownCards(arranged: readonly string[] | undefined, existing: readonly string[]): readonly string[] {
  const kept = arranged?.filter((name) => existing.includes(name)) ?? [];
  return kept.length > 0 ? kept : existing;
}
