import { allSeeds } from '@mana/shared/modules/all-seeds';
import { getLocale } from '#paraglide/runtime.js';
import type { App } from '../app.svelte.ts';

/** Opens a guest's vault; a new guest finds sample content. Where a vault is at home already, nothing changes. */
export async function startGuest({ session, today }: App): Promise<void> {
  await session.start();
  const isNew = session.state().kind === 'none';
  await session.startGuest();
  const opened = session.state();
  if (isNew && opened.kind === 'open') await opened.store.seed(allSeeds({ space: opened.store.homeSpace, language: getLocale(), today }));
}
