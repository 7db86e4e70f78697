import { stampMs, type DeviceId } from '#base/hybrid-clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { isStructural, type TableDeclaration } from '#modules/define-tables.ts';
import type { TransportFailure } from '#sync/transport.ts';
import { MAX_CLOCK_LEAD_MS } from '#wire/limits.ts';
import { compareFields, decideOp, isVoid } from '#wire/merge.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import type { WireField, WireFields, WireRecord } from '#wire/record.ts';
import {
  cursorOf,
  parseCursor,
  type LiveMessage,
  type Op,
  type PullAnswer,
  type PushAnswer,
  type PushRequest,
  type PushResult,
} from '#wire/sync.ts';

/** An honest server in memory: the rules of the API without accounts and a database. */
export interface MemoryServer {
  push(request: PushRequest): PushAnswer;
  pull(request: { readonly space: string; readonly cursor: string }): Result<PullAnswer, TransportFailure>;
  nowMs(): number;
  /** Hears of each change; the device that made it does not. */
  listen(device: DeviceId, listener: (message: LiveMessage) => void): () => void;
  /** What a listener is told first. */
  ready(): LiveMessage;
  records(): readonly WireRecord[];
  generation: number;
  /** Answers as a restored server would: a further life that shares the history up to `sharedSeq`. */
  restore(copy: readonly WireRecord[], sharedSeq: number): void;
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
export function createMemoryServer(deps: MemoryServerDeps): MemoryServer {
  const { space, pageRecords = 3 } = deps;
  const records = new Map<string, WireRecord>();
  const outcomes = new Map<DeviceId, { n: number; digest: string; answer: PushAnswer }>();
  const listeners = new Map<(message: LiveMessage) => void, DeviceId>();
  let seq = 0;
  let highMs = 0;
  let generation = 1;
  let shared: { generation: number; seq: number }[] = [];

  const nowMs = (): number => (highMs = Math.max(highMs, deps.nowMs()));
  const fieldsOf = (op: Op): WireFields => records.get(`${op.table}/${op.id}`)?.fields ?? {};
  const sharedWith = (old: number): number => Math.min(...shared.filter((life) => life.generation > old).map((life) => life.seq), seq);
  const isContent = (op: Op) => (name: string) => !isStructural(deps.tables[op.table], name);

  const isDominated = (name: string, field: WireField, current: WireFields): boolean => {
    const stored = current[name];
    return (stored !== undefined && compareFields(field, stored) <= 0) || isVoid(name, field, current[DELETED_AT]);
  };

  const isLate = (op: Op): boolean =>
    Object.entries(op.fields).some(
      ([name, field]) => !isDominated(name, field, fieldsOf(op)) && stampMs(field.at) > nowMs() + MAX_CLOCK_LEAD_MS,
    );

  const resultsOf = (op: Op, current: WireFields, apply: boolean): { results: PushResult[]; fields: WireFields } => {
    const verdicts = decideOp({ current, incoming: op.fields, isContent: isContent(op) });
    const fields: WireFields = { ...current };
    for (const [name, verdict] of verdicts) {
      const field = op.fields[name];
      if (apply && field && verdict.status === 'applied' && verdict.changes) fields[name] = field;
    }
    const results = [...verdicts].map(([name, verdict]): PushResult => {
      const base = { op: op.op, field: name, status: verdict.status, seq: 0 };
      const winner = verdict.status === 'applied' ? undefined : fields[verdict.winner];
      return winner && verdict.status !== 'applied' ? { ...base, winner: { ...winner, field: verdict.winner } } : base;
    });
    const isWhole = results.every(({ status }) => status === 'applied');
    return { results: isWhole ? [{ op: op.op, status: 'applied', seq: 0 }] : results, fields };
  };

  const refuse = (ops: readonly Op[]): PushResult[] => {
    let held = false;
    return ops.flatMap((op) => {
      const current = fieldsOf(op);
      const decided = !held && Object.entries(op.fields).every(([name, field]) => isDominated(name, field, current));
      if (decided) return resultsOf(op, current, false).results;
      held = true;
      return [{ op: op.op, status: isLate(op) ? ('clock' as const) : ('held' as const), seq: 0 }];
    });
  };

  const apply = (ops: readonly Op[], device: DeviceId): PushResult[] => {
    const before = seq;
    const changed = new Map<string, WireRecord>();
    const results = ops.flatMap((op) => {
      if (deps.rejects?.(op)) return [{ op: op.op, status: 'rejected' as const, code: 'READ_ONLY' as const, seq: 0 }];
      const key = `${op.table}/${op.id}`;
      const current = fieldsOf(op);
      const decided = resultsOf(op, current, true);
      if (JSON.stringify(decided.fields) !== JSON.stringify(current)) {
        seq += 1;
        const record = { id: op.id, space, table: op.table, seq, fields: decided.fields };
        records.set(key, record);
        changed.set(key, record);
      }
      return decided.results.map((result) => ({ ...result, seq: records.get(key)?.seq ?? 0 }));
    });
    if (changed.size > 0) {
      const message: LiveMessage = { type: 'change', space, before, seq, records: [...changed.values()] };
      for (const [listener, own] of [...listeners]) if (own !== device) listener(message);
    }
    return results;
  };

  return {
    nowMs,
    records: () => [...records.values()],
    get generation() {
      return generation;
    },
    push({ device, n, generation: asked, ops }) {
      const base = { results: [], spaces: {}, now: nowMs(), generation };
      if (asked !== generation) return { ...base, status: 'reset', sharedSeq: sharedWith(asked) };
      const digest = JSON.stringify(ops);
      const last = outcomes.get(device);
      if (last && n === last.n && digest === last.digest) return last.answer;
      if (last && n <= last.n) return { ...base, status: 'stale' };
      const before = seq;
      const late = ops.some((op) => !deps.rejects?.(op) && isLate(op));
      const results = late ? refuse(ops) : apply(ops, device);
      const answer: PushAnswer = {
        ...base,
        ...(late ? { status: 'clock' as const } : {}),
        results,
        spaces: { [space]: { before, after: seq } },
      };
      outcomes.set(device, { n, digest, answer });
      return answer;
    },
    pull(request) {
      const cursor = parseCursor(request.cursor);
      if (!cursor) return err({ code: 'VALIDATION' });
      const frame = { now: nowMs(), generation };
      if (cursor.generation !== generation) {
        return ok({
          ...frame,
          status: 'reset',
          records: [],
          cursor: cursorOf(generation, 0),
          more: false,
          count: 0,
          left: 0,
          sharedSeq: sharedWith(cursor.generation),
        });
      }
      const behind = [...records.values()].filter((record) => record.seq > cursor.seq).toSorted((a, b) => a.seq - b.seq);
      const page = behind.slice(0, pageRecords);
      const left = behind.length - page.length;
      return ok({
        ...frame,
        records: page,
        cursor: cursorOf(generation, page.at(-1)?.seq ?? cursor.seq),
        more: left > 0,
        count: page.length,
        left,
      });
    },
    listen(device, listener) {
      listeners.set(listener, device);
      return () => void listeners.delete(listener);
    },
    ready: () => ({ type: 'ready', generation, spaces: { [space]: seq }, now: nowMs() }),
    restore(copy, sharedSeq) {
      records.clear();
      for (const record of copy) records.set(`${record.table}/${record.id}`, record);
      seq = sharedSeq;
      generation += 1;
      shared = [...shared, { generation, seq: sharedSeq }];
      outcomes.clear();
    },
  };
}
