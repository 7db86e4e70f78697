import { isPlainLocalhost, type Config } from '../config.ts';

/** Cookies of the web app, by purpose: the session, the mark of a device that has signed in before, challenges to a passkey. */
export type CookieName = 'session' | 'known' | 'challenge';

const nameOf = (config: Config, name: CookieName): string => (isPlainLocalhost(config.publicUrl) ? `mana-${name}` : `__Host-mana-${name}`);

export function readCookie(config: Config, request: Request, name: CookieName): string | undefined {
  const wanted = `${nameOf(config, name)}=`;
  const pairs = (request.headers.get('cookie') ?? '').split('; ');
  return pairs.find((pair) => pair.startsWith(wanted))?.slice(wanted.length) || undefined;
}

/** A `Set-Cookie` value; an age of 0 deletes the cookie. */
export function cookieText(config: Config, name: CookieName, content: { value: string; maxAgeSec: number }): string {
  const secure = isPlainLocalhost(config.publicUrl) ? '' : '; Secure';
  return `${nameOf(config, name)}=${content.value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${content.maxAgeSec}${secure}`;
}
