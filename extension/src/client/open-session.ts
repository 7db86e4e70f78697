import { systemClock } from '@mana/shared/base/clock';
import { systemRandom } from '@mana/shared/base/random';
import { allTableSchemas } from '@mana/shared/modules/all-modules';
import { createAccessTokens } from '@mana/shared/session/access-tokens';
import { createBrowserPlatform } from '@mana/shared/session/browser-platform';
import { createSession, type ExtensionSession } from '@mana/shared/session/create-session';

const open = (instance: string, live: boolean): ExtensionSession =>
  createSession({
    baseUrl: instance,
    client: 'extension',
    clock: systemClock,
    random: systemRandom,
    // Wrapped: a bare `fetch` called on another object is refused by the browser.
    fetch: (url, init) => fetch(url, { ...init, credentials: 'omit' }),
    tables: allTableSchemas,
    openTokens: createAccessTokens,
    platform: createBrowserPlatform({ live }),
  });

/** The popup's: hears of others' edits while it is open. */
export const openPopupSession = (instance: string): ExtensionSession => open(instance, true);

/** The worker's: holds no connection, it is stopped at any moment. */
export const openWorkerSession = async (instance: string): Promise<ExtensionSession> => open(instance, false);
