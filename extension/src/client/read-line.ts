import { loadDateReader } from '@mana/shared/quick-add/date-reader';
import { parseQuickAdd, type QuickAdd, type QuickAddPlace } from '@mana/shared/quick-add/quick-add';

/** Understands a line as the app does. */
export type LineReader = (line: string, place: QuickAddPlace) => QuickAdd;

/** Loads the parser and the date grammars. */
export async function loadLineReader(): Promise<LineReader> {
  const readDates = await loadDateReader();
  return (line, place) => parseQuickAdd(line, { ...place, readDates });
}
