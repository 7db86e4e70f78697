/** Name that all caches of the shell begin with. */
const PREFIX = 'mana-shell-';

/** Page that stands for every app route. */
export const SHELL_PATH = '/shell';

/** Routes that the app shows by itself; everything else is the server's. */
const appRoute = /^\/(s|try|sign-up|sign-in|unlock|onboarding|settings|history|bin|join|spaces|shell)(\/|$)/;

/** Whether the shell answers a navigation to this path. */
export const isAppRoute = (pathname: string): boolean => appRoute.test(pathname);

/** Name of a version's cache. */
export const cacheNameOf = (version: string): string => `${PREFIX}${version}`;

/**
 * Caches that may go, given all names in the order in which they were made: an open tab of the version before may still ask
 * for its chunks, so one generation stays.
 */
export function outdatedCaches(names: readonly string[], current: string): readonly string[] {
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== current);
  return others.slice(0, -1);
}
