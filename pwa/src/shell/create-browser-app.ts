import { systemClock } from '@mana/shared/base/clock';
import { systemRandom } from '@mana/shared/base/random';
import { allTableSchemas } from '@mana/shared/modules/all-modules';
import { createBrowserPlatform } from '@mana/shared/session/browser-platform';
import { createSession } from '@mana/shared/session/create-session';
import { browserFetch } from '#platform/browser-fetch.ts';
import { openPullWorker } from '#platform/open-pull-worker.ts';
import { createPreferences } from '#platform/preferences.svelte.ts';
import { createApp } from './app.svelte.ts';
import { guardVault } from './lock/guard-vault.ts';

/** Puts the app of this tab together and starts to read the device. */
export function createBrowserApp(): ReturnType<typeof createApp> {
  const session = createSession({
    baseUrl: '',
    client: 'web',
    clock: systemClock,
    random: systemRandom,
    fetch: browserFetch,
    tables: allTableSchemas,
    platform: createBrowserPlatform({ openPullWorker }),
  });
  const made = createApp({ session, preferences: createPreferences(), clock: systemClock, random: systemRandom, fetch: browserFetch });
  guardVault(made.app);
  session.subscribe(() => {
    const { kind } = session.state();
    if (kind !== 'starting') made.app.preferences.here = kind === 'open' || kind === 'locked';
  });
  // What waits for the server about the account itself is told when there is a network again.
  addEventListener('online', () => void session.refresh());
  void session.start();
  return made;
}
