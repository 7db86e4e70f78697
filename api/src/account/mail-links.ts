import { bytesToB64Url } from '@mana/shared/base/bytes';
import { MAIL_TOKEN_MS } from '@mana/shared/wire/mail';
import { createHmac } from 'node:crypto';
import type { Deps } from '../deps.ts';
import { hashOf } from './token-hash.ts';

const tokenBytes = 32;

/** Pages that a mail leads to. */
type LinkedPage = '/verify' | '/new-address' | '/undo-address' | '/sign-in' | '/settings/account';

/** A page of this instance. What stands behind `#` is sent to no server, so no log has it. */
export const linkTo = ({ config }: Pick<Deps, 'config'>, page: LinkedPage, token?: string): string =>
  `${new URL(page, config.publicUrl).href}${token === undefined ? '' : `#${token}`}`;

/** A token for a link, its hash, and until when it counts. */
export function newMailToken({ random, clock }: Pick<Deps, 'random' | 'clock'>, lifeMs = MAIL_TOKEN_MS) {
  const token = bytesToB64Url(random.bytes(tokenBytes));
  return { token, tokenHash: hashOf(token), untilMs: clock.nowMs() + lifeMs };
}

/** The token of a sign-up's link: the same each time it is sent, so that of two mails either works. */
export const signUpToken = ({ secrets }: Pick<Deps, 'secrets'>, id: string): string =>
  createHmac('sha256', Buffer.from(secrets.attemptKeyB64Url, 'base64url')).update(`sign-up\0${id}`).digest('base64url');
