import { seenStates } from '#modules/completeness/completeness.ts';
import { tasks } from '#modules/todo/todo.ts';
import { KEY_IS_UNKNOWN } from '#store/remote-merge.ts';
import { fakeFieldSealing } from './fake-sealing.ts';
import type { Tab } from './simulated-device.ts';
import { simulatedRecords, simulatedSpace, textFields, type Edit, type SimulationWorld } from './simulation-world.ts';

/** The texts that the server holds of each record; undefined where it is deleted. */
type ServerTexts = ReadonlyMap<string, { readonly deleted: boolean; readonly texts: readonly (string | undefined)[] }>;

/** What is wrong in a settled world: replicas that differ, edits that still wait, texts that are nowhere, edits that lost to what they were made on. */
export async function findFaults(world: SimulationWorld): Promise<string[]> {
  const server = await readServer(world);
  return [
    ...[...new Set(world.warnings)].filter((code) => code !== KEY_IS_UNKNOWN).map((code) => `a store warned of ${code}`),
    ...(await unequalTabs(world, server)),
    ...(await lostEdits(world, server)),
    ...wrongWinners(world, server),
  ];
}

const tabsOf = (world: SimulationWorld): Tab[] => world.devices.flatMap((device) => device.tabs);

async function readServer(world: SimulationWorld): Promise<ServerTexts> {
  const read = world.server.records().map(async ({ id, fields }) => {
    const texts = await Promise.all(
      textFields.map(async (field) => {
        const held = fields[field];
        if (!held) return undefined;
        const key = await world.keyring.tableKey(simulatedSpace, held.epoch, 'tasks');
        if (!key) throw new Error('The simulation has no key');
        const place = { ...held, space: simulatedSpace, table: 'tasks', id, field };
        const opened = await fakeFieldSealing.openField(key, place, String(held.v));
        return opened.ok ? String(opened.value) : 'does not open';
      }),
    );
    const deletion = fields['deletedAt'];
    return [id, { deleted: deletion !== undefined && deletion.v !== null, texts }] as const;
  });
  return new Map(await Promise.all(read));
}

async function unequalTabs(world: SimulationWorld, server: ServerTexts): Promise<string[]> {
  const faults: string[] = [];
  for (const [index, tab] of tabsOf(world).entries()) {
    const unsent = await unsentEdits(tab);
    if (unsent > 0) faults.push(`tab ${index} still holds ${unsent} edits`);
    if ((await tab.store.quarantined()).length > 0) faults.push(`tab ${index} has refused operations`);
    faults.push(...simulatedRecords.flatMap((id) => unequalRecord(tab, id, server)).map((fault) => `tab ${index} ${fault}`));
  }
  return faults;
}

/** Records with edits that wait. What a device has seen of the space does not count: it is hashed on another thread, and written at any moment. */
async function unsentEdits({ store }: Tab): Promise<number> {
  const waiting = await store.waiting(Infinity);
  return waiting.ok ? waiting.value.filter(({ state }) => state.table !== seenStates.name).length : 0;
}

function unequalRecord(tab: Tab, id: string, server: ServerTexts): string[] {
  const held = server.get(id);
  const here = shownOn(tab, id);
  if (!held) return here === 'nothing' || here.includes('sample') ? [] : [`shows ${here} for ${id}, the server has nothing`];
  // A tombstone alone, where nothing of the record ever came by, is nothing to show.
  if (held.deleted && here === 'nothing') return [];
  const there = held.deleted ? 'deleted' : JSON.stringify(held.texts);
  return here === there ? [] : [`shows ${here} for ${id}, the server has ${there}`];
}

function shownOn(tab: Tab, id: string): string {
  const view = tab.store.table(tasks);
  const shown = view.get(id);
  if (shown) return JSON.stringify(textFields.map((field) => shown.values[field]));
  return view.bin().some((record) => record.id === id) ? 'deleted' : 'nothing';
}

/** Every text of a person is on the server, in a history, in a bin, or was replaced knowingly. */
async function lostEdits(world: SimulationWorld, server: ServerTexts): Promise<string[]> {
  const held = new Set<unknown>([...server.values()].flatMap(({ texts }) => texts));
  for (const { store } of tabsOf(world)) {
    for (const loss of await store.history()) held.add(loss.value);
    for (const record of store.table(tasks).bin()) textFields.forEach((field) => held.add(record.values[field]));
  }
  // A tab may die after its edit was written and before it heard so: what somebody saw of it took effect too.
  const replaced = new Set<string>();
  for (const edit of world.edits.toReversed()) {
    if (!edit.durable && !held.has(edit.value) && !replaced.has(edit.value)) continue;
    for (const parent of edit.parents) replaced.add(parent);
  }
  return world.edits
    .filter((edit) => edit.durable && !edit.destroyed && !held.has(edit.value) && !replaced.has(edit.value))
    .map((edit) => `${edit.field} of ${edit.record}: ${edit.value} is lost and in no history`);
}

/** An edit never loses to what it was made on; restorations copy texts under new stamps and are left out. */
function wrongWinners(world: SimulationWorld, server: ServerTexts): string[] {
  const byValue = new Map(world.edits.map((edit) => [edit.value, edit]));
  const faults: string[] = [];
  for (const [id, { deleted, texts }] of server) {
    if (deleted || world.restored.has(id)) continue;
    for (const [index, winner] of texts.entries()) {
      if (winner !== undefined && byValue.get(winner)?.copied) continue;
      const rivals = world.edits.filter((edit) => isRival(edit) && edit.record === id && edit.field === textFields[index]);
      const beaten = rivals.find((edit) => winner !== undefined && descends(edit, winner, { byValue, seen: new Set() }));
      if (beaten) faults.push(`${beaten.field} of ${id}: ${beaten.value} lost to ${winner}, which it was made on`);
    }
  }
  return faults;
}

const isRival = ({ durable, destroyed, copied }: Edit): boolean => durable && !destroyed && !copied;

function descends(edit: Edit, ancestor: string, known: { byValue: ReadonlyMap<string, Edit>; seen: Set<string> }): boolean {
  return edit.parents.some((parent) => {
    if (parent === ancestor) return true;
    const next = byValueOnce(parent, known);
    return next !== undefined && descends(next, ancestor, known);
  });
}

function byValueOnce(value: string, { byValue, seen }: { byValue: ReadonlyMap<string, Edit>; seen: Set<string> }): Edit | undefined {
  if (seen.has(value)) return undefined;
  seen.add(value);
  return byValue.get(value);
}
