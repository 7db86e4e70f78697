import { err } from '#base/result.ts';
import type { AccountClient } from './account-client.ts';
import type { ApiDeps } from './api-call.ts';

type AnyCall = (...input: readonly unknown[]) => Promise<unknown>;

/**
 * The account's calls, fetched together with the schemas of their answers by the first of them: a guest begins without.
 * When the part cannot be fetched, the service counts as not reached.
 */
export function createLazyAccountClient(deps: ApiDeps): AccountClient {
  let loading: Promise<AccountClient | undefined> | undefined;
  async function load(): Promise<AccountClient | undefined> {
    try {
      const { createAccountClient } = await import('./account-client.ts');
      return createAccountClient(deps);
    } catch {
      loading = undefined;
      return undefined;
    }
  }
  const call =
    (name: keyof AccountClient): AnyCall =>
    async (...input) => {
      const client = await (loading ??= load());
      return client ? (client[name] as AnyCall)(...input) : err('SERVICE_UNAVAILABLE');
    };
  return new Proxy({} as AccountClient, { get: (_, name) => call(name as keyof AccountClient) });
}
