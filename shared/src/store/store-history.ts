import { nextStamp } from '#base/hybrid-clock.ts';
import { err, ok } from '#base/result.ts';
import type { Loss } from './losses.ts';
import { ackedFloor, isDeleted, recordFloor, recordKey, type PendingField, type PendingOp } from './record-state.ts';
import { toStoreFailure, type StoreCore } from './store-core.ts';
import type { Refused } from './push-answer.ts';
import type { LogRow } from './storage.ts';
import type { LogWrite } from './record-commit.ts';
import type { LostValue, Store, Write } from './store.ts';

/** What is kept of a refused operation. */
export interface RefusedEntry {
  readonly space: string;
  readonly table: string;
  readonly recordId: string;
  readonly code: string;
  readonly fields: Readonly<Record<string, PendingField>>;
}

/** The part of a store that keeps what lost, what was refused, and what is being typed. */
export type StoreHistory = Pick<
  Store,
  'history' | 'restoreLost' | 'dismissNotice' | 'quarantined' | 'resolveQuarantined' | 'draft' | 'keepDraft' | 'privateId'
>;

/** The quarantine entries of refused operations. */
export async function refusedLog(
  core: StoreCore,
  record: { space: string; table: string; id: string },
  refused: readonly Refused[],
): Promise<LogWrite[]> {
  if (refused.length === 0) return [];
  const { space, table, id } = record;
  const rows = refused.map(({ op, code }): Promise<LogRow> => {
    const entry: RefusedEntry = { space, table, recordId: id, code, fields: op.fields };
    return core.logs.row('quarantine', { key: op.op, ...core.date() }, entry);
  });
  return [{ table: 'quarantine', put: await Promise.all(rows) }];
}

/** A refused operation as a new one, above everything known of the record. */
function queuedAgain(core: StoreCore, state: Parameters<typeof recordFloor>[0], entry: RefusedEntry): PendingOp {
  const reading = core.deviceClock.read();
  const at = nextStamp(reading.ms, core.records.place().device, recordFloor(state));
  const fields = Object.fromEntries(Object.entries(entry.fields).map(([name, { sealed: _, ...field }]) => [name, { ...field, at }]));
  return { op: core.newId(), fields, madeMs: reading.madeMs, trusted: reading.trusted, base: ackedFloor(state) };
}

/** A loss as it was kept: those of the first release do not say whether they went unseen, and are shown. */
type KeptLoss = Omit<Loss, 'conflict'> & Partial<Pick<Loss, 'conflict'>>;

const lostValueOf = ({ key, at }: LogRow, { conflict = true, ...loss }: KeptLoss): LostValue => ({
  ...loss,
  conflict,
  id: key,
  lostAt: at,
});

/** The history, quarantine and drafts of a store; `write` is the store's own. */
export function createStoreHistory(core: StoreCore, write: Store['write']): StoreHistory {
  const { logs } = core;
  return {
    async history() {
      const read = await logs.read<KeptLoss>('history');
      if (!read.ok) return [];
      return read.value.map(({ row, content }) => lostValueOf(row, content));
    },
    async restoreLost(id) {
      const found = await logs.find<Loss>('history', id);
      if (!found.ok) return err(toStoreFailure(found.error));
      if (!found.value) return err({ code: 'NO_SUCH_RECORD' });
      const { space, table, recordId, field, value } = found.value;
      const loaded = await core.records.load([recordKey(space, table, recordId)]);
      if (!loaded.ok) return err(toStoreFailure(loaded.error));
      const [record] = loaded.value;
      const patch: Write = { kind: 'patch', table, id: recordId, values: { [field]: value } };
      const deleted = record !== undefined && isDeleted(record.state);
      return write(deleted ? [{ kind: 'restore', table, id: recordId }, patch] : [patch], { space });
    },
    async dismissNotice(id) {
      const read = await logs.read<Loss>('history');
      const found = read.ok ? read.value.find(({ row }) => row.key === id) : undefined;
      if (!found) return;
      await logs.put('history', [await logs.row('history', found.row, { ...found.content, notice: false })]);
      core.notify();
    },
    async quarantined() {
      const read = await logs.read<RefusedEntry>('quarantine');
      if (!read.ok) return [];
      return read.value.map(({ row, content: { fields: _, ...entry } }) => ({ ...entry, id: row.key, refusedAt: row.at }));
    },
    async resolveQuarantined(id, how) {
      const found = await logs.find<RefusedEntry>('quarantine', id);
      if (!found.ok || !found.value) return;
      const entry = found.value;
      const drop: LogWrite = { table: 'quarantine', drop: [id] };
      await core.records.update([recordKey(entry.space, entry.table, entry.recordId)], async ([from]) => {
        if (!from || how === 'drop') return ok({ commit: { drafts: [], logs: [drop] }, value: undefined });
        const state = { ...from.state, pending: [...from.state.pending, queuedAgain(core, from.state, entry)] };
        return ok({ commit: { drafts: [{ from, state }], logs: [drop] }, value: undefined });
      });
    },
    async draft(name) {
      const found = await logs.find<string>('drafts', name);
      return found.ok ? (found.value ?? '') : '';
    },
    async keepDraft(name, text) {
      const kept =
        text === ''
          ? await logs.drop('drafts', [name])
          : await logs.put('drafts', [await logs.row('drafts', { key: name, ...core.date() }, text)]);
      return kept.ok ? kept : err(toStoreFailure(kept.error));
    },
    async privateId(...parts) {
      const { privateId } = await import('./private-id.ts'); // with SHA-256: only an import asks for it
      return privateId(await core.sealer.key('record-ids'), parts);
    },
  };
}
