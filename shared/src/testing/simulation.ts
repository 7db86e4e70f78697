import { allTableSchemas } from '#modules/all-modules.ts';
import { allTables } from '#modules/all-tables.ts';
import { tasks } from '#modules/todo/todo.ts';
import type { LostValue, Write } from '#store/store.ts';
import { createFakeKeyring, fakeFieldSealing } from './fake-sealing.ts';
import { createFakeTime } from './fake-clock.ts';
import { createHostileNetwork } from './hostile-network.ts';
import { createMemoryServer } from './memory-server.ts';
import { createSeededRandom } from './seeded-random.ts';
import { createSimulatedDevice, type SimulatedDevice, type Tab } from './simulated-device.ts';

/** One step of a schedule: an action and plain numbers, so that a failing schedule shrinks by dropping entries. */
export type Step = readonly [action: string, device: number, b: number, c: number];

const space = '01890000-0000-7000-8000-0000000000aa';
const account = '01890000-0000-7000-8000-0000000000bb';
const recordIds = ['01890000-0000-7000-8000-000000000001', '01890000-0000-8000-8000-000000000002'];
const textFields = ['title', 'notes'] as const;
const skewsMs = [0, 400, -30_000, 45_000, 90_000, -3_600_000, 3_600_000, -315_360_000_000, 315_360_000_000];
const ticksMs = [5, 60, 200, 1_500, 20_000, 61_000, 3_600_000];

const weights: readonly (readonly [string, number])[] = [
  ['edit', 26],
  ['race', 5],
  ['raceArrival', 5],
  ['delete', 4],
  ['restore', 5],
  ['reorder', 3],
  ['deliver', 40],
  ['duplicate', 4],
  ['drop', 6],
  ['tick', 14],
  ['clock', 4],
  ['network', 7],
  ['crash', 4],
  ['doom', 4],
  ['tab', 4],
];
const actions = weights.flatMap(([name, weight]) => Array.from({ length: weight }, () => name));

/** A schedule drawn from a seed. */
export function drawSchedule(seed: number, length: number): Step[] {
  const random = createSeededRandom(seed);
  return Array.from({ length }, () => [random.pick(actions), random.int(5), random.int(64), random.int(64)] as const);
}

/** A text that a person typed in the course of a run. */
interface Edit {
  readonly value: string;
  readonly record: string;
  readonly field: string;
  /** Texts that it replaced knowingly: seen on the screen, or typed on the same device. */
  readonly parents: readonly string[];
  /** Whether the write said that it is durable. */
  durable: boolean;
}

/** Runs a schedule to its end, lets everything settle, and resolves with what is wrong then: an empty list is right. */
export async function runSimulation(seed: number, schedule: readonly Step[]): Promise<string[]> {
  const run = new Run(seed);
  await run.start();
  for (const step of schedule) await run.step(step);
  await run.settle();
  return run.faults();
}

const macrotask = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

class Run {
  readonly #random;
  readonly #time = createFakeTime();
  readonly #server;
  readonly #network;
  readonly #devices: SimulatedDevice[] = [];
  readonly #edits: Edit[] = [];
  readonly #knows = new Map<string, string>();
  readonly #restored = new Set<string>();
  readonly #warnings: string[] = [];
  readonly #keyring = createFakeKeyring({ [space]: 1 });
  #count = 0;

  constructor(seed: number) {
    this.#random = createSeededRandom(seed ^ 0x5eed);
    this.#server = createMemoryServer({ space, nowMs: () => this.#time.nowMs, tables: allTables, pageRecords: 1 });
    this.#network = createHostileNetwork(this.#server);
    this.#count = 3 + (seed % 3);
  }

  async start(): Promise<void> {
    const world = {
      time: this.#time,
      network: this.#network,
      random: this.#random,
      keyring: this.#keyring,
      self: `user:${account}`,
      space,
      tables: allTableSchemas,
      warn: (code: string) => void this.#warnings.push(code),
    };
    for (let index = 0; index < this.#count; index++) {
      const device = createSimulatedDevice(world);
      this.#devices.push(device);
      await this.#open(device);
    }
  }

  async #open(device: SimulatedDevice): Promise<void> {
    // A tab that dies while it opens never answers.
    const tab = await Promise.race([device.openTab().catch(() => undefined), macrotask()]);
    if (!tab?.isAlive()) return;
    tab.store.table(tasks);
    await Promise.race([
      tab.store.seed([{ id: recordIds[1] ?? '', table: 'tasks', values: { title: 'sample', notes: 'sample' } }]),
      macrotask(),
    ]);
    await macrotask();
  }

  async step([action, a, b, c]: Step): Promise<void> {
    this.#time.advance(1);
    const device = this.#devices[a % this.#devices.length];
    if (!device) return;
    if (device.tabs.length === 0) await this.#open(device);
    await this.#act(action, device, { b, c });
    await macrotask();
  }

  async #act(action: string, device: SimulatedDevice, { b, c }: { b: number; c: number }): Promise<void> {
    const tab = device.tabs[c % Math.max(1, device.tabs.length)];
    const at = (count: number): number => b % Math.max(1, count);
    switch (action) {
      case 'edit':
        return this.#edit(device, tab, { b, c });
      case 'race':
        for (const each of [...device.tabs]) this.#edit(device, each, { b, c });
        return;
      case 'raceArrival':
        this.#edit(device, tab, { b, c });
        if (this.#network.count() > 0) this.#network.deliver(c % this.#network.count());
        return;
      case 'delete':
        return this.#write(tab, { kind: 'remove', table: 'tasks', id: recordIds[b % 2] ?? '' });
      case 'restore':
        return this.#restore(tab, recordIds[b % 2] ?? '');
      case 'reorder':
        return this.#write(tab, { kind: 'patch', table: 'tasks', id: recordIds[b % 2] ?? '', values: { order: `a${b}` } }, 'system');
      case 'deliver':
        return this.#network.count() > 0 ? this.#network.deliver(at(this.#network.count())) : undefined;
      case 'duplicate':
        return this.#network.count() > 0 ? this.#network.duplicate(at(this.#network.count())) : undefined;
      case 'drop':
        return this.#network.count() > 0 ? this.#network.drop(at(this.#network.count())) : undefined;
      case 'tick':
        return this.#time.advance(ticksMs[b % ticksMs.length] ?? 5);
      case 'clock':
        device.clock.skewMs = skewsMs[b % skewsMs.length] ?? 0;
        return;
      case 'network':
        device.online = !device.online;
        return device.wake();
      case 'crash':
        return device.killTab(c % Math.max(1, device.tabs.length));
      case 'doom':
        device.doom = { transactions: b % 6, afterWrite: c % 2 === 0 };
        return;
      case 'tab':
        if (device.tabs.length < 2) await this.#open(device);
    }
  }

  #edit(device: SimulatedDevice, tab: Tab | undefined, { b, c }: { b: number; c: number }): void {
    if (!tab?.isAlive()) return;
    const id = recordIds[b % 2] ?? '';
    const field = textFields[c % 2] ?? 'title';
    const shown = tab.store.table(tasks).get(id);
    if (
      !shown &&
      tab.store
        .table(tasks)
        .bin()
        .some((record) => record.id === id)
    )
      return;
    const fields = shown ? [field] : [...textFields];
    const values: Record<string, string> = {};
    const made: Edit[] = [];
    for (const name of fields) {
      const value = `e${this.#edits.length}`;
      values[name] = value;
      const place = `${this.#devices.indexOf(device)}/${id}/${name}`;
      const parents = [shown?.values[name as 'title'], this.#knows.get(place)].filter((parent) => parent !== undefined);
      const edit = { value, record: id, field: name, parents, durable: false };
      this.#edits.push(edit);
      made.push(edit);
    }
    const kind = shown ? ('patch' as const) : ('put' as const);
    void tab.store.write([{ kind, table: 'tasks', id, values }]).then((result) => {
      if (!result.ok || !tab.isAlive()) return;
      for (const edit of made) {
        edit.durable = true;
        this.#knows.set(`${this.#devices.indexOf(device)}/${id}/${edit.field}`, edit.value);
      }
    });
  }

  #restore(tab: Tab | undefined, id: string): void {
    this.#restored.add(id);
    this.#write(tab, { kind: 'restore', table: 'tasks', id });
  }

  #write(tab: Tab | undefined, write: Write, origin: 'user' | 'system' = 'user'): void {
    if (tab?.isAlive()) void tab.store.write([write], { origin });
  }

  async settle(): Promise<void> {
    for (const device of this.#devices) {
      device.doom = undefined;
      device.online = true;
      if (device.tabs.length === 0) await this.#open(device);
      device.wake();
    }
    let quiet = 0;
    let before = '';
    for (let round = 0; round < 80 && quiet < 3; round++) {
      await macrotask();
      for (let turn = 0; turn < 500 && this.#network.count() > 0; turn++) {
        this.#network.deliver(0);
        await macrotask();
      }
      this.#time.advance(61_000);
      await macrotask();
      const now = JSON.stringify([
        this.#server.records(),
        this.#devices.map((device) => device.tabs.map((tab) => [tab.store.pendingCount(), tab.store.place()])),
      ]);
      quiet = now === before ? quiet + 1 : 0;
      before = now;
    }
  }

  async faults(): Promise<string[]> {
    const faults: string[] = [...new Set(this.#warnings)].map((code) => `the store warned of ${code}`);
    const server = await this.#serverView();
    for (const [index, device] of this.#devices.entries()) {
      for (const tab of device.tabs) {
        if (tab.store.pendingCount() > 0) faults.push(`device ${index} still holds ${tab.store.pendingCount()} edits`);
        if ((await tab.store.quarantined()).length > 0) faults.push(`device ${index} has refused operations`);
        for (const id of recordIds) {
          const [here, there] = [shownOn(tab, id), server.get(id) ?? 'nothing'];
          if (here !== there && !(there === 'nothing' && here.includes('sample')))
            faults.push(`device ${index} shows ${here} for ${id}, the server has ${there}`);
        }
      }
    }
    return [...faults, ...(await this.#lostEdits())];
  }

  /** What the server holds, opened, in the form of `shownOn`. */
  async #serverView(): Promise<Map<string, string>> {
    const view = new Map<string, string>();
    for (const record of this.#server.records()) {
      const deletion = record.fields['deletedAt'];
      view.set(record.id, deletion && deletion.v !== null ? 'deleted' : JSON.stringify(await this.#serverTexts(record.id)));
    }
    return view;
  }

  async #serverTexts(id: string): Promise<(string | undefined)[]> {
    const record = this.#server.records().find((other) => other.id === id);
    const key = await this.#keyring.tableKey(space, 1, 'tasks');
    return Promise.all(
      textFields.map(async (field) => {
        const held = record?.fields[field];
        if (!held || !key) return undefined;
        const { at, actor, origin, epoch, v } = held;
        const opened = await fakeFieldSealing.openField(key, { space, epoch, table: 'tasks', id, field, at, actor, origin }, String(v));
        return opened.ok ? String(opened.value) : 'does not open';
      }),
    );
  }

  async #lostEdits(): Promise<string[]> {
    const faults: string[] = [];
    const histories: LostValue[] = [];
    for (const device of this.#devices) for (const tab of device.tabs) histories.push(...(await tab.store.history()));
    const held = new Set<unknown>(histories.map((loss) => loss.value));
    for (const id of recordIds) {
      for (const text of await this.#serverTexts(id)) held.add(text);
      // What a deletion buries counts as kept while a bin shows it.
      for (const device of this.#devices)
        for (const tab of device.tabs)
          for (const record of tab.store.table(tasks).bin()) textFields.forEach((field) => held.add(record.values[field]));
    }
    // A tab may die after its edit was written and before it heard so: what somebody saw of it took effect too.
    const replaced = new Set<string>();
    for (const edit of this.#edits.toReversed()) {
      if (!edit.durable && !held.has(edit.value) && !replaced.has(edit.value)) continue;
      for (const parent of edit.parents) replaced.add(parent);
    }
    for (const edit of this.#edits) {
      if (edit.durable && !held.has(edit.value) && !replaced.has(edit.value))
        faults.push(`${edit.field} of ${edit.record}: ${edit.value} is lost and in no history`);
    }
    return [...faults, ...(await this.#wrongWinners())];
  }

  /** An edit never loses to what it was made on. */
  async #wrongWinners(): Promise<string[]> {
    const byValue = new Map(this.#edits.map((edit) => [edit.value, edit]));
    const descends = (edit: Edit, ancestor: string, seen = new Set<string>()): boolean =>
      edit.parents.some((parent) => {
        if (parent === ancestor) return true;
        const next = byValue.get(parent);
        if (!next || seen.has(parent)) return false;
        seen.add(parent);
        return descends(next, ancestor, seen);
      });
    const faults: string[] = [];
    const server = await this.#serverView();
    for (const id of recordIds.filter((each) => !this.#restored.has(each) && server.get(each) !== 'deleted')) {
      const texts = await this.#serverTexts(id);
      for (const [index, winner] of texts.entries()) {
        const field = textFields[index];
        const beaten = this.#edits.find(
          (edit) => edit.durable && edit.record === id && edit.field === field && winner !== undefined && descends(edit, winner),
        );
        if (beaten) faults.push(`${field} of ${id}: ${beaten.value} lost to ${winner}, which it was made on`);
      }
    }
    return faults;
  }
}

function shownOn(tab: Tab, id: string): string {
  const view = tab.store.table(tasks);
  const shown = view.get(id);
  if (shown) return JSON.stringify(textFields.map((field) => shown.values[field]));
  return view.bin().some((record) => record.id === id) ? 'deleted' : 'nothing';
}

/** Drops entries of a failing schedule as long as it still fails; resolves with the shortest found. */
export async function shrinkSchedule(seed: number, schedule: readonly Step[]): Promise<readonly Step[]> {
  let shortest = schedule;
  for (let size = Math.ceil(schedule.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < shortest.length;) {
      const candidate = [...shortest.slice(0, start), ...shortest.slice(start + size)];
      if ((await runSimulation(seed, candidate)).length > 0) shortest = candidate;
      else start += size;
    }
  }
  return shortest;
}
