import { stampMs, ZERO_STAMP } from '@mana/shared/base/hybrid-clock';
import { isStructural } from '@mana/shared/modules/define-tables';
import { allTables } from '@mana/shared/modules/all-tables';
import { MAX_CLOCK_LEAD_MS, MAX_RECORD_FIELDS } from '@mana/shared/wire/limits';
import { compareFields, decideOp, isVoid, type FieldVerdict } from '@mana/shared/wire/merge';
import { DELETED_AT } from '@mana/shared/wire/deletion';
import { isEnvelope } from '@mana/shared/wire/envelope-form';
import type { WireField, WireFields } from '@mana/shared/wire/record';
import type { Op, PushResult } from '@mana/shared/wire/sync';
import type { RejectionCode } from '@mana/shared/wire/failures';
import { fieldRejection } from './admit-field.ts';

/** A space as a push meets it, its row locked. */
export interface PushSpace {
  readonly readOnly: boolean;
  readonly epoch: number;
  readonly seq: number;
}

export interface StoredRecord {
  readonly fields: WireFields;
  readonly seq: number;
}

/** Everything a push is decided by; nothing else is read. */
export interface PushInput {
  readonly ops: readonly Op[];
  readonly accountId: string;
  readonly nowMs: number;
  /** Spaces that the caller is a member of, among those the push names. */
  readonly spaces: ReadonlyMap<string, PushSpace>;
  readonly records: ReadonlyMap<string, StoredRecord>;
}

export interface ChangedRecord extends StoredRecord {
  readonly space: string;
  readonly table: string;
  readonly id: string;
}

export interface PushDecision {
  readonly status?: 'clock' | 'epoch';
  readonly results: readonly PushResult[];
  readonly changed: readonly ChangedRecord[];
  /** Sequence number of each changed space after the push. */
  readonly seqs: ReadonlyMap<string, number>;
}

/** Name of a record among all: its space, table and id. */
export const recordKey = ({ space, table, id }: { space: string; table: string; id: string }): string => `${space}/${table}/${id}`;

/**
 * Decides a push. Invariant 1: without a refusal every operation is decided in order, each against what those before it left.
 * Invariant 2: a clock or epoch refusal changes nothing; operations before the refused one are decided only where they
 * can no longer change anything, and from the refused one on all are held, so that the order of edits stays what it was.
 * Invariant 3: a rejected operation never touches the others. Invariant 4: an operation under a key that is not announced here yet is held, and
 * so is what follows it on its record; the others are decided.
 */
export function decidePush(input: PushInput): PushDecision {
  const refusals = input.ops.map((op) => (rejectionOf(input, op) ? undefined : refusalOf(input, op)));
  const status = refusals.find((refusal) => refusal !== undefined);
  return status ? { status, results: refusePush(input, refusals), changed: [], seqs: new Map() } : applyPush(input);
}

function applyPush(input: PushInput): PushDecision {
  const working = new Map(input.records);
  const changed = new Map<string, Op>();
  const held = new Set<string>();
  const drafts: { op: Op; results: PushResult[] }[] = [];
  for (const op of input.ops) {
    const key = recordKey(op);
    if (isAhead(input, op)) held.add(key);
    const current = working.get(key)?.fields ?? {};
    const code = rejectionOf(input, op) ?? (isCrowded(current, op.fields) ? 'TOO_MANY_FIELDS' : undefined);
    if (code) {
      drafts.push({ op, results: [rejected(op, code)] });
      continue;
    }
    if (held.has(key)) {
      drafts.push({ op, results: [{ op: op.op, status: 'held', seq: 0 }] });
      continue;
    }
    const verdicts = verdictsOf(op, current);
    const fields = applyVerdicts(op, current, verdicts);
    if (fields !== current) {
      working.set(key, { fields, seq: 0 });
      changed.set(key, op);
    }
    drafts.push({ op, results: resultsOf(op, verdicts, fields) });
  }
  return numberChanges(input, { working, changed, drafts });
}

interface Applied {
  readonly working: Map<string, StoredRecord>;
  readonly changed: ReadonlyMap<string, Op>;
  readonly drafts: readonly { op: Op; results: PushResult[] }[];
}

function numberChanges(input: PushInput, { working, changed, drafts }: Applied): PushDecision {
  const seqs = new Map<string, number>();
  const records: ChangedRecord[] = [];
  for (const [key, { space, table, id }] of changed) {
    const seq = (seqs.get(space) ?? input.spaces.get(space)?.seq ?? 0) + 1;
    seqs.set(space, seq);
    const fields = working.get(key)?.fields ?? {};
    working.set(key, { fields, seq });
    records.push({ space, table, id, fields, seq });
  }
  const results = drafts.flatMap(({ op, results: own }) => own.map((result) => ({ ...result, seq: working.get(recordKey(op))?.seq ?? 0 })));
  return { results, changed: records, seqs };
}

function refusePush(input: PushInput, refusals: readonly ('clock' | 'epoch' | undefined)[]): PushResult[] {
  let held = false;
  return input.ops.flatMap((op, index) => {
    const code = rejectionOf(input, op);
    if (code) return [rejected(op, code)];
    const record = input.records.get(recordKey(op));
    const current = record?.fields ?? {};
    const decided = !held && Object.entries(op.fields).every(([name, field]) => isDominated(name, field, current));
    if (!decided) held = true;
    if (decided) return resultsOf(op, verdictsOf(op, current), current).map((result) => ({ ...result, seq: record?.seq ?? 0 }));
    return [{ op: op.op, status: refusals[index] ?? 'held', seq: record?.seq ?? 0 }];
  });
}

function rejectionOf(input: PushInput, op: Op): RejectionCode | undefined {
  const space = input.spaces.get(op.space);
  if (!space) return 'FOREIGN_SPACE';
  if (space.readOnly) return 'READ_ONLY';
  const fields = Object.entries(op.fields);
  if (fields.length === 0) return 'STRUCTURAL_MALFORMED';
  if (fields.length > MAX_RECORD_FIELDS) return 'TOO_MANY_FIELDS';
  const current = input.records.get(recordKey(op))?.fields ?? {};
  for (const [name, field] of fields) {
    const code = isForged(field, { accountId: input.accountId, stored: current[name] })
      ? 'FOREIGN_ACTOR'
      : fieldRejection(op.table, name, field);
    if (code) return code;
  }
  return undefined;
}

/** The program writes in its own name only what is marked so; a person only in theirs. */
function isForeignActor({ actor, origin, at }: WireField, accountId: string): boolean {
  if (at === ZERO_STAMP && origin !== 'system') return true;
  return actor.startsWith('system:') ? origin !== 'system' : actor !== `user:${accountId}`;
}

const isForged = (field: WireField, { accountId, stored }: { accountId: string; stored: WireField | undefined }): boolean =>
  isForeignActor(field, accountId) && !saysNothingNew(field, stored);

/** Who seals a space anew under its next key also seals what others wrote; or comes too late with it, and changes nothing. */
function saysNothingNew(field: WireField, stored: WireField | undefined): boolean {
  if (!stored) return false;
  const isSameWrite = field.at === stored.at && field.actor === stored.actor && field.origin === stored.origin;
  return compareFields(field, stored) <= 0 || (isSameWrite && isEnvelope(field.v) && field.epoch > stored.epoch);
}

const isCrowded = (current: WireFields, incoming: WireFields): boolean =>
  new Set([...Object.keys(current), ...Object.keys(incoming)]).size > MAX_RECORD_FIELDS;

/** Why the whole push must come again with other stamps or keys; a field that can change nothing any more is no reason. */
function refusalOf(input: PushInput, op: Op): 'clock' | 'epoch' | undefined {
  const current = input.records.get(recordKey(op))?.fields ?? {};
  const epoch = input.spaces.get(op.space)?.epoch ?? 0;
  for (const [name, field] of Object.entries(op.fields)) {
    if (isDominated(name, field, current)) continue;
    if (stampMs(field.at) > input.nowMs + MAX_CLOCK_LEAD_MS) return 'clock';
    if (isEnvelope(field.v) && field.epoch < epoch) return 'epoch';
  }
  return undefined;
}

/** Sealed under an epoch that this server does not know: it was set back to before it, and whoever began the epoch announces it again. */
function isAhead({ spaces }: PushInput, { space, fields }: Op): boolean {
  const epoch = spaces.get(space)?.epoch ?? 0;
  return Object.values(fields).some((field) => isEnvelope(field.v) && field.epoch > epoch);
}

function isDominated(name: string, field: WireField, current: WireFields): boolean {
  const stored = current[name];
  if (stored && compareFields(field, stored) <= 0) return true;
  return isVoid(name, field, current[DELETED_AT]);
}

function verdictsOf(op: Op, current: WireFields): Map<string, FieldVerdict> {
  const table = Object.hasOwn(allTables, op.table) ? allTables[op.table] : undefined;
  return decideOp({ current, incoming: op.fields, isContent: (name) => !isStructural(table, name) });
}

function applyVerdicts(op: Op, current: WireFields, verdicts: ReadonlyMap<string, FieldVerdict>): WireFields {
  const won = Object.entries(op.fields).filter(([name]) => {
    const verdict = verdicts.get(name);
    return verdict?.status === 'applied' && verdict.changes;
  });
  return won.length === 0 ? current : { ...current, ...Object.fromEntries(won) };
}

function resultsOf(op: Op, verdicts: ReadonlyMap<string, FieldVerdict>, after: WireFields): PushResult[] {
  if ([...verdicts.values()].every(({ status }) => status === 'applied')) return [{ op: op.op, status: 'applied', seq: 0 }];
  return [...verdicts].map(([field, verdict]) => {
    const base = { op: op.op, field, status: verdict.status, seq: 0 };
    if (verdict.status === 'applied') return base;
    const winner = after[verdict.winner];
    return winner ? { ...base, winner: { ...winner, field: verdict.winner } } : base;
  });
}

const rejected = (op: Op, code: RejectionCode): PushResult => ({ op: op.op, status: 'rejected', code, seq: 0 });
