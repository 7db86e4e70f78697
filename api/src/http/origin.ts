import type { Config } from '../config.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a page of this origin may use the API. */
const isAllowedOrigin = (config: Config, origin: string): boolean => config.allowedOrigins.includes(origin.toLowerCase());

/**
 * Refuses what another site makes a browser send with the person's cookies, a sign-in included.
 * A request that carries its own token, or comes from no browser, has no cookies to misuse.
 */
export function isForgedRequest(config: Config, request: Request): boolean {
  if (safeMethods.has(request.method)) return false;
  if (request.headers.has('authorization') && !request.headers.has('cookie')) return false;
  const origin = request.headers.get('origin');
  if (origin !== null) return !isAllowedOrigin(config, origin);
  const site = request.headers.get('sec-fetch-site');
  return site !== null && site !== 'same-origin' && site !== 'none';
}

/** Whether an origin may open the live socket: a Firefox extension's origin differs on each installation and holds no cookie of ours. */
export const isSocketOrigin = (config: Config, origin: string | null): boolean =>
  origin === null || isAllowedOrigin(config, origin) || origin.startsWith('moz-extension://');
