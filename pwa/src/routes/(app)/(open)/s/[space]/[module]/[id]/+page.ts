import { error } from '@sveltejs/kit';
import { moduleAt } from '#shell/modules.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params: { module, id } }) => {
  const screen = await moduleAt(module)?.recordScreen?.();
  return screen ? { Screen: screen.default, id } : error(404);
};
