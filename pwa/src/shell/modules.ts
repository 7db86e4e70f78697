import type { AppModule } from './module.ts';

const found = import.meta.glob<AppModule>('../modules/*/module.ts', { eager: true, import: 'appModule' });

/** Every module of the app, in the order in which they are shown. */
export const modules: readonly AppModule[] = Object.values(found).toSorted((a, b) => a.position - b.position);

/** Those of the main navigation. */
export const mainModules: readonly AppModule[] = modules.filter((module) => !module.inSettings);

/** The module with a path below the open space. */
export const moduleAt = (path: string): AppModule | undefined => modules.find((module) => module.path === path);
