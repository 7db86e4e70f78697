import { isPlainLocalhost, type Config } from '../config.ts';

/**
 * Cookies of the web app, by purpose: the session, the mark of a device that has signed in before, challenges to a passkey.
 * Of the first two a browser has one for each account, so that none is lost when two answers set theirs at once.
 */
type CookieName = `session-${string}` | `known-${string}` | 'challenge';

const nameOf = (config: Config, name: CookieName): string => (isPlainLocalhost(config.publicUrl) ? `mana-${name}` : `__Host-mana-${name}`);

export function readCookie(config: Config, request: Request, name: CookieName): string | undefined {
  const wanted = `${nameOf(config, name)}=`;
  const pairs = (request.headers.get('cookie') ?? '').split('; ');
  return pairs.find((pair) => pair.startsWith(wanted))?.slice(wanted.length) || undefined;
}

/** Whose sessions a browser holds. */
export function sessionAccounts(config: Config, request: Request): string[] {
  const prefix = nameOf(config, 'session-');
  const pairs = (request.headers.get('cookie') ?? '').split('; ').filter((pair) => pair.startsWith(prefix));
  return pairs.map((pair) => pair.slice(prefix.length, pair.indexOf('=')));
}

/** A `Set-Cookie` value; an age of 0 deletes the cookie. */
export function cookieText(config: Config, name: CookieName, content: { value: string; maxAgeSec: number }): string {
  const secure = isPlainLocalhost(config.publicUrl) ? '' : '; Secure';
  return `${nameOf(config, name)}=${content.value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${content.maxAgeSec}${secure}`;
}
