import { maxStamp, nextStamp, ZERO_STAMP, type Stamp } from '#base/hybrid-clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { singletonId } from '#modules/singleton-id.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import type { StoreFailure } from './failures.ts';
import { sameValue } from './field-values.ts';
import { lossOf, type Loss } from './losses.ts';
import type { OpenedEntry, OpenedLogs } from './opened-logs.ts';
import type { UndoStep } from './prepare-write.ts';
import {
  ackedFloor,
  hasContent,
  isUntouchedSeed,
  recordKey,
  shownField,
  type PendingField,
  type PendingOp,
  type RecordState,
} from './record-state.ts';
import type { LogWrite, RecordDraft } from './record-commit.ts';
import { lossKey } from './sealed-logs.ts';
import type { StoredRecord } from './stored-record.ts';
import type { LogRow } from './storage.ts';
import { lossLog, toStoreFailure, type StoreCore } from './store-core.ts';
import type { FieldStamp, OpenRecord } from './store.ts';

/** Records taken over in one transaction: small enough that an interruption loses little. */
const takeOverBatch = 200;

type Done = Promise<Result<void, StoreFailure>>;

/** Opens the logs of a database that is about to be taken over by another. */
export async function openLogs({ logs }: StoreCore): Promise<Result<OpenedLogs, StoreFailure>> {
  const [history, changes, drafts] = [
    await logs.read<Loss>('history'),
    await logs.read<readonly UndoStep[]>('changes'),
    await logs.read<string>('drafts'),
  ];
  if (!history.ok) return err(toStoreFailure(history.error));
  if (!changes.ok) return err(toStoreFailure(changes.error));
  if (!drafts.ok) return err(toStoreFailure(drafts.error));
  const entryOf = <Content>({ row: { blob: _, ...entry }, content }: { row: LogRow; content: Content }) => ({ entry, content });
  return ok({ history: history.value.map(entryOf), changes: changes.value.map(entryOf), drafts: drafts.value.map(entryOf) });
}

/** Takes over another database's logs; what is there already stays. Doing it again changes nothing. */
export async function takeOverLogs(core: StoreCore, { history, changes, drafts }: OpenedLogs): Done {
  const { logs } = core;
  const losses = history.map(({ entry, content }) => ({
    entry,
    content: { ...content, ...placeHere(core, content.table, content.recordId) },
  }));
  const rows = await Promise.all([
    ...losses.map(({ entry, content }) => logs.row('history', { ...entry, key: lossKey(content) }, content)),
  ]);
  const ways = await Promise.all(
    changes.map(({ entry, content }) =>
      logs.row(
        'changes',
        entry,
        content.map((step) => stepHere(core, step)),
      ),
    ),
  );
  for (const [table, found] of [['history', rows] as const, ['changes', ways] as const]) {
    const kept = await putMissing(core, table, found);
    if (!kept.ok) return kept;
  }
  for (const { entry, content } of drafts) {
    const kept = await takeOverDraft(core, entry, content);
    if (!kept.ok) return kept;
  }
  core.notify();
  return ok(undefined);
}

async function putMissing(core: StoreCore, table: 'history' | 'changes', rows: readonly LogRow[]): Done {
  const put = await core.storage.transaction('write', [table], async (tx) => {
    const there = await tx.getMany(
      table,
      rows.map(({ key }) => key),
    );
    await tx.putMany(
      table,
      rows.filter((_, index) => there[index] === undefined),
    );
  });
  return put.ok ? put : err(toStoreFailure(put.error));
}

/** Where something is being typed here already, what was typed there follows it. */
async function takeOverDraft({ logs }: StoreCore, entry: OpenedEntry<string>['entry'], text: string): Done {
  const found = await logs.find<string>('drafts', entry.key);
  if (!found.ok) return err(toStoreFailure(found.error));
  const here = found.value ?? '';
  if (here.includes(text)) return ok(undefined);
  const put = await logs.put('drafts', [await logs.row('drafts', entry, here === '' ? text : `${here} ${text}`)]);
  return put.ok ? put : err(toStoreFailure(put.error));
}

const stepHere = (core: StoreCore, step: UndoStep): UndoStep => {
  const { space, recordId } = placeHere(core, step.table, step.id);
  return { ...step, space, id: recordId };
};

/** Where a record of another database belongs here: a singleton is the one of this account. */
function placeHere(core: StoreCore, table: string, id: string): { readonly space: string; readonly recordId: string } {
  const owner = core.tables.get(table)?.declaration.singleton;
  if (!owner) return { space: core.homeSpace, recordId: id };
  return { space: core.homeSpace, recordId: singletonId(table, owner === 'space' ? core.homeSpace : core.self.slice('user:'.length)) };
}

/** Takes over records of another database with their stamps, as edits of this person. Those that exist stay as they are. */
export async function takeOver(core: StoreCore, records: readonly OpenRecord[]): Done {
  for (let start = 0; start < records.length; start += takeOverBatch) {
    const byKey = new Map(
      records.slice(start, start + takeOverBatch).map((record) => {
        const { space, recordId } = placeHere(core, record.table, record.id);
        return [recordKey(space, record.table, recordId), record];
      }),
    );
    const taken = await core.records.update([...byKey.keys()], async (stored) => {
      const merged = stored.flatMap((from) => {
        const record = byKey.get(from.key);
        return record ? [takeOverRecord(core, from, record)] : [];
      });
      const drafts = merged.flatMap(({ draft }) => draft ?? []);
      const logs: LogWrite[] = await lossLog(
        core,
        merged.flatMap(({ losses }) => losses),
      );
      return ok({ commit: { drafts, logs }, value: undefined });
    });
    if (!taken.ok) return err(toStoreFailure(taken.error));
  }
  return ok(undefined);
}

interface Taken {
  readonly draft?: RecordDraft;
  readonly losses: readonly Loss[];
}

function takeOverRecord(core: StoreCore, from: StoredRecord, record: OpenRecord): Taken {
  if (core.tables.get(record.table)?.declaration.singleton) return joinSingleton(core, from, record);
  const isFree = !hasContent(from.state) || isUntouchedSeed(from.state);
  return isFree ? { draft: { from, state: takenOver(core, from.state, record) }, losses: [] } : { losses: [] };
}

/** A record of another database as edits of this person: values first, then, where it was deleted, the deletion. */
function takenOver(core: StoreCore, state: RecordState, record: OpenRecord): RecordState {
  const actor = core.self;
  const base = ackedFloor(state);
  const made = { madeMs: Date.parse(record.updatedAt.slice(0, 24)), trusted: true, base };
  const fields: Record<string, PendingField> = {};
  for (const [name, v] of Object.entries(record.values)) {
    const stamp = record.stamps[name];
    fields[name] = { v, at: (stamp?.at ?? ZERO_STAMP) as Stamp, actor, origin: stamp && stamp.at !== ZERO_STAMP ? stamp.origin : 'system' };
  }
  const first = Object.values(fields).reduce((min, field) => (field.at < min ? field.at : min), record.updatedAt as Stamp);
  fields['createdAt'] = { v: record.createdAt, at: first, actor, origin: first === ZERO_STAMP ? 'system' : 'user' };
  const pending: PendingOp[] = [{ op: core.newId(), fields, ...made }];
  if (record.deletedAt !== null) {
    const deletion: PendingField = { v: record.deletedAt, at: record.updatedAt as Stamp, actor, origin: 'user' };
    pending.push({ op: core.newId(), fields: { [DELETED_AT]: deletion }, ...made });
  }
  return { ...state, pending };
}

/**
 * [Note: a guest's singletons] What a guest wrote about themselves fills only what the account leaves empty. On a new device that is
 * not known yet, so it is stamped lower than any edit: whatever the account says wins at the server, and the guest's text goes to
 * the history. The stamps are fixed, or the first measurement of the clock would lift them.
 */
function joinSingleton(core: StoreCore, from: StoredRecord, record: OpenRecord): Taken {
  const { state } = from;
  const fields: Record<string, PendingField> = {};
  const losses: Loss[] = [];
  for (const { name, v, stamp } of editedFields(record)) {
    const shown = shownField(state, name);
    if (sameValue(shown?.v, v)) continue;
    if (shown && shown.at !== ZERO_STAMP)
      losses.push(...lossOf(state, { name, lost: heldLoss(core, v, stamp), winner: shown, notice: true }));
    else fields[name] = { v, at: lowestStamp(core, shown?.at ?? ZERO_STAMP), actor: core.self, origin: stamp.origin };
  }
  if (Object.keys(fields).length === 0) return { losses };
  const op: PendingOp = { op: core.newId(), fields, madeMs: 0, trusted: true, base: ackedFloor(state), fixed: true };
  return { draft: { from, state: { ...state, pending: [...state.pending, op] } }, losses };
}

const editedFields = ({ stamps, values }: OpenRecord) =>
  Object.entries(stamps)
    .filter(([, stamp]) => stamp.at !== ZERO_STAMP)
    .map(([name, stamp]) => ({ name, v: values[name] ?? null, stamp }));

const heldLoss = (core: StoreCore, v: OpenRecord['values'][string], stamp: FieldStamp) => ({
  v,
  at: stamp.at as Stamp,
  actor: core.self,
  origin: stamp.origin,
});

const lowestStamp = (core: StoreCore, floor: Stamp): Stamp => nextStamp(0, core.records.place().device, maxStamp(floor, ZERO_STAMP));
