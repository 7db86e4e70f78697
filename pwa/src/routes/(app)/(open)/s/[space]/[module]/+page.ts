import { error } from '@sveltejs/kit';
import { moduleAt } from '#shell/modules.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params }) => {
  const screen = await moduleAt(params.module)?.screen();
  return screen ? { Screen: screen.default } : error(404);
};
