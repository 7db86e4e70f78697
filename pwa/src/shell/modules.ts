import type { AppModule, ShownRecord } from './module.ts';
import type { OpenRecord } from '@mana/shared/store/store';

const found = import.meta.glob<AppModule>('../modules/*/module.ts', { eager: true, import: 'appModule' });

/** Every module of the app, in the order in which they are shown. */
export const modules: readonly AppModule[] = Object.values(found).toSorted((a, b) => a.position - b.position);

/** Those of the main navigation. */
export const mainModules: readonly AppModule[] = modules.filter((module) => !module.settingsHint);

/** The module with a path below the open space. */
export const moduleAt = (path: string): AppModule | undefined => modules.find((module) => module.path === path);

/** How a record is shown outside its module. */
export function shownRecord(record: OpenRecord): ShownRecord | undefined {
  for (const module of modules) {
    const shown = module.search?.(record);
    if (shown) return shown;
  }
  return undefined;
}
