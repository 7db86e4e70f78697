import { allTableSchemas } from '@mana/shared/modules/all-modules';
import type { OpenRecord, Store } from '@mana/shared/store/store';
import { m } from '#messages';
import { shownRecord } from '../module-words.ts';

interface NamedRecord {
  readonly space: string;
  readonly table: string;
  readonly recordId: string;
}

/** A record of any table, live or in the bin. */
function findRecord(store: Store, { table: tableName, recordId: id, space }: NamedRecord): OpenRecord | undefined {
  const table = allTableSchemas.find(({ name }) => name === tableName);
  if (!table) return undefined;
  const view = store.table(table, space);
  return (view.get(id) ?? view.bin().find((record) => record.id === id)) as OpenRecord | undefined;
}

/** Title of a record for lists outside its module. */
export function titleOf(store: Store, named: NamedRecord): string {
  const record = findRecord(store, named);
  return (record && shownRecord(record)?.title) || m.record_unknown();
}
