import { moduleAt } from '#shell/modules.ts';
import type { PageLoad } from './$types';

// A missing one is shown, not thrown: the client answers a thrown 404 by loading the address again, for ever.
export const load: PageLoad = async ({ params }) => ({ Screen: (await moduleAt(params.module)?.screen())?.default });
