import { ok, type Result } from '@mana/shared/base/result';
import type { Bytes } from '@mana/shared/base/bytes';
import { MAX_PUSH_OPS } from '@mana/shared/wire/limits';
import type { ArrivedPushRequest, Op, PushAnswer, PushResult } from '@mana/shared/wire/sync';
import { createHash } from 'node:crypto';
import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import type { Failure } from '../http/failure.ts';
import { admitOps } from './admit-ops.ts';
import { decidePush, recordKey, type PushDecision, type PushSpace } from './decide-push.ts';
import { sharedWith } from './generations.service.ts';
import { createPushLine, type Claim } from './push-line.ts';
import { openPushes, writePushes, type OpenedPush, type PushQuestion } from './push.queries.ts';

/** A push as it arrived: what it says, and its bytes, by which a repeat is known. */
interface ArrivedPush {
  readonly accountId: string;
  readonly request: ArrivedPushRequest;
  readonly bytes: Bytes;
}

/** What is kept of a push's answer: all but the time. */
type Outcome = Pick<PushAnswer, 'status' | 'results' | 'spaces'>;

interface Decided {
  readonly outcome: Outcome;
  readonly decision?: PushDecision;
}

/** A push that is read and waits for its transaction. */
interface ReadPush extends PushQuestion, Claim {
  readonly ops: readonly Op[];
  readonly refused: readonly PushResult[];
  readonly nowMs: number;
}

/** Admits a push, writes what wins, and tells the account's other devices. */
export type PushChanges = (push: ArrivedPush) => Promise<Result<PushAnswer, Failure>>;

/** Pushes that wait at the same time share one transaction; each is decided as if it were alone, and announced when all is committed. */
export function createPushChanges(deps: Deps): PushChanges {
  const lanes = Math.ceil(deps.db.lanes / 2); // others want the database too
  const runGroup = (group: readonly ReadPush[]) => deps.db.as({ role: 'nobody' }, (transaction) => decideGroup(transaction, group));
  const decide = createPushLine({ lanes, maxWeight: MAX_PUSH_OPS, runGroup });
  return async (push) => {
    const now = await deps.serverTime.now();
    const { generation } = deps.serverTime;
    if (push.request.generation !== generation) {
      const shared = await sharedWith(deps, push.accountId, push.request.generation);
      return ok({ status: 'reset', results: [], spaces: {}, now, generation, shared });
    }
    const { outcome, decision } = await decide(readPush(push, now));
    if (decision) announce(deps, push.request.device, { outcome, decision });
    return ok({ ...outcome, now, generation });
  };
}

function readPush({ accountId, request, bytes }: ArrivedPush, nowMs: number): ReadPush {
  const { device, n } = request;
  const { ops, refused } = admitOps(request.ops);
  const spaces = [...new Set(ops.map(({ space }) => space))];
  const records = [...new Map(ops.map(({ space, table, id }) => [recordKey({ space, table, id }), { space, table, id }])).values()];
  const digest = createHash('sha256').update(bytes).digest('base64');
  return {
    accountId,
    device,
    n,
    digest,
    ops,
    refused,
    spaces,
    records,
    nowMs,
    names: [`${accountId}/${device}`, ...spaces],
    weight: ops.length,
  };
}

async function decideGroup(transaction: Transaction, group: readonly ReadPush[]): Promise<Decided[]> {
  const questions = group.map(({ accountId, device, n, digest, spaces, records }) => ({ accountId, device, n, digest, spaces, records }));
  const opened = await openPushes(transaction, questions);
  const decided = group.map((push, place) => decideOne(push, opened[place]));
  const written = group.flatMap((push, place) => {
    const { outcome, decision } = decided[place] ?? {};
    if (!decision) return [];
    const { accountId, device, n, digest } = push;
    return [{ accountId, device, n, digest, outcome: JSON.stringify(outcome), changed: decision.changed, seqs: decision.seqs }];
  });
  if (written.length > 0) await writePushes(transaction, written);
  return decided;
}

function decideOne({ accountId, n, ops, refused, nowMs }: ReadPush, opened: OpenedPush | undefined): Decided {
  if (!opened) throw new Error('A push was not opened');
  const { lastN, outcome: repeated, spaces, records } = opened;
  if (repeated !== undefined) return { outcome: JSON.parse(repeated) as Outcome };
  if (n <= lastN) return { outcome: { status: 'stale', results: [], spaces: {} } };
  const decision = decidePush({ ops, accountId, nowMs, spaces, records });
  return { outcome: outcomeOf({ ...decision, results: [...decision.results, ...refused] }, spaces), decision };
}

function outcomeOf({ status, results, seqs }: PushDecision, spaces: ReadonlyMap<string, PushSpace>): Outcome {
  const moved = [...spaces].map(([id, { seq }]) => [id, { before: seq, after: seqs.get(id) ?? seq }]);
  return { ...(status ? { status } : {}), results: [...results], spaces: Object.fromEntries(moved) };
}

function announce(deps: Deps, device: string, { outcome, decision }: Required<Decided>): void {
  for (const [space, seq] of decision.seqs) {
    const changed = decision.changed.filter((record) => record.space === space);
    deps.live.announce({ space, before: outcome.spaces[space]?.before ?? 0, seq, records: changed, device });
  }
}
