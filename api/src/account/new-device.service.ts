import { become, type Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { isOlderThan } from './account.queries.ts';
import { isKnownDevice } from './guess.service.ts';
import { originOf, tellOwner } from './security-log.service.ts';

const settlingMs = 3_600_000; // an account's first device is no news to whoever just made it

/** Tells the owner that a device signed in which never did before; the transaction acts as `auth` afterwards. */
export async function tellNewDevice(
  deps: Deps,
  transaction: Transaction,
  { accountId, email, request }: { accountId: string; email: string; request: Request },
): Promise<void> {
  if (await isKnownDevice(deps, email, request)) return;
  await become(transaction, { role: 'auth' });
  if (!(await isOlderThan(transaction, accountId, deps.clock.nowMs() - settlingMs))) return;
  await tellOwner(deps, transaction, { accountId, notice: 'NEW_DEVICE', origin: originOf(request) });
}
