import { ZERO_STAMP } from '@mana/shared/base/hybrid-clock';
import { allTables } from '@mana/shared/modules/all-tables';
import { singletonId } from '@mana/shared/modules/singleton-id';
import type { BootstrapAnswer } from '@mana/shared/wire/account';
import type { WireField } from '@mana/shared/wire/record';

import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { recordKey, type ChangedRecord, type PushSpace } from './decide-push.ts';
import { insertRecords, readOwnSpaces, type OwnSpace } from './singletons.queries.ts';
import { lockSpaces, readRecords } from './sync.queries.ts';

interface SingletonName {
  readonly space: string;
  readonly table: string;
  readonly id: string;
}

/** The singletons that a space holds: its own, and in a personal space those of its account too. */
function singletonsOf({ id: space, type }: Pick<OwnSpace, 'id' | 'type'>, accountId: string): SingletonName[] {
  return Object.entries(allTables).flatMap(([table, { singleton }]) => {
    if (singleton === 'space') return [{ space, table, id: singletonId(table, space) }];
    return singleton === 'account' && type === 'personal' ? [{ space, table, id: singletonId(table, accountId) }] : [];
  });
}

interface Made {
  readonly records: readonly ChangedRecord[];
  readonly spaces: ReadonlyMap<string, PushSpace>;
}

/**
 * Makes what is missing of the singletons of an account's spaces, in the caller's transaction. The server has no key:
 * it writes structural fields only, at the zero stamp, so that every edit of anybody wins. Nothing is locked where nothing is missing.
 */
export async function makeSingletons(transaction: Transaction, accountId: string, nowMs: number): Promise<Made> {
  const own = (await readOwnSpaces(transaction, accountId)).filter(({ readOnly }) => !readOnly);
  const missing = await missingOf(
    transaction,
    own.flatMap((space) => singletonsOf(space, accountId)),
  );
  if (missing.length === 0) return { records: [], spaces: new Map() };
  const spaces = await lockSpaces(transaction, accountId, [...new Set(missing.map(({ space }) => space))]);
  // Looked at again behind the lock: somebody else may have made them meanwhile.
  const records = numbered(await missingOf(transaction, missing), { spaces, nowMs });
  if (records.length > 0) await insertRecords(transaction, records);
  return { records, spaces };
}

async function missingOf(transaction: Transaction, names: readonly SingletonName[]): Promise<SingletonName[]> {
  const there = names.length > 0 ? await readRecords(transaction, names) : new Map();
  return names.filter((name) => !there.has(recordKey(name)));
}

function numbered(names: readonly SingletonName[], { spaces, nowMs }: { spaces: Made['spaces']; nowMs: number }): ChangedRecord[] {
  const createdAt: WireField = {
    v: new Date(nowMs).toISOString(),
    at: ZERO_STAMP,
    actor: 'system:bootstrap',
    origin: 'system',
    epoch: 0, // no key has sealed it
  };
  const seqs = new Map([...spaces].map(([id, { seq }]) => [id, seq]));
  return names.map((name) => {
    const seq = (seqs.get(name.space) ?? 0) + 1;
    seqs.set(name.space, seq);
    return { ...name, seq, fields: { createdAt } };
  });
}

/** Makes what is missing and tells the devices; safe at any rate and concurrently. */
export async function bootstrapSingletons(deps: Deps, accountId: string): Promise<BootstrapAnswer> {
  const { own, made } = await deps.db.as({ role: 'app', account: accountId }, async (transaction) => ({
    made: await makeSingletons(transaction, accountId, deps.clock.nowMs()),
    own: await readOwnSpaces(transaction, accountId),
  }));
  for (const [space, { seq: before }] of made.spaces) {
    const records = made.records.filter((record) => record.space === space);
    const seq = records.at(-1)?.seq;
    if (seq !== undefined) deps.live.announce({ space, before, seq, records, device: '' });
  }
  const isMade = (owner: 'account' | 'space', space?: string): boolean =>
    made.records.some((record) => allTables[record.table]?.singleton === owner && (space === undefined || record.space === space));
  return {
    ok: true,
    bootstrapped: { userContext: isMade('account'), spaces: Object.fromEntries(own.map(({ id }) => [id, isMade('space', id)])) },
  };
}
