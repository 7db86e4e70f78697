import { newId } from '@mana/shared/base/ids';
import { SECURITY_LOG_PAGE, type SecurityEvent } from '@mana/shared/wire/security-log';
import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { maskedNetworkOf } from '../http/network.ts';
import { deviceNameOf } from './device-name.ts';
import { insertSecurityEvent, listSecurityEvents } from './security-log.queries.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

/** From where something was done, as its owner may see it. */
export interface EventOrigin {
  readonly device: string;
  readonly network: string;
}

export const originOf = (request: Request): EventOrigin => ({
  device: deviceNameOf(request.headers.get('user-agent') ?? ''),
  network: maskedNetworkOf(request),
});

export interface NewEvent {
  /** Null for an address without an account: nothing is written, and it takes as long. */
  readonly accountId: string | null;
  readonly event: SecurityEvent;
  readonly origin: EventOrigin;
}

type EventDeps = Pick<Deps, 'clock' | 'random'>;

/** Writes an event into the account's log, in the transaction that does what it tells; as `auth`, or as the account itself. */
export const noteEvent = (deps: EventDeps, transaction: Transaction, { accountId, event, origin }: NewEvent): Promise<void> =>
  insertSecurityEvent(transaction, {
    id: newId(deps),
    accountId: accountId ?? nobody,
    event,
    network: origin.network,
    device: origin.device,
    atMs: deps.clock.nowMs(),
  });

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
