import { allTableSchemas } from '@mana/shared/modules/all-modules';
import type { OpenRecord, Store } from '@mana/shared/store/store';
import { m } from '#messages';
import { modules, shownRecord } from '../modules.ts';

/** A record of any table, live or in the bin. */
function findRecord(store: Store, tableName: string, id: string): OpenRecord | undefined {
  const table = allTableSchemas.find(({ name }) => name === tableName);
  if (!table) return undefined;
  const view = store.table(table);
  return (view.get(id) ?? view.bin().find((record) => record.id === id)) as OpenRecord | undefined;
}

/** Title of a record for lists outside its module. */
export function titleOf(store: Store, tableName: string, id: string): string {
  const record = findRecord(store, tableName, id);
  return (record && shownRecord(record)?.title) || m.record_unknown();
}

/** Name of a field in the person's words. */
export function fieldName(tableName: string, field: string): string {
  for (const module of modules) {
    const name = module.fieldName?.(tableName, field);
    if (name) return name;
  }
  return field;
}
