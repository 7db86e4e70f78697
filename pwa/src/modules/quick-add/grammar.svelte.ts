import type { DateReader } from '@mana/shared/quick-add/date-reader';
import type { QuickAdd, QuickAddPlace } from '@mana/shared/quick-add/quick-add';

type Parser = (line: string, place: QuickAddPlace) => QuickAdd;

/** The grammar of the line, fetched when somebody begins to type: most visits never need it. */
export function createGrammar() {
  let parser = $state.raw<Parser>();
  let readDates = $state.raw<DateReader>();
  let loading: Promise<void> | undefined;

  async function fetchAll(): Promise<void> {
    const [quickAdd, dates] = await Promise.all([import('@mana/shared/quick-add/quick-add'), import('@mana/shared/quick-add/date-reader')]);
    parser = quickAdd.parseQuickAdd;
    readDates = await dates.loadDateReader();
  }

  return {
    /** Reads a line; undefined while the grammar is not here. */
    parse: (line: string, place: QuickAddPlace): QuickAdd | undefined => parser?.(line, { ...place, readDates }),
    /** Resolves when the grammar is here, or cannot be had now (offline before its first use): a line then is a title. */
    load(): Promise<void> {
      loading ??= fetchAll().catch(() => {
        loading = undefined;
      });
      return loading;
    },
  };
}
