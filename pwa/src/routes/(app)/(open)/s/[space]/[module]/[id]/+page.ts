import { moduleAt } from '#shell/modules.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params: { module, id } }) => ({ Screen: (await moduleAt(module)?.recordScreen?.())?.default, id });
