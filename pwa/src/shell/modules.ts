import type { AppModule, ShownRecord } from './module.ts';
import type { OpenRecord } from '@mana/shared/store/store';

const found = import.meta.glob<AppModule>('../modules/*/module.ts', { eager: true, import: 'appModule' });

/** Every module of the app, in the order in which they are shown. */
export const modules: readonly AppModule[] = Object.values(found).toSorted((a, b) => a.position - b.position);

/** How a record is shown outside its module. */
export function shownRecord(record: OpenRecord): ShownRecord | undefined {
  for (const module of modules) {
    const shown = module.search?.(record);
    if (shown) return shown;
  }
  return undefined;
}
