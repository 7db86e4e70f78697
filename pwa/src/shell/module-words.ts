import type { OpenRecord } from '@mana/shared/store/store';
import type { ModuleWords, ShownRecord } from './module.ts';

const found = import.meta.glob<ModuleWords>('../modules/*/words.ts', { eager: true, import: 'moduleWords' });
const all: readonly ModuleWords[] = Object.values(found);

function firstSaid<T>(ask: (words: ModuleWords) => T | undefined): T | undefined {
  for (const words of all) {
    const said = ask(words);
    if (said !== undefined) return said;
  }
  return undefined;
}

/** How a record is shown outside its module; undefined when no module shows its table. */
export const shownRecord = (record: OpenRecord): ShownRecord | undefined => firstSaid(({ shown }) => shown(record));

/** Name of a field in the person's words. */
export const fieldName = (table: string, field: string): string => firstSaid((words) => words.fieldName(table, field)) ?? field;

/** A sentence on what a module holds, for the settings. */
export const hintOf = (module: string): string => all.find(({ name }) => name === module)?.hint?.() ?? '';
