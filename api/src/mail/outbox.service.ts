import { newId } from '@mana/shared/base/ids';
import { z } from 'zod';
import { openText, sealText } from '../account/sealed-text.ts';
import type { RootSecrets } from '../account/root-secrets.ts';
import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { insertMail } from './mails.queries.ts';
import type { MailText } from './mail-words.ts';

export interface NewMail extends MailText {
  /** Whose it is; null where the address is nobody's yet. */
  readonly accountId: string | null;
  /** Null: to the account's address at the time of sending. */
  readonly to: string | null;
  /** How long it is worth sending. */
  readonly lifeMs: number;
}

/** A link that nobody reads in time is of no use; a notice still tells something after days. */
export const noticeLifeMs = 3 * 86_400_000;

const contentSchema = z.object({ to: z.string().nullable(), subject: z.string(), text: z.string() });

type OutboxDeps = Pick<Deps, 'clock' | 'random' | 'secrets'>;

/** Puts a mail into the outbox, in the transaction that does what it tells; as `auth`, or as the account itself. */
export async function queueMail(deps: OutboxDeps, transaction: Transaction, mail: NewMail): Promise<void> {
  await insertMail(transaction, await newRow(deps, mail, 'waiting'));
}

/** Does all that queueing does, and nothing will be sent: where nobody may be told apart by the time an answer takes. */
export async function dropMail(deps: OutboxDeps, transaction: Transaction, mail: NewMail): Promise<void> {
  await insertMail(transaction, await newRow(deps, mail, 'dropped'));
}

async function newRow(deps: OutboxDeps, { accountId, to, subject, text, lifeMs }: NewMail, state: 'waiting' | 'dropped') {
  const nowMs = deps.clock.nowMs();
  const sealed = await sealText(deps, 'mail', { to, subject, text });
  return {
    id: newId(deps),
    accountId,
    state,
    sealed: state === 'waiting' ? sealed : null,
    tries: 0,
    nextAtMs: nowMs,
    expiresAtMs: nowMs + lifeMs,
    createdAtMs: nowMs,
    trouble: null,
  };
}

/** What a mail says, and to whom; undefined when it was sealed by another instance. */
export async function openMail(secrets: RootSecrets, sealed: string) {
  const parsed = contentSchema.safeParse(await openText(secrets, 'mail', sealed));
  return parsed.success ? parsed.data : undefined;
}
