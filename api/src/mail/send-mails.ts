import type { Deps } from '../deps.ts';
import { claimMail, deleteOldMails, findAddress, putOffMail, settleMail, type MailRow } from './mails.queries.ts';
import { openMail } from './outbox.service.ts';

/** A mail as it goes out. */
interface OutgoingMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** What became of one try: `refused` for good, or `later`. The trouble names no address. */
export type Delivery = { readonly kind: 'sent' } | { readonly kind: 'refused' | 'later'; readonly trouble: string };

export type Deliver = (mail: OutgoingMail) => Promise<Delivery>;

const leaseMs = 120_000; // longer than a try takes: whoever dies in it leaves the mail to others after that
const waitsMs = [30_000, 120_000, 600_000, 1_800_000, 7_200_000] as const; // what greylists ask for first, then ever rarer
const atOnce = 50; // mails of one round: a stop must not wait for a flood

type SendDeps = Pick<Deps, 'db' | 'clock' | 'secrets' | 'log'>;

/** Sends what is due, one after the other; answers how many were tried. A mail may arrive twice after a crash, under one id. */
export async function sendDueMails(deps: SendDeps, deliver: Deliver): Promise<number> {
  await deps.db.as({ role: 'auth' }, (transaction) => deleteOldMails(transaction, deps.clock.nowMs()));
  for (let tried = 0; tried < atOnce; tried++) {
    const mail = await deps.db.as({ role: 'auth' }, (transaction) => claimMail(transaction, { nowMs: deps.clock.nowMs(), leaseMs }));
    if (!mail) return tried;
    await settle(deps, mail, await tryToSend(deps, mail, deliver));
  }
  return atOnce;
}

async function tryToSend({ db, secrets }: SendDeps, mail: MailRow, deliver: Deliver): Promise<Delivery> {
  const content = mail.sealed === null ? undefined : await openMail(secrets, mail.sealed);
  const { accountId } = mail;
  const own = accountId === null ? undefined : await db.as({ role: 'auth' }, (transaction) => findAddress(transaction, accountId));
  const to = content?.to ?? own;
  if (!content || to === undefined) return { kind: 'refused', trouble: 'NO_RECIPIENT' };
  return deliver({ id: mail.id, to, subject: content.subject, text: content.text });
}

async function settle({ db, clock, log }: SendDeps, { id, tries }: MailRow, delivery: Delivery): Promise<void> {
  const trouble = delivery.kind === 'sent' ? null : delivery.trouble;
  log(delivery.kind === 'sent' ? 'info' : 'warn', `mail-${delivery.kind}`, { mail: id, tries, ...(trouble ? { trouble } : {}) });
  await db.as({ role: 'auth' }, (transaction) => {
    if (delivery.kind === 'sent') return settleMail(transaction, { id, state: 'sent', trouble });
    if (delivery.kind === 'refused') return settleMail(transaction, { id, state: 'failed', trouble });
    const waitMs = waitsMs[Math.min(tries, waitsMs.length) - 1] ?? waitsMs[0];
    return putOffMail(transaction, { id, nextAtMs: clock.nowMs() + waitMs, trouble: delivery.trouble });
  });
}
