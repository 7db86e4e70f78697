import { newId } from '@mana/shared/base/ids';
import { SECURITY_LOG_PAGE, type SecurityEvent } from '@mana/shared/wire/security-log';
import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { maskedNetworkOf } from '../http/network.ts';
import { isNotice, languageOf, mailWords, type MailLanguage, type Notice } from '../mail/mail-words.ts';
import { noticeLifeMs, queueMail } from '../mail/outbox.service.ts';
import { deviceNameOf } from './device-name.ts';
import { linkTo } from './mail-links.ts';
import { insertSecurityEvent, listSecurityEvents } from './security-log.queries.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

/** From where something was done, as its owner may see it. */
export interface EventOrigin {
  readonly device: string;
  readonly network: string;
  /** That a mail about it is written in. */
  readonly language: MailLanguage;
}

export const originOf = (request: Request): EventOrigin => ({
  device: deviceNameOf(request.headers.get('user-agent') ?? ''),
  network: maskedNetworkOf(request),
  language: languageOf(request),
});

export interface NewEvent {
  /** Null for an address without an account: nothing is written, and it takes as long. */
  readonly accountId: string | null;
  readonly event: SecurityEvent;
  readonly origin: EventOrigin;
}

type EventDeps = Pick<Deps, 'clock' | 'random' | 'secrets' | 'config'>;

/** Writes an event into the account's log, in the transaction that does what it tells; as `auth`, or as the account itself. */
export async function noteEvent(deps: EventDeps, transaction: Transaction, { accountId, event, origin }: NewEvent): Promise<void> {
  const { network, device } = origin;
  await insertSecurityEvent(transaction, {
    id: newId(deps),
    accountId: accountId ?? nobody,
    event,
    network,
    device,
    atMs: deps.clock.nowMs(),
  });
  if (accountId !== null && isNotice(event)) await tellOwner(deps, transaction, { accountId, notice: event, origin });
}

/** Tells an account's owner by mail what happened to it. */
export async function tellOwner(
  deps: EventDeps,
  transaction: Transaction,
  { accountId, notice, origin: { device, network, language } }: { accountId: string; notice: Notice; origin: EventOrigin },
): Promise<void> {
  const at = `${new Date(deps.clock.nowMs()).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const words = mailWords.notice(language, { notice, device, network, at, link: linkTo(deps, '/settings/account') });
  await queueMail(deps, transaction, { ...words, accountId, to: null, lifeMs: noticeLifeMs });
}

/** One page of the account's log, the newest first. */
export async function readSecurityLog(deps: Pick<Deps, 'db'>, accountId: string, before: string | undefined) {
  const rows = await deps.db.as({ role: 'app', account: accountId }, (transaction) =>
    listSecurityEvents(transaction, { accountId, before, limit: SECURITY_LOG_PAGE + 1 }),
  );
  const page = rows.slice(0, SECURITY_LOG_PAGE);
  return {
    events: page.map(({ id, event, network, device, atMs }) => ({ id, event, network, device, at: new Date(atMs).toISOString() })),
    more: rows.length > page.length,
  };
}
