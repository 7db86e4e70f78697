import { err, ok, type Result } from '@mana/shared/base/result';

/** Where `npm start` answers. */
export const DEFAULT_INSTANCE = 'http://localhost:4321';

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Origin of an instance as a person types it: `localhost:4321`, `mana.example.org`, a whole address.
 * Over plain HTTP only this machine counts: elsewhere the app's page has no cryptography to connect with.
 */
export function parseInstanceAddress(typed: string): Result<string, 'NOT_AN_ADDRESS' | 'NEEDS_HTTPS'> {
  const text = typed.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const address = hasScheme ? text : `${isLoopback(`http://${text}`) ? 'http' : 'https'}://${text}`;
  if (text === '' || !URL.canParse(address)) return err('NOT_AN_ADDRESS');
  const url = new URL(address);
  if (url.protocol === 'https:' && url.hostname !== '') return ok(url.origin);
  if (url.protocol !== 'http:') return err('NOT_AN_ADDRESS');
  return isLoopback(address) ? ok(url.origin) : err('NEEDS_HTTPS');
}

const isLoopback = (address: string): boolean => URL.canParse(address) && loopbackHosts.has(new URL(address).hostname);

/** Match pattern of an origin. Firefox refuses ports in patterns, so there every port of the host is asked for; the pairing itself compares whole origins. */
export function hostPattern(origin: string, portsAllowed: boolean): string {
  const { protocol, host, hostname } = new URL(origin);
  return `${protocol}//${portsAllowed ? host : hostname}/*`;
}
