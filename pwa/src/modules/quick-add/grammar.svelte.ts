import type { DateReader } from '@mana/shared/quick-add/date-reader';
import type { orderBetween } from '@mana/shared/modules/todo/task-order';
import type { QuickAdd, QuickAddPlace } from '@mana/shared/quick-add/quick-add';

type Parser = (line: string, place: QuickAddPlace) => QuickAdd;

/** The grammar of the line and the rule of its place, fetched when somebody begins to type: most visits never need it. */
export function createGrammar() {
  let parser = $state.raw<Parser>();
  let readDates = $state.raw<DateReader>();
  let between: typeof orderBetween | undefined;
  let loading: Promise<void> | undefined;

  async function fetchAll(): Promise<void> {
    const [quickAdd, dates, order] = await Promise.all([
      import('@mana/shared/quick-add/quick-add'),
      import('@mana/shared/quick-add/date-reader'),
      import('@mana/shared/modules/todo/task-order'),
    ]);
    between = order.orderBetween;
    parser = quickAdd.parseQuickAdd;
    readDates = await dates.loadDateReader();
  }

  return {
    /** Reads a line; undefined while the grammar is not here. */
    parse: (line: string, place: QuickAddPlace): QuickAdd | undefined => parser?.(line, { ...place, readDates }),
    /** Order that puts a new task before the one with the least; undefined while the rule is not here. */
    orderBefore: (least: string | undefined): string | undefined => between?.(undefined, least),
    /** Resolves when the grammar is here, or cannot be had now (offline before its first use): a line then is a title. */
    load(): Promise<void> {
      loading ??= fetchAll().catch(() => {
        loading = undefined;
      });
      return loading;
    },
  };
}
