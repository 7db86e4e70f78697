import { modulesOfSpace } from '@mana/shared/modules/spaces/space-modules';
import type { App } from '../app.svelte.ts';
import type { AppModule } from '../module.ts';
import { mainModules } from '../modules.ts';

/** Modules of the open space: all in the person's own, what the members agreed on in a shared one. */
export function modulesIn({ space, spaceNames }: App): readonly AppModule[] {
  if (space === null) return mainModules;
  const chosen = spaceNames.profileOf(space)?.modules ?? null;
  const shown = modulesOfSpace(
    space.type,
    chosen,
    mainModules.map(({ name }) => name),
  );
  return mainModules.filter(({ name }) => shown.includes(name));
}
