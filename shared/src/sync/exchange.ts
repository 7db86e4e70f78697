import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { OpenWireField, OutboxStore } from '#store/outbox-store.ts';
import type { StorageFailure } from '#store/storage.ts';
import { MAX_PUSH_OPS } from '#wire/limits.ts';
import type { WireRecord } from '#wire/record.ts';
import { cursorOf, parseCursor, type LiveMessage, type PullAnswer, type PushAnswer, type PushResult } from '#wire/sync.ts';
import { takePushBatch, type PushBatch } from './push-batch.ts';
import type { SealOpsDeps } from './seal-ops.ts';
import type { Transport, TransportFailure } from './transport.ts';

/** Why an exchange stopped. */
export type ExchangeFailure = TransportFailure | { readonly code: StorageFailure };

/** Parts of the exchanges with the server. */
export interface ExchangeDeps extends SealOpsDeps {
  readonly store: OutboxStore;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly open: OpenWireField;
  readonly warn: (code: string) => void;
}

type Done = Promise<Result<void, ExchangeFailure>>;

/** The single steps between outbox and server; each leaves a state from which any other may follow. */
export interface Exchange {
  /** Measures the clock where it is not trusted, and re-stamps what waits. */
  measure(): Done;
  /** Sends one batch. Resolves with whether more waits. */
  push(): Promise<Result<boolean, ExchangeFailure>>;
  /** Reads one page. Resolves with how many records are left behind it. */
  pull(space: string): Promise<Result<number, ExchangeFailure>>;
  /** Takes in a live change. Resolves with whether something before it is missing. */
  take(change: Extract<LiveMessage, { type: 'change' }>): Promise<Result<boolean, ExchangeFailure>>;
}

const storageFailure = (code: StorageFailure): { ok: false; error: ExchangeFailure } => err({ code });

/** A page is taken only if it is whole, of this space and life, and moves forward. */
function pageFault(page: PullAnswer, asked: { generation: number; seq: number }): string | undefined {
  const cursor = parseCursor(page.cursor);
  if (page.records.length !== page.count) return 'PAGE_IS_CUT';
  if (!cursor || cursor.generation !== asked.generation || cursor.seq < asked.seq) return 'PAGE_MOVES_BACK';
  if (page.more && (page.count === 0 || cursor.seq === asked.seq || page.left <= 0)) return 'PAGE_STANDS_STILL';
  return undefined;
}

/** The answer that a server would have given to each operation of a push that it refused as malformed. */
function refusedAnswer({ request }: PushBatch, parts: { status: PushResult['status']; now: number }): PushAnswer {
  const results = request.ops.map(({ op }): PushResult => ({ op, status: parts.status, seq: 0 }));
  return { results, spaces: {}, now: parts.now, generation: request.generation };
}

/** The exchanges of one device. */
export function createExchange(deps: ExchangeDeps): Exchange {
  const { store, transport, open, warn } = deps;
  let maxOps = MAX_PUSH_OPS;

  const ofSpace = (records: readonly WireRecord[], space: string): WireRecord[] => {
    const mine = records.filter((record) => record.space === space);
    if (mine.length < records.length) warn('RECORD_OF_OTHER_SPACE');
    return mine;
  };

  const measure: Exchange['measure'] = async () => {
    if (store.deviceClock.isTrusted()) return ok(undefined);
    const startMs = deps.clock.monotonicMs();
    const answer = await transport.time();
    if (!answer.ok) return answer;
    store.deviceClock.measured(answer.value, (startMs + deps.clock.monotonicMs()) / 2);
    const offsetMs = store.deviceClock.offsetMs();
    const moved = await store.movePlace((place) => ({ ...place, offsetMs }));
    const restamped = moved.ok ? await store.restampWaiting() : moved;
    return restamped.ok ? ok(undefined) : storageFailure(restamped.error);
  };

  const startOver = async (answer: { generation: number; sharedSeq?: number | undefined }): Done => {
    const started = await store.startOver(answer.generation, answer.sharedSeq ?? 0);
    return started.ok ? ok(undefined) : storageFailure(started.error);
  };

  /** A push that the server calls malformed: halved until the one bad operation is alone, and set aside. */
  const afterRefusal = async (batch: PushBatch, failure: TransportFailure): Promise<Result<boolean, ExchangeFailure>> => {
    const isSingle = batch.request.ops.length === 1;
    maxOps = Math.max(1, Math.floor(batch.request.ops.length / 2));
    const answer = refusedAnswer(batch, { status: isSingle ? 'rejected' : 'held', now: 0 });
    warn(`PUSH_REFUSED_${failure.code}`);
    const settled = await store.settle({ device: batch.device, n: batch.request.n, keyByOp: batch.keyByOp, answer, open });
    return settled.ok ? ok(true) : storageFailure(settled.error);
  };

  const takeAnswer = async (batch: PushBatch, answer: PushAnswer): Promise<Result<boolean, ExchangeFailure>> => {
    if (answer.status === 'reset') {
      const over = await startOver(answer);
      return over.ok ? ok(true) : over;
    }
    if (answer.status === 'stale') {
      if (batch.request.n !== store.place().pushNumber || batch.device !== store.place().device) return ok(true);
      const renamed = await store.becomeNewDevice();
      return renamed.ok ? ok(true) : storageFailure(renamed.error);
    }
    const settled = await store.settle({ device: batch.device, n: batch.request.n, keyByOp: batch.keyByOp, answer, open });
    if (!settled.ok) return storageFailure(settled.error);
    if (settled.value.measure) {
      store.deviceClock.distrust();
      const measured = await measure();
      if (!measured.ok) return measured;
    }
    // Sealed under an old key: the session brings the new one; until then trying again at once would change nothing.
    if (answer.status === 'epoch') return err({ code: 'CONFLICT' });
    return ok(store.pendingCount() > 0);
  };

  return {
    measure,
    async push() {
      const measured = await measure();
      if (!measured.ok) return measured;
      const batch = await takePushBatch(store, deps, maxOps);
      if (!batch.ok) return storageFailure(batch.error);
      if (!batch.value) return ok(false);
      const answer = await transport.push(batch.value.request);
      if (answer.ok) {
        maxOps = Math.min(MAX_PUSH_OPS, maxOps * 2);
        return takeAnswer(batch.value, answer.value);
      }
      const { code } = answer.error;
      return code === 'VALIDATION' || code === 'PAYLOAD_TOO_LARGE' ? afterRefusal(batch.value, answer.error) : answer;
    },
    async pull(space) {
      const { generation, cursors } = store.place();
      const asked = { generation, seq: cursors[space] ?? 0 };
      const answer = await transport.pull({ space, cursor: cursorOf(asked.generation, asked.seq) });
      if (!answer.ok) return answer;
      const page = answer.value;
      if (page.status === 'reset') {
        const over = await startOver(page);
        return over.ok ? ok(1) : over;
      }
      const fault = pageFault(page, asked);
      if (fault !== undefined) {
        warn(fault);
        return err({ code: 'MALFORMED_ANSWER' });
      }
      const seq = parseCursor(page.cursor)?.seq ?? asked.seq;
      const lastSyncedAt = page.more ? undefined : new Date(page.now).toISOString();
      const taken = await store.applyRemote({
        space,
        open,
        records: ofSpace(page.records, space),
        place: (place) => {
          if (place.generation !== asked.generation) return place;
          const cursors = { ...place.cursors, [space]: Math.max(place.cursors[space] ?? 0, seq) };
          return { ...place, cursors, lastSyncedAt: lastSyncedAt ?? place.lastSyncedAt };
        },
      });
      return taken.ok ? ok(page.more ? page.left : 0) : storageFailure(taken.error);
    },
    async take({ space, before, seq, records }) {
      const taken = await store.applyRemote({
        space,
        open,
        records: ofSpace(records, space),
        place: (place) => {
          const at = place.cursors[space] ?? 0;
          return at >= before && at < seq ? { ...place, cursors: { ...place.cursors, [space]: seq } } : place;
        },
      });
      return taken.ok ? ok((store.place().cursors[space] ?? 0) < before) : storageFailure(taken.error);
    },
  };
}
