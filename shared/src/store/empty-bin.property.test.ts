import { expect, test } from 'bun:test';
import { notes } from '#modules/notes/notes.ts';
import { createSeededRandom } from '#testing/seeded-random.ts';
import { createTwoDevices } from '#testing/two-devices.ts';

const dayMs = 86_400_000;
const runs = 12;
const days = 75;
const records = 4;
/** A bin is noted once a day, and looked into now and then. */
const slackDays = 2;
const idOf = (index: number): string => `01890000-0000-7000-8000-00000000000${index}`;

type Store = Awaited<ReturnType<typeof createTwoDevices>>['a']['tabs'][number]['store'];

/** What is wrong with a record: `age` is the number of days since it was deleted, if it is. */
function faultOf(store: Store, index: number, age: number | undefined): string[] {
  const view = store.table(notes);
  const isBinned = view.bin().some(({ id }) => id === idOf(index));
  if (age === undefined) return view.get(idOf(index))?.values.title === `kept ${index}` ? [] : [`${index} is lost, it was not deleted`];
  if (age < 30) return isBinned ? [] : [`${index} is gone after ${age} days`];
  return age > 30 + slackDays && isBinned ? [`${index} is there after ${age} days`] : [];
}

/** Lets a month and more pass in which records are deleted, restored and edited; tells what was in the bin too short or too long. */
async function faultsOf(seed: number): Promise<string[]> {
  const random = createSeededRandom(seed);
  const devices = await createTwoDevices({ seed });
  const tabs = [devices.tab(devices.a), devices.tab(devices.b)];
  for (const { store } of tabs) await store.whenComplete(notes);
  const [first = tabs[0]] = tabs;
  const deletedOn = new Map<string, number>();
  const faults: string[] = [];
  for (let index = 0; index < records; index++)
    await first?.store.write([{ kind: 'put', table: 'notes', id: idOf(index), values: { title: `kept ${index}` } }]);
  await devices.settle();
  for (let day = 0; day < days; day++) {
    const id = idOf(random.int(records));
    const { store } = random.pick(tabs);
    const kind = random.pick(['remove', 'restore', 'none', 'none', 'none'] as const);
    if (kind !== 'none' && (await store.write([{ kind, table: 'notes', id }])).ok) {
      if (kind === 'remove') deletedOn.set(id, day);
      else deletedOn.delete(id);
    }
    for (const step of [1_000, 60_000, dayMs - 61_000]) {
      devices.time.advance(step);
      await devices.settle();
    }
    for (let index = 0; index < records; index++) {
      const since = deletedOn.get(idOf(index));
      const age = since === undefined ? undefined : day + 1 - since;
      faults.push(...faultOf(store, index, age).map((fault) => `day ${day}: ${fault}`));
    }
  }
  return faults;
}

test('for any course of deletions and restorations the bin holds each for its time, and no longer', async () => {
  for (let seed = 1; seed <= runs; seed++) {
    const faults = await faultsOf(seed);
    expect(`seed ${seed}: ${faults.slice(0, 3).join('; ')}`).toBe(`seed ${seed}: `);
  }
}, 60_000);
