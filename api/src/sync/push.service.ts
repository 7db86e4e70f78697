import { ok, type Result } from '@mana/shared/base/result';
import type { Bytes } from '@mana/shared/base/bytes';
import type { ArrivedPushRequest, PushAnswer } from '@mana/shared/wire/sync';
import { createHash } from 'node:crypto';
import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import type { Failure } from '../http/failure.ts';
import { admitOps } from './admit-ops.ts';
import { sharedWith } from './generations.service.ts';
import { decidePush, recordKey, type PushDecision, type PushSpace } from './decide-push.ts';
import { lockDevice, lockSpaces, readOutcome, readRecords, writePush } from './sync.queries.ts';

/** A push as it arrived: what it says, and its bytes, by which a repeat is known. */
export interface ArrivedPush {
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

/** Admits a push, writes what wins, and tells the account's other devices: one transaction, then the announcement. */
export async function pushChanges(deps: Deps, push: ArrivedPush): Promise<Result<PushAnswer, Failure>> {
  const now = await deps.serverTime.now();
  const { generation } = deps.serverTime;
  if (push.request.generation !== generation) {
    const shared = await sharedWith(deps, push.accountId, push.request.generation);
    return ok({ status: 'reset', results: [], spaces: {}, now, generation, shared });
  }
  const { outcome, decision } = await deps.db.as({ role: 'app', account: push.accountId }, (transaction) => decide(transaction, push, now));
  if (decision) announce(deps, push.request.device, { outcome, decision });
  return ok({ ...outcome, now, generation });
}

async function decide(transaction: Transaction, { accountId, request, bytes }: ArrivedPush, nowMs: number): Promise<Decided> {
  const { device, n } = request;
  const digest = createHash('sha256').update(bytes).digest('base64');
  const last = await lockDevice(transaction, accountId, device);
  if (n === last.n && digest === last.digest) {
    return { outcome: JSON.parse(await readOutcome(transaction, accountId, device)) as Outcome };
  }
  if (n <= last.n) return { outcome: { status: 'stale', results: [], spaces: {} } };
  const { ops, refused } = admitOps(request.ops);
  const spaces = await lockSpaces(transaction, accountId, [...new Set(ops.map(({ space }) => space))]);
  const known = ops.filter(({ space }) => spaces.has(space));
  const names = new Map(known.map(({ space, table, id }) => [recordKey({ space, table, id }), { space, table, id }]));
  const records = names.size > 0 ? await readRecords(transaction, [...names.values()]) : new Map();
  const decision = decidePush({ ops, accountId, nowMs, spaces, records });
  const outcome = outcomeOf({ ...decision, results: [...decision.results, ...refused] }, spaces);
  const { changed, seqs } = decision;
  await writePush(transaction, { accountId, device, n, digest, outcome: JSON.stringify(outcome), changed, seqs });
  return { outcome, decision };
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
