import { err, ok, type Result } from '@mana/shared/base/result';
import { MAX_PAGE_BYTES, MAX_PAGE_RECORDS } from '@mana/shared/wire/limits';
import { cursorOf, parseCursor, type PullAnswer } from '@mana/shared/wire/sync';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { sharedWith } from './generations.service.ts';
import { framedRecords, pageFrameBytes } from './record-text.ts';
import { countBehind, readPage, readSeqs } from './sync.queries.ts';

/** What a client asks for: the records of a space behind its cursor. */
export interface PullRequest {
  readonly accountId: string;
  readonly space: string;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** One page of a space, as JSON text: stored fields go out as they lie, unread. */
export async function pullPage(deps: Deps, request: PullRequest): Promise<Result<string, Failure>> {
  const now = await deps.serverTime.now();
  const { generation } = deps.serverTime;
  const { accountId, space } = request;
  const cursor = request.cursor === undefined ? { generation, seq: 0 } : parseCursor(request.cursor);
  if (!cursor) return err(failure('VALIDATION', { issues: [{ path: 'cursor', message: 'must be <generation>-<seq>' }] }));
  if (cursor.generation !== generation) return startOver(deps, request, { now, from: cursor.generation });
  return deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    const spaceSeq = (await readSeqs(transaction, accountId))[space];
    if (spaceSeq === undefined) return err(failure('FORBIDDEN'));
    // From beyond the end: the database was set back, and nobody began a generation. What this space shares with the client is not known.
    if (cursor.seq > spaceSeq) return ok(resetText({ now, generation, shared: { [space]: 0 } }));
    const maxRecords = request.limit ?? MAX_PAGE_RECORDS;
    const page = { space, afterSeq: cursor.seq, maxRecords, maxBytes: MAX_PAGE_BYTES - pageFrameBytes };
    const records = await readPage(transaction, page);
    const seq = records.at(-1)?.seq ?? cursor.seq;
    const left = records.length === 0 ? 0 : await countBehind(transaction, space, seq);
    const frame = { cursor: cursorOf(generation, seq), more: left > 0, count: records.length, left, now, generation };
    return ok(framedRecords(space, records, frame));
  });
}

/** A cursor of another generation: the client hears up to where it may keep its cursors. */
async function startOver(
  deps: Deps,
  { accountId, space }: PullRequest,
  { now, from }: { now: number; from: number },
): Promise<Result<string, Failure>> {
  const shared = await sharedWith(deps, accountId, from);
  return Object.hasOwn(shared, space) ? ok(resetText({ now, generation: deps.serverTime.generation, shared })) : err(failure('FORBIDDEN'));
}

const resetText = (frame: Pick<PullAnswer, 'now' | 'generation' | 'shared'>): string => {
  const answer: PullAnswer = {
    status: 'reset',
    records: [],
    cursor: cursorOf(frame.generation, 0),
    more: false,
    count: 0,
    left: 0,
    ...frame,
  };
  return JSON.stringify(answer);
};
