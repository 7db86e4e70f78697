import { err, ok, type Result } from '@mana/shared/base/result';
import { MAX_PAGE_BYTES } from '@mana/shared/wire/limits';
import type { NewestAnswer, NewestRequest } from '@mana/shared/wire/sync';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { readNewest } from './newest.queries.ts';
import { framedRecords, pageFrameBytes } from './record-text.ts';
import { readSeqs } from './sync.queries.ts';

/** The records of a table that changed last, newest first, as JSON text. It reads, and nothing else: no cursor is named or moved. */
export async function newestRecords(deps: Deps, accountId: string, request: NewestRequest): Promise<Result<string, Failure>> {
  const now = await deps.serverTime.now();
  const { generation } = deps.serverTime;
  return deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    if ((await readSeqs(transaction, accountId))[request.space] === undefined) return err(failure('FORBIDDEN'));
    const { records, more } = await readNewest(transaction, { ...request, maxBytes: MAX_PAGE_BYTES - pageFrameBytes });
    const frame: Omit<NewestAnswer, 'records'> = { more, now, generation };
    return ok(framedRecords(request.space, records, frame));
  });
}
