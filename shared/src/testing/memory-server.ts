import { stampMs, type DeviceId } from '#base/hybrid-clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { isStructural, type TableDeclaration } from '#modules/define-tables.ts';
import type { TransportFailure } from '#sync/transport.ts';
import { MAX_CLOCK_LEAD_MS } from '#wire/limits.ts';
import { compareFields, decideOp, isVoid } from '#wire/merge.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import { isEnvelope } from '#wire/envelope-form.ts';
import type { WireField, WireFields, WireRecord } from '#wire/record.ts';
import {
  cursorOf,
  parseCursor,
  type LiveMessage,
  type NewestAnswer,
  type NewestRequest,
  type Op,
  type PullAnswer,
  type PushAnswer,
  type PushRequest,
  type PushResult,
} from '#wire/sync.ts';

/** What a server keeps: a copy of it is a backup. */
export interface MemoryBackup {
  readonly records: ReadonlyMap<string, WireRecord>;
  readonly outcomes: ReadonlyMap<DeviceId, Outcome>;
  readonly seq: number;
  readonly epoch: number;
  /** Generations that this history went through, each with the sequence number at which it began. */
  readonly lives: readonly { readonly generation: number; readonly seq: number }[];
}

interface Outcome {
  readonly n: number;
  readonly digest: string;
  readonly answer: PushAnswer;
}

/** An honest server in memory: the rules of the API without accounts and a database. */
export interface MemoryServer {
  push(request: PushRequest): PushAnswer;
  pull(request: { readonly space: string; readonly cursor: string }): Result<PullAnswer, TransportFailure>;
  newest(request: NewestRequest): NewestAnswer;
  nowMs(): number;
  /** Hears of each change; the device that made it does not. */
  listen(device: DeviceId, listener: (message: LiveMessage) => void): () => void;
  /** What a listener is told first. */
  ready(): LiveMessage;
  records(): readonly WireRecord[];
  readonly generation: number;
  readonly epoch: number;
  /** Begins a further epoch: what is sealed under an older one is refused from now on. */
  rotate(): void;
  backup(): MemoryBackup;
  /** Goes on from a backup as a further generation, as a restored database does; with `isForgotten` nobody began one. */
  restore(backup: MemoryBackup, isForgotten?: boolean): void;
}

/** Parts of the server. */
export interface MemoryServerDeps {
  readonly space: string;
  readonly nowMs: () => number;
  readonly tables: Readonly<Record<string, TableDeclaration>>;
  /** Records in a page: small, so that paging is exercised. */
  readonly pageRecords?: number;
  /** Refuses an operation for good. */
  readonly rejects?: (op: Op) => boolean;
}

/** Makes an honest server. */
export const createMemoryServer = (deps: MemoryServerDeps): MemoryServer => new HonestServer(deps);

const keyOf = (record: { readonly table: string; readonly id: string }): string => `${record.table}/${record.id}`;

const isDominated = (name: string, field: WireField, current: WireFields): boolean => {
  const stored = current[name];
  return (stored !== undefined && compareFields(field, stored) <= 0) || isVoid(name, field, current[DELETED_AT]);
};

const isWhollyDominated = (op: Op, current: WireFields): boolean =>
  Object.entries(op.fields).every(([name, field]) => isDominated(name, field, current));

class HonestServer implements MemoryServer {
  readonly #deps: MemoryServerDeps;
  readonly #listeners = new Map<(message: LiveMessage) => void, DeviceId>();
  #kept: MemoryBackup = { records: new Map(), outcomes: new Map(), seq: 0, epoch: 1, lives: [{ generation: 1, seq: 0 }] };
  #lastGeneration = 1;
  #highMs = 0;

  constructor(deps: MemoryServerDeps) {
    this.#deps = deps;
  }

  readonly nowMs = (): number => (this.#highMs = Math.max(this.#highMs, this.#deps.nowMs()));

  records(): readonly WireRecord[] {
    return [...this.#kept.records.values()];
  }

  get generation(): number {
    return this.#kept.lives.at(-1)?.generation ?? 1;
  }

  get epoch(): number {
    return this.#kept.epoch;
  }

  rotate(): void {
    this.#kept = { ...this.#kept, epoch: this.#kept.epoch + 1 };
  }

  backup(): MemoryBackup {
    return this.#kept;
  }

  restore(backup: MemoryBackup, isForgotten = false): void {
    // The owner's device announces its newest key again.
    const epoch = Math.max(backup.epoch, this.#kept.epoch);
    const life = { generation: ++this.#lastGeneration, seq: backup.seq };
    this.#kept = { ...backup, epoch, lives: isForgotten ? backup.lives : [...backup.lives, life] };
  }

  push({ device, n, generation, ops }: PushRequest): PushAnswer {
    const base = { results: [], spaces: {}, now: this.nowMs(), generation: this.generation };
    if (generation !== this.generation) return { ...base, status: 'reset', shared: this.#sharedWith(generation) };
    const digest = JSON.stringify(ops);
    const last = this.#kept.outcomes.get(device);
    if (last && n === last.n && digest === last.digest) return last.answer;
    if (last && n <= last.n) return { ...base, status: 'stale' };
    const before = this.#kept.seq;
    const status = ops.map((op) => this.#refusalOf(op)).find((refusal) => refusal !== undefined);
    const results = status ? this.#refuse(ops) : this.#apply(ops, device);
    const spaces = { [this.#deps.space]: { before, after: this.#kept.seq } };
    const answer: PushAnswer = { ...base, ...(status ? { status } : {}), results, spaces };
    this.#kept = { ...this.#kept, outcomes: new Map(this.#kept.outcomes).set(device, { n, digest, answer }) };
    return answer;
  }

  pull(request: { readonly cursor: string }): Result<PullAnswer, TransportFailure> {
    const cursor = parseCursor(request.cursor);
    if (!cursor) return err({ code: 'VALIDATION' });
    const frame = { now: this.nowMs(), generation: this.generation };
    const isBeyond = cursor.seq > this.#kept.seq;
    if (cursor.generation !== this.generation || isBeyond) {
      const shared = cursor.generation === this.generation ? { [this.#deps.space]: 0 } : this.#sharedWith(cursor.generation);
      const place = { records: [], cursor: cursorOf(this.generation, 0), more: false, count: 0, left: 0 };
      return ok({ ...frame, ...place, status: 'reset', shared });
    }
    const behind = this.records()
      .filter((record) => record.seq > cursor.seq)
      .toSorted((a, b) => a.seq - b.seq);
    const page = behind.slice(0, this.#deps.pageRecords ?? 3);
    const left = behind.length - page.length;
    const seq = page.at(-1)?.seq ?? cursor.seq;
    return ok({ ...frame, records: page, cursor: cursorOf(this.generation, seq), more: left > 0, count: page.length, left });
  }

  newest({ table, limit, before = Infinity }: NewestRequest): NewestAnswer {
    const found = this.records()
      .filter((record) => record.table === table && record.seq < before)
      .toSorted((a, b) => b.seq - a.seq);
    return { records: found.slice(0, limit), more: found.length > limit, now: this.nowMs(), generation: this.generation };
  }

  listen(device: DeviceId, listener: (message: LiveMessage) => void): () => void {
    this.#listeners.set(listener, device);
    return () => void this.#listeners.delete(listener);
  }

  ready(): LiveMessage {
    return { type: 'ready', generation: this.generation, spaces: { [this.#deps.space]: this.#kept.seq }, now: this.nowMs() };
  }

  #sharedWith(generation: number): Record<string, number> {
    const { lives, seq } = this.#kept;
    const isKnown = lives.some((life) => life.generation === generation);
    const later = lives.filter((life) => life.generation > generation).map((life) => life.seq);
    return { [this.#deps.space]: isKnown ? Math.min(seq, ...later) : 0 };
  }

  #fieldsOf(op: Op): WireFields {
    return this.#kept.records.get(keyOf(op))?.fields ?? {};
  }

  #refusalOf(op: Op): 'clock' | 'epoch' | undefined {
    if (this.#deps.rejects?.(op)) return undefined;
    for (const [name, field] of Object.entries(op.fields)) {
      if (isDominated(name, field, this.#fieldsOf(op))) continue;
      if (stampMs(field.at) > this.nowMs() + MAX_CLOCK_LEAD_MS) return 'clock';
      if (isEnvelope(field.v) && field.epoch < this.#kept.epoch) return 'epoch';
    }
    return undefined;
  }

  #decide(op: Op, current: WireFields): { results: PushResult[]; fields: WireFields } {
    const isContent = (name: string): boolean => !isStructural(this.#deps.tables[op.table], name);
    const verdicts = decideOp({ current, incoming: op.fields, isContent });
    const fields: WireFields = { ...current };
    for (const [name, verdict] of verdicts) {
      const field = op.fields[name];
      if (field && verdict.status === 'applied' && verdict.changes) fields[name] = field;
    }
    const results = [...verdicts].map(([name, verdict]): PushResult => {
      const base = { op: op.op, field: name, status: verdict.status, seq: 0 };
      const winner = verdict.status === 'applied' ? undefined : fields[verdict.winner];
      return winner && verdict.status !== 'applied' ? { ...base, winner: { ...winner, field: verdict.winner } } : base;
    });
    const isWhole = results.every(({ status }) => status === 'applied');
    return { results: isWhole ? [{ op: op.op, status: 'applied', seq: 0 }] : results, fields };
  }

  #refuse(ops: readonly Op[]): PushResult[] {
    let held = false;
    return ops.flatMap((op) => {
      const current = this.#fieldsOf(op);
      const seq = this.#kept.records.get(keyOf(op))?.seq ?? 0;
      if (!held && isWhollyDominated(op, current)) return this.#decide(op, current).results.map((result) => ({ ...result, seq }));
      held = true;
      return [{ op: op.op, status: this.#refusalOf(op) ?? ('held' as const), seq }];
    });
  }

  #apply(ops: readonly Op[], device: DeviceId): PushResult[] {
    const before = this.#kept.seq;
    const changed = new Map<string, WireRecord>();
    const results = ops.flatMap((op) => this.#applyOne(op, changed));
    if (changed.size > 0) {
      const { space } = this.#deps;
      const message: LiveMessage = { type: 'change', space, before, seq: this.#kept.seq, records: [...changed.values()] };
      // A device hears nothing of its own pushes; where two go by one name, one is a copy, and both must hear.
      const isCopied = [...this.#listeners.values()].filter((own) => own === device).length > 1;
      for (const [listener, own] of [...this.#listeners]) if (own !== device || isCopied) listener(message);
    }
    return results;
  }

  #applyOne(op: Op, changed: Map<string, WireRecord>): PushResult[] {
    if (this.#deps.rejects?.(op)) return [{ op: op.op, status: 'rejected', code: 'READ_ONLY', seq: 0 }];
    const key = keyOf(op);
    const current = this.#fieldsOf(op);
    const decided = this.#decide(op, current);
    if (JSON.stringify(decided.fields) !== JSON.stringify(current)) {
      // A push numbers each record once, however many of its operations change it.
      const seq = changed.get(key)?.seq ?? this.#kept.seq + 1;
      const record = { id: op.id, space: this.#deps.space, table: op.table, seq, fields: decided.fields };
      this.#kept = { ...this.#kept, seq: Math.max(seq, this.#kept.seq), records: new Map(this.#kept.records).set(key, record) };
      changed.set(key, record);
    }
    const seq = this.#kept.records.get(key)?.seq ?? 0;
    return decided.results.map((result) => ({ ...result, seq }));
  }
}
