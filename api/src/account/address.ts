import { createHmac } from 'node:crypto';
import type { RootSecrets } from './root-secrets.ts';

/** The form in which addresses are compared and stored. */
export const normalisedEmail = (email: string): string => email.trim().toLowerCase();

/** Stands for an address where the address itself must not lie: counters, attempts. */
export const addressKeyOf = (secrets: RootSecrets, email: string): string => keyed(secrets, 'address', normalisedEmail(email));

/** Identity of a password record that does not exist; the same for the same address. */
export const unknownIdentifier = (secrets: RootSecrets, email: string): string => keyed(secrets, 'unknown', normalisedEmail(email));

const keyed = (secrets: RootSecrets, purpose: string, text: string): string =>
  createHmac('sha256', Buffer.from(secrets.addressKeyB64Url, 'base64url')).update(`${purpose}\0${text}`).digest('hex').slice(0, 32); // 128 bits tell all addresses apart
