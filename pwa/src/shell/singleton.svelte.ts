import type { Table, ValuesOf } from '@mana/shared/modules/define-module';
import { singletonId } from '@mana/shared/modules/singleton-id';
import type { App } from './app.svelte.ts';
import { followTable } from './table-view.svelte.ts';

const actorPrefix = 'user:';

/**
 * The one record that a singleton table holds of the person, or of the open space. It is there before anything of it has arrived:
 * until then it says what the declaration says.
 */
export function followSingleton<T extends Table>(app: App, table: T) {
  const { store } = app;
  const isPersons = table.declaration.singleton === 'account';
  const space = isPersons ? store.homeSpace : store.space;
  const owner = isPersons ? store.self.slice(actorPrefix.length) : space;
  const id = singletonId(table.name, owner);
  const view = followTable(store.table(table, space));
  return {
    id,
    get values(): ValuesOf<T> {
      return view.get(id)?.values ?? (table.defaults as ValuesOf<T>);
    },
    whenComplete: (): Promise<void> => store.whenComplete(table, space),
    patch: (values: Partial<ValuesOf<T>>): Promise<boolean> =>
      app.change([{ kind: 'patch', table: table.name, id, values, ...(isPersons ? { space } : {}) }]),
  };
}
