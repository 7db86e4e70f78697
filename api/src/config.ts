import { CHROMIUM_EXTENSION_ORIGIN } from '@mana/shared/wire/extension-id';
import { err, ok, type Result } from '@mana/shared/base/result';
import { resolve } from 'node:path';
import { z } from 'zod';
import { readProxies } from './http/client-address.ts';

const origin = z
  .string()
  .regex(/^(https?|chrome-extension|moz-extension):\/\/[a-z0-9.:[\]-]+$/i, 'must be an origin like https://mana.example')
  .transform((text) => text.toLowerCase());

const textList = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const originList = textList.pipe(z.array(origin));

const schema = z.object({
  MANA_PORT: z.coerce.number('must be a port').int('must be a port').min(0, 'must be a port').max(65_535, 'must be a port').default(4321),
  MANA_HOST: z.string().min(1, 'must be a host name or address').default('localhost'),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
  MANA_DATA_DIR: z.string().min(1, 'must be a folder').default('.data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional(),
  EXTENSION_ORIGINS: originList.default([CHROMIUM_EXTENSION_ORIGIN]),
  WEBAUTHN_RP_ID: z
    .string()
    .regex(/^([a-z0-9-]+\.)*[a-z][a-z0-9-]*$/i, 'must be a domain, without port')
    .transform((text) => text.toLowerCase())
    .optional(),
  WEBAUTHN_RP_NAME: z.string().min(1, 'must be a name').max(64, 'must be a name').default('Mana'),
  WEBAUTHN_ORIGINS: originList.default([]),
  MANA_ALLOWED_ORIGINS: originList.default([]),
  MANA_TRUSTED_PROXIES: textList
    .refine((list) => readProxies(list) !== undefined, 'must be addresses or networks like 127.0.0.1,fd00::/8')
    .default([]),
  MANA_MAX_DAILY_SIGNUPS: z.coerce.number('must be a whole number').int('must be a whole number').min(0, 'must not be negative').default(0),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be like smtps://user:password@mail.example' }).optional(),
  MAIL_FROM: z
    .string()
    .regex(/^([^<>"\r\n]* )?<?[^\s@<>]+@[^\s@<>]+>?$/, 'must be like Mana <mana@mail.example>')
    .optional(),
  MANA_APP_DIR: z.string().min(1, 'must be a folder').default('pwa/build'),
  MANA_DOWNLOADS_DIR: z.string().min(1, 'must be a folder').default('extension/.output'),
  MANA_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent').default('info'),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: URL;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly extensionOrigins: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Further origins that may use this instance's passkeys and read its answers. */
  readonly webauthnOrigins: readonly string[];
  /** Undefined where passkeys cannot work: they are bound to a domain, and an address is none. */
  readonly passkeys: PasskeyConfig | undefined;
  /** Addresses and networks whose word about where a request came from is believed. */
  readonly trustedProxies: readonly string[];
  /** Accounts that may be made in a day; 0 is no limit. */
  readonly maxDailySignUps: number;
  /** Undefined where the instance sends no mail. */
  readonly mail: MailConfig | undefined;
  readonly appDir: string;
  readonly downloadsDir: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

export interface PasskeyConfig {
  readonly rpId: string;
  readonly rpName: string;
  /** Every page that a passkey may be used on. */
  readonly origins: readonly string[];
}

export interface MailConfig {
  readonly url: URL;
  readonly from: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly warnings: readonly string[];
}

const repositoryRoot = resolve(import.meta.dir, '..', '..');

/** Reads the environment; on failure every problem at once, each naming its variable and never its value. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Result<LoadedConfig, readonly string[]> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) return err(parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`));
  if (parsed.data.SMTP_URL !== undefined && parsed.data.MAIL_FROM === undefined) return err(['MAIL_FROM must be set where SMTP_URL is']);
  const unknown = Object.keys(given).filter((name) => name.startsWith('MANA_') && !Object.hasOwn(schema.shape, name));
  return ok({ config: toConfig(parsed.data), warnings: unknown.map((name) => `${name} is not a setting of Mana and has no effect`) });
}

function toConfig(values: z.infer<typeof schema>): Config {
  const publicUrl = new URL(values.PUBLIC_URL ?? `http://localhost:${values.MANA_PORT}`);
  return {
    port: values.MANA_PORT,
    host: values.MANA_HOST,
    publicUrl,
    dataDir: resolve(values.MANA_DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    extensionOrigins: values.EXTENSION_ORIGINS,
    allowedOrigins: [...ownOrigins(publicUrl), ...values.MANA_ALLOWED_ORIGINS, ...values.EXTENSION_ORIGINS, ...values.WEBAUTHN_ORIGINS],
    webauthnOrigins: values.WEBAUTHN_ORIGINS,
    passkeys: passkeysOf(publicUrl, values),
    trustedProxies: values.MANA_TRUSTED_PROXIES,
    maxDailySignUps: values.MANA_MAX_DAILY_SIGNUPS,
    mail:
      values.SMTP_URL !== undefined && values.MAIL_FROM !== undefined
        ? { url: new URL(values.SMTP_URL), from: values.MAIL_FROM }
        : undefined,
    appDir: resolve(repositoryRoot, values.MANA_APP_DIR),
    downloadsDir: resolve(repositoryRoot, values.MANA_DOWNLOADS_DIR),
    logLevel: values.MANA_LOG_LEVEL,
  };
}

const isAddress = (host: string): boolean => host.startsWith('[') || /^\d+(\.\d+){3}$/.test(host);

function passkeysOf(publicUrl: URL, values: z.infer<typeof schema>): PasskeyConfig | undefined {
  const rpId = values.WEBAUTHN_RP_ID ?? publicUrl.hostname;
  if (isAddress(rpId)) return undefined;
  const origins = [publicUrl.origin, ...values.WEBAUTHN_ORIGINS, ...values.EXTENSION_ORIGINS];
  return { rpId, rpName: values.WEBAUTHN_RP_NAME, origins };
}

function ownOrigins(publicUrl: URL): string[] {
  if (publicUrl.hostname !== 'localhost') return [publicUrl.origin];
  return [publicUrl.origin, publicUrl.origin.replace('//localhost', '//127.0.0.1')];
}

/** Whether cookies may lack `Secure` and its prefix: Chromium drops such cookies on plain http://localhost. */
export const isPlainLocalhost = (url: URL): boolean =>
  url.protocol === 'http:' && (url.hostname === 'localhost' || url.hostname === '127.0.0.1');
