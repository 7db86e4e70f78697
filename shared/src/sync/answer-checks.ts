import type { WireRecord } from '#wire/record.ts';
import { parseCursor, type LiveMessage, type PullAnswer, type PushAnswer } from '#wire/sync.ts';
import type { PushBatch } from './push-batch.ts';

// What a server says of its own numbers is believed only as far as its records bear it out.

type Change = Extract<LiveMessage, { type: 'change' }>;

/** A page is taken only if it is whole, of this life, and moves forward. */
export function pageFault(page: PullAnswer, asked: { generation: number; seq: number }): string | undefined {
  if (page.records.length !== page.count) return 'PAGE_IS_CUT';
  const cursor = parseCursor(page.cursor);
  if (cursor?.generation !== asked.generation || cursor.seq < asked.seq) return 'PAGE_MOVES_BACK';
  if (skips(page, asked.seq, cursor.seq)) return 'PAGE_SKIPS';
  return page.more && !movesOn(page, cursor.seq > asked.seq) ? 'PAGE_STANDS_STILL' : undefined;
}

const movesOn = (page: PullAnswer, hasMoved: boolean): boolean => page.count > 0 && hasMoved && page.left > 0;

/** A cursor that goes further than the records would hide what lies between. */
const skips = ({ records }: PullAnswer, from: number, to: number): boolean =>
  !isRising(records, from) || to !== (records.at(-1)?.seq ?? from);

const isRising = (records: readonly WireRecord[], after: number): boolean =>
  records.every(({ seq }, index) => seq > (records[index - 1]?.seq ?? after));

/** A change holds every record that its numbers count: each changed record takes one. */
export const isWhole = ({ before, seq, records }: Change): boolean => records.length === seq - before && isRising(bySeq(records), before);

const bySeq = (records: readonly WireRecord[]): WireRecord[] => records.toSorted((a, b) => a.seq - b.seq);

/** The spaces of a push whose numbers its results account for; of others the cursor stays, and the next pull tells. */
export function accountedFor({ spaces, results }: PushAnswer, spaceOf: ReadonlyMap<string, string>): PushAnswer['spaces'] {
  const isAccounted = (space: string, { before, after }: { before: number; after: number }): boolean => {
    const seqs = new Set(results.filter(({ op, seq }) => spaceOf.get(op) === space && seq > before && seq <= after).map(({ seq }) => seq));
    return seqs.size === after - before;
  };
  return Object.fromEntries(Object.entries(spaces).filter(([space, range]) => isAccounted(space, range)));
}

/** Whether an answer brings any of the operations to its end. */
export const decidesAny = ({ keyByOp }: PushBatch, { results }: PushAnswer): boolean =>
  results.some(({ op, status }) => keyByOp.has(op) && status !== 'held' && status !== 'clock' && status !== 'epoch');
