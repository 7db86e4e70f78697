import type { Deps } from '../deps.ts';
import { findAddress, listMails, type MailRow } from './mails.queries.ts';
import { openMail } from './outbox.service.ts';

const most = 200;

/** The outbox for the operator's eyes: every mail with what became of it, and what those say that still wait. */
export async function describeOutbox(deps: Pick<Deps, 'db' | 'secrets' | 'clock'>): Promise<string> {
  const rows = await deps.db.as({ role: 'auth' }, (transaction) => listMails(transaction, most));
  const parts = await Promise.all(rows.map((row) => describeMail(deps, row)));
  return parts.length === 0 ? 'The outbox is empty.\n' : parts.join('\n');
}

async function describeMail({ db, secrets }: Pick<Deps, 'db' | 'secrets'>, row: MailRow): Promise<string> {
  const { state, sealed, accountId, tries, trouble } = row;
  const head = [new Date(row.createdAtMs).toISOString(), state, `tries ${tries}`, ...(trouble === null ? [] : [trouble])].join(' · ');
  const content = sealed === null ? undefined : await openMail(secrets, sealed);
  if (!content) return `${head}\n`;
  const own = accountId === null ? undefined : await db.as({ role: 'auth' }, (transaction) => findAddress(transaction, accountId));
  return `${head}\nTo: ${content.to ?? own ?? 'nobody'}\nSubject: ${content.subject}\n\n${content.text}`;
}
