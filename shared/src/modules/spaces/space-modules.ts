import type { SharedType } from '#wire/space-statement.ts';

/** What every space may share, whatever its type. */
const always = ['todo', 'notes', 'habits', 'calendar'];

/** What each type begins with besides, by module names; a module that does not exist yet is left out until it does. */
const besides: Readonly<Record<SharedType, readonly string[]>> = {
  brand: ['articles', 'writing', 'research'],
  club: ['contacts', 'places'],
  family: ['contacts', 'places', 'food'],
  team: ['goals', 'times', 'articles'],
  practice: ['contacts', 'times'],
};

/** Modules that a space shows: what its owner chose, else what its type begins with. */
export function modulesOfSpace(type: SharedType, chosen: readonly string[] | null, existing: readonly string[]): readonly string[] {
  const wanted = new Set(chosen ?? defaultModules(type));
  return existing.filter((name) => wanted.has(name));
}

/** A choice with one module switched; names that this version does not know stay as they are. */
export const withModule = (chosen: readonly string[], name: string, isOn: boolean): readonly string[] =>
  isOn ? [...new Set([...chosen, name])] : chosen.filter((other) => other !== name);

/** What a space of this type begins with. */
export const defaultModules = (type: SharedType): readonly string[] => [...always, ...besides[type]];
