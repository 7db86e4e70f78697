import { ACCOUNT_HEADER } from '@mana/shared/wire/endpoints';
import type { Config } from '../config.ts';

const yearSec = 31_536_000;
const preflightAgeSec = 600; // longer than that browsers cap it anyway

/** Adds what every answer carries. Pages bring their own content policy; another one beside it only narrows. */
export function addSecurityHeaders(headers: Headers, config: Config, kind: 'api' | 'page'): void {
  headers.set('x-content-type-options', 'nosniff');
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('referrer-policy', 'same-origin');
  headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()');
  headers.append('content-security-policy', kind === 'api' ? "default-src 'none'; frame-ancestors 'none'" : "frame-ancestors 'none'");
  if (config.publicUrl.protocol === 'https:') headers.set('strict-transport-security', `max-age=${yearSec}; includeSubDomains`);
  if (kind === 'api' && !headers.has('cache-control')) headers.set('cache-control', 'no-store');
}

/** Lets the extension read answers; it authenticates by token, so cookies are not allowed along. Origins that share the passkeys bring theirs. */
export function addCorsHeaders(headers: Headers, config: Config, request: Request): void {
  headers.append('vary', 'Origin');
  const origin = request.headers.get('origin');
  if (!origin) return;
  const isRelated = config.webauthnOrigins.includes(origin.toLowerCase());
  if (!isRelated && !config.extensionOrigins.includes(origin.toLowerCase())) return;
  if (isRelated) headers.set('access-control-allow-credentials', 'true');
  headers.set('access-control-allow-origin', origin);
  headers.set('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE');
  headers.set('access-control-allow-headers', `authorization, content-type, x-mana-wire, ${ACCOUNT_HEADER}`);
  headers.set('access-control-expose-headers', 'retry-after, x-request-id');
  headers.set('access-control-max-age', String(preflightAgeSec));
}
