import { excerptAround, highlight, type Highlight } from '@mana/shared/search/fold';
import type { SearchHit } from '@mana/shared/search/search-index';
import { shownRecord } from '#shell/module-words.ts';

/** A hit as the page shows it. */
export interface Result {
  readonly key: string;
  readonly path: string;
  readonly kind: string;
  readonly title: readonly Highlight[];
  readonly excerpt: readonly Highlight[];
}

const excerptLength = 160; // two lines on a phone

/** What the owner of the record says about it; undefined when no module shows its table. */
export function resultOf({ record, terms }: SearchHit): Result | undefined {
  const shown = shownRecord(record);
  return (
    shown && {
      key: `${record.table}/${record.id}`,
      path: shown.path,
      kind: shown.kind,
      title: highlight(shown.title, terms),
      excerpt: highlight(excerptAround(shown.text, terms, excerptLength), terms),
    }
  );
}
