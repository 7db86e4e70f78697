import { err, ok, type Result } from '@mana/shared/base/result';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { networkOf } from '../http/network.ts';
import { addressKeyOf } from './address.ts';
import { takeHit, windowLeftMs } from './limits.queries.ts';

const windowMs = 3_600_000;
const maxPerAddress = 5; // mails that one mailbox gets in an hour, whoever asks for them
const maxPerNetwork = 30; // addresses that one household or office may have at once

/** Counts a mail that is asked for, known address or not; refuses it when there were too many. */
export function admitMail(deps: Deps, email: string, request: Request): Promise<Result<void, Failure>> {
  const nowMs = deps.clock.nowMs();
  const limits = [
    { limitKey: `mail ${addressKeyOf(deps.secrets, email)}`, most: maxPerAddress },
    { limitKey: `mails of ${networkOf(request)}`, most: maxPerNetwork },
  ];
  return deps.db.as({ role: 'auth' }, async (transaction) => {
    let leftMs = 0;
    for (const { limitKey, most } of limits) {
      const key = { limitKey, nowMs, windowMs };
      if ((await takeHit(transaction, key)) > most) leftMs = Math.max(leftMs, await windowLeftMs(transaction, key));
    }
    return leftMs > 0 ? err(failure('RATE_LIMITED', { retryAfterSec: Math.ceil(leftMs / 1_000) })) : ok(undefined);
  });
}
