import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { OpenWireField, OutboxStore } from '#store/outbox-store.ts';
import type { StorageFailure, SyncPlace } from '#store/storage.ts';
import { MAX_PUSH_OPS } from '#wire/limits.ts';
import { isEnvelope } from '#wire/envelope-form.ts';
import type { WireRecord } from '#wire/record.ts';
import { cursorOf, parseCursor, type LiveMessage, type PullAnswer, type PushAnswer, type PushResult } from '#wire/sync.ts';
import { accountedFor, decidesAny, isWhole, pageFault } from './answer-checks.ts';
import type { ExchangeFailure } from './exchange-failure.ts';
import { measureClock } from './measure-clock.ts';
import type { PulledPage } from './pull-desk.ts';
import { takePushBatch, type PushBatch } from './push-batch.ts';
import type { SealOpsDeps } from './seal-ops.ts';
import type { Transport, TransportFailure } from './transport.ts';

/** Parts of the exchanges with the server. */
export interface ExchangeDeps extends SealOpsDeps {
  readonly store: OutboxStore;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly open: OpenWireField;
  readonly warn: (code: string) => void;
  /** Asks the session for space keys that came since; resolves when it has answered. */
  readonly refreshKeys: () => Promise<void>;
}

type Outcome<T> = Promise<Result<T, ExchangeFailure>>;
type Change = Extract<LiveMessage, { type: 'change' }>;

/** After this time without the server a device reads everything again, in milliseconds: 180 days, far beyond the bin. */
const LONG_AWAY_MS = 180 * 86_400_000;

/** Refusals of whole pushes or pages in a row after which the device waits like after an error: a server that never gives in must not keep it busy. */
const maxRefusals = 3;

/** The cursor was set anew: whatever lies behind it is read from there. */
const goOn: PulledPage = { left: 1, count: 0 };

/** A page that was asked for before the one in front of it was taken in. */
interface PageAhead {
  readonly space: string;
  readonly cursor: string;
  readonly answer: ReturnType<Transport['pull']>;
}

/** The single steps between outbox and server; each leaves a state from which any other may follow. */
export class Exchange {
  readonly #deps: ExchangeDeps;
  #maxOps = MAX_PUSH_OPS;
  #refusals = 0;
  #ahead: PageAhead | undefined;
  /** When this device was in touch before it was started. */
  readonly #lastSyncedAt: string | null;
  readonly #readAfresh = new Set<string>();

  constructor(deps: ExchangeDeps) {
    this.#deps = deps;
    this.#lastSyncedAt = deps.store.place().lastSyncedAt;
  }

  /** Measures the clock where it is not trusted, and re-stamps what waits. */
  async measure(): Outcome<void> {
    const { store, transport, clock } = this.#deps;
    if (store.deviceClock.isTrusted()) return ok(undefined);
    const measured = await measureClock(store.deviceClock, { transport, clock });
    if (!measured.ok) return measured;
    const offsetMs = store.deviceClock.offsetMs();
    const moved = await store.movePlace((place) => ({ ...place, offsetMs }));
    return toOutcome(moved.ok ? await store.restampWaiting() : moved);
  }

  /** Sends one batch. Resolves with whether more waits. */
  async push(): Outcome<boolean> {
    const measured = await this.measure();
    if (!measured.ok) return measured;
    const batch = await takePushBatch(this.#deps.store, this.#deps, this.#maxOps);
    if (!batch.ok) return toOutcome(batch);
    if (!batch.value) return ok(false);
    const answer = await this.#deps.transport.push(batch.value.request);
    if (!answer.ok) return this.#afterFailure(batch.value, answer.error);
    this.#maxOps = Math.min(MAX_PUSH_OPS, this.#maxOps * 2);
    return this.#takeAnswer(batch.value, answer.value);
  }

  /** A download begins: a page that was asked for before may be old. */
  beginDownload(): void {
    this.#ahead = undefined;
  }

  /** Reads one page from the cursor. */
  async pull(space: string): Outcome<PulledPage> {
    const { store, warn } = this.#deps;
    const ready = await store.rereadUnread();
    if (!ready.ok) return toOutcome(ready);
    const { generation, cursors: before } = store.place();
    const asked = { generation, seq: before[space] ?? 0 };
    const answer = await this.#page(space, cursorOf(asked.generation, asked.seq));
    if (!answer.ok) return answer;
    const page = answer.value;
    if (page.status === 'reset') return mapOutcome(await this.#startOver(page), () => goOn);
    const fault = pageFault(page, asked);
    if (fault !== undefined) {
      warn(fault);
      return err({ code: 'MALFORMED_ANSWER' });
    }
    this.#refusals = 0;
    if (asked.seq > 0 && this.#wasLongAway(page.now) && !this.#readAfresh.has(space)) return this.#readFromStart(space);
    // The next page is on its way while this one is opened and written.
    if (page.more) this.#ahead = { space, cursor: page.cursor, answer: this.#deps.transport.pull({ space, cursor: page.cursor }) };
    const place = placeBehind(page, space);
    const taken = await this.#apply(space, page.records, place);
    return mapOutcome(taken, () => ({ left: page.more ? page.left : 0, count: page.count }));
  }

  #page(space: string, cursor: string): ReturnType<Transport['pull']> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead?.space === space && ahead.cursor === cursor ? ahead.answer : this.#deps.transport.pull({ space, cursor });
  }

  #wasLongAway(nowMs: number): boolean {
    return this.#lastSyncedAt !== null && nowMs - Date.parse(this.#lastSyncedAt) > LONG_AWAY_MS;
  }

  /** What waits was sent before, and nothing else is: the rest only comes in again. */
  async #readFromStart(space: string): Outcome<PulledPage> {
    this.#readAfresh.add(space);
    const moved = await this.#deps.store.movePlace((place) => ({ ...place, cursors: { ...place.cursors, [space]: 0 } }));
    return mapOutcome(toOutcome(moved), () => goOn);
  }

  /** Takes in a live change. Resolves with whether something before it is missing. */
  async take({ space, before, seq, records }: Change): Outcome<boolean> {
    const { store, warn } = this.#deps;
    if (!isWhole({ type: 'change', space, before, seq, records })) {
      warn('CHANGE_IS_CUT');
      return err({ code: 'MALFORMED_ANSWER' });
    }
    const taken = await this.#apply(space, records, (was) => moveCursor(was, space, { before, seq }));
    return mapOutcome(taken, () => (store.place().cursors[space] ?? 0) < before);
  }

  /** Takes in records that came ahead of the cursor. */
  takeAhead(space: string, records: readonly WireRecord[]): Outcome<void> {
    return this.#apply(space, records);
  }

  async #apply(space: string, arrived: readonly WireRecord[], place?: (was: SyncPlace) => SyncPlace): Outcome<void> {
    const records = this.#ofSpace(arrived, space);
    await this.#fetchKeysFor(space, records);
    return toOutcome(await this.#deps.store.applyRemote({ space, open: this.#deps.open, records, ...(place ? { place } : {}) }));
  }

  #ofSpace(records: readonly WireRecord[], space: string): WireRecord[] {
    const mine = records.filter((record) => record.space === space);
    if (mine.length < records.length) this.#deps.warn('RECORD_OF_OTHER_SPACE');
    return mine;
  }

  /** A push that the server calls malformed is halved until the one bad operation is alone, and set aside. */
  async #afterFailure(batch: PushBatch, failure: TransportFailure): Outcome<boolean> {
    if (failure.code !== 'VALIDATION' && failure.code !== 'PAYLOAD_TOO_LARGE') return err(failure);
    const count = batch.request.ops.length;
    this.#maxOps = Math.max(1, Math.floor(count / 2));
    this.#deps.warn(`PUSH_REFUSED_${failure.code}`);
    const settled = await this.#settle(batch, sameAnswer(batch, count === 1 ? 'rejected' : 'held'));
    return mapOutcome(toOutcome(settled), () => true);
  }

  async #takeAnswer(batch: PushBatch, answer: PushAnswer): Outcome<boolean> {
    if (answer.status === undefined && decidesAny(batch, answer)) this.#refusals = 0;
    else if (++this.#refusals > maxRefusals) return this.#lostPatience();
    if (answer.status === 'reset') return mapOutcome(await this.#startOver(answer), () => true);
    return answer.status === 'stale' ? this.#afterStale(batch) : this.#takeResults(batch, answer);
  }

  async #takeResults(batch: PushBatch, answer: PushAnswer): Outcome<boolean> {
    const results = await this.#readable(batch, answer.results);
    const spaces = accountedFor(answer, new Map(batch.request.ops.map(({ op, space }) => [op, space])));
    const settled = await this.#settle(batch, { ...answer, results, spaces });
    if (!settled.ok) return toOutcome(settled);
    const measured = settled.value.measure ? await this.#measureAnew() : ok(undefined);
    if (!measured.ok) return measured;
    if (answer.status === 'epoch') return this.#afterEpoch(batch);
    if (answer.status === undefined && results.some(({ status }) => status === 'held')) return this.#afterUnknownEpoch();
    return results.length < answer.results.length ? err({ code: 'CONFLICT' }) : ok(this.#deps.store.pendingCount() > 0);
  }

  #measureAnew(): Outcome<void> {
    this.#deps.store.deviceClock.distrust();
    return this.measure();
  }

  /** Sealed under an old key: where no newer one is here, the session brings it; without it trying again at once would change nothing. */
  async #afterEpoch({ request }: PushBatch): Outcome<boolean> {
    const { keyring, refreshKeys } = this.#deps;
    const hasNewer = (): boolean =>
      request.ops.some(({ space, fields }) => Object.values(fields).some(({ epoch }) => epoch < keyring.currentEpoch(space)));
    if (!hasNewer()) await refreshKeys();
    return hasNewer() ? ok(true) : err({ code: 'CONFLICT' });
  }

  /** The server was set back to before a key was announced: reading the session announces it again. */
  async #afterUnknownEpoch(): Outcome<boolean> {
    await this.#deps.refreshKeys();
    return err({ code: 'CONFLICT' });
  }

  /** The results that can be judged: a winner under a key that is not here yet stays open, and its edit is sent again. */
  async #readable({ request }: PushBatch, results: readonly PushResult[]): Promise<PushResult[]> {
    const { keyring, refreshKeys } = this.#deps;
    const spaces = new Map(request.ops.map(({ op, space }) => [op, space]));
    const isReadable = ({ op, winner }: PushResult): boolean =>
      !winner || !isEnvelope(winner.v) || winner.epoch <= keyring.currentEpoch(spaces.get(op) ?? '');
    if (!results.every(isReadable)) await refreshKeys();
    return results.filter(isReadable);
  }

  /** Keys that arrived values ask for are fetched before they are read. */
  async #fetchKeysFor(space: string, records: readonly WireRecord[]): Promise<void> {
    const { keyring, refreshKeys } = this.#deps;
    const held = keyring.currentEpoch(space);
    if (records.some(({ fields }) => Object.values(fields).some(({ v, epoch }) => epoch > held && isEnvelope(v)))) await refreshKeys();
  }

  /** An older push number: this database is a copy, or was set back. An echo of an older push says nothing. */
  async #afterStale({ request, device }: PushBatch): Outcome<boolean> {
    const { store } = this.#deps;
    const place = store.place();
    if (request.n !== place.pushNumber || device !== place.device) return ok(true);
    return mapOutcome(toOutcome(await store.becomeNewDevice()), () => true);
  }

  async #startOver({ generation, shared = {} }: Pick<PushAnswer, 'generation' | 'shared'>): Outcome<void> {
    if (++this.#refusals > maxRefusals) return this.#lostPatience();
    return toOutcome(await this.#deps.store.startOver(generation, shared));
  }

  /** Records came ahead of the cursor that never came by it: the server was set back, or keeps them back. They are offered again. */
  async offerBeyondCursor(space: string): Outcome<boolean> {
    const { store, warn } = this.#deps;
    warn('HEAD_START_WITHHELD');
    const { generation, cursors } = store.place();
    return mapOutcome(toOutcome(await store.startOver(generation, { [space]: cursors[space] ?? 0 })), () => false);
  }

  #settle({ device, request, keyByOp }: PushBatch, answer: PushAnswer): ReturnType<OutboxStore['settle']> {
    return this.#deps.store.settle({ device, n: request.n, keyByOp, answer, open: this.#deps.open });
  }

  #lostPatience(): { readonly ok: false; readonly error: ExchangeFailure } {
    this.#refusals = 0;
    return err({ code: 'CONFLICT' });
  }
}

/** The place after a change that begins at `before`: moved only if everything below is known. */
export function moveCursor(place: SyncPlace, space: string, { before, seq }: { before: number; seq: number }): SyncPlace {
  const at = place.cursors[space] ?? 0;
  return at >= before && at < seq ? { ...place, cursors: { ...place.cursors, [space]: seq } } : place;
}

const placeBehind =
  (page: PullAnswer, space: string) =>
  (place: SyncPlace): SyncPlace => {
    if (place.generation !== page.generation) return place;
    const seq = Math.max(place.cursors[space] ?? 0, parseCursor(page.cursor)?.seq ?? 0);
    const lastSyncedAt = page.more ? place.lastSyncedAt : new Date(page.now).toISOString();
    return { ...place, cursors: { ...place.cursors, [space]: seq }, lastSyncedAt };
  };

/** One outcome for every operation of a push that was answered as a whole. */
function sameAnswer({ request }: PushBatch, status: PushResult['status']): PushAnswer {
  const results = request.ops.map(({ op }): PushResult => ({ op, status, seq: 0 }));
  return { results, spaces: {}, now: 0, generation: request.generation };
}

const toOutcome = <T>(result: Result<T, StorageFailure>): Result<T, ExchangeFailure> => (result.ok ? result : err({ code: result.error }));

const mapOutcome = <A, B>(result: Result<A, ExchangeFailure>, change: (value: A) => B): Result<B, ExchangeFailure> =>
  result.ok ? ok(change(result.value)) : result;

/** A storage that refuses is tried again like a server that does. */
export function asTransportFailure(failure: ExchangeFailure): TransportFailure {
  const { code } = failure;
  if (code === 'QUOTA_EXCEEDED' || code === 'DATABASE_CLOSED' || code === 'DATABASE_NEWER') return { code: 'SERVICE_UNAVAILABLE' };
  return { ...failure, code };
}
