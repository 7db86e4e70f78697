import { allTableSchemas } from '#modules/all-modules.ts';
import { allTables } from '#modules/all-tables.ts';
import { tasks } from '#modules/todo/todo.ts';
import { BIN_KEPT_MS } from '#store/empty-bin.ts';
import type { Write } from '#store/store.ts';
import { createFakeTime } from './fake-clock.ts';
import { createFakeKeyring } from './fake-sealing.ts';
import { createHostileNetwork } from './hostile-network.ts';
import { createMemoryServer } from './memory-server.ts';
import { createSeededRandom } from './seeded-random.ts';
import { SetBacks } from './simulation-set-backs.ts';
import { createSimulatedDevice, type SimulatedDevice, type Tab } from './simulated-device.ts';

/** Space of the simulated person. */
export const simulatedSpace = '01890000-0000-7000-8000-0000000000aa';
/** The records that everybody works on: one that somebody makes, one that is a seed on every device. */
export const simulatedRecords = ['01890000-0000-7000-8000-000000000001', '01890000-0000-8000-8000-000000000002'] as const;
/** The fields that a person types into. */
export const textFields = ['title', 'notes'] as const;

const account = '01890000-0000-7000-8000-0000000000bb';
const skewsMs = [0, 400, -30_000, 45_000, 90_000, -3_600_000, 3_600_000, -315_360_000_000, 315_360_000_000];
const dayMs = 86_400_000;
/** A history is kept for three months: none may end within a run. */
const mostMonths = 2;
const ticksMs = [5, 60, 200, 1_500, 20_000, 61_000, 3_600_000];

/** One step of a schedule: an action and plain numbers, so that a failing schedule shrinks by dropping entries. */
export type Step = readonly [action: string, device: number, b: number, c: number];

/** A text that a person typed in the course of a run. */
export interface Edit {
  readonly value: string;
  readonly record: string;
  readonly field: string;
  /** Texts that it replaced knowingly: seen on the screen, or typed on the same device. */
  readonly parents: readonly string[];
  /** Whether the write said that it is durable. */
  durable: boolean;
  /** Device that it was typed on. */
  readonly device: SimulatedDevice;
  /** Its author's disk was set back behind it, or nothing that is left holds it, or it was dropped from a bin: nobody can be expected to know it. */
  destroyed: boolean;
  /** It waited on a disk that was copied: both copies send it, and each dates it by itself. */
  copied: boolean;
}

interface Target {
  readonly device: SimulatedDevice;
  readonly tab: Tab | undefined;
  readonly id: string;
  readonly b: number;
  readonly c: number;
}

const macrotask = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Devices, a server and a network between them, driven step by step. */
export class SimulationWorld {
  readonly time = createFakeTime();
  /** Knows every key; a device knows those that it was told of. */
  readonly keyring = createFakeKeyring({ [simulatedSpace]: 1_000 });
  readonly server = createMemoryServer({ space: simulatedSpace, nowMs: () => this.time.nowMs, tables: allTables, pageRecords: 1 });
  readonly network = createHostileNetwork(this.server);
  readonly devices: SimulatedDevice[] = [];
  readonly edits: Edit[] = [];
  /** Records that somebody restored: a restoration copies texts under new stamps. */
  readonly restored = new Set<string>();
  readonly warnings: string[] = [];
  readonly #seed: number;
  readonly #setBacks = new SetBacks(this);
  readonly #epochs = new Map<SimulatedDevice, Record<string, number>>();
  #months = 0;
  /** Whether a device that asks for newer keys gets them. */
  #keysFlow = true;
  /** What was typed last into each field of a device. */
  readonly lastTyped = new Map<SimulatedDevice, Map<string, string>>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  async start(): Promise<void> {
    const shared = {
      time: this.time,
      network: this.network,
      random: createSeededRandom(this.#seed ^ 0x5eed),
      self: `user:${account}`,
      space: simulatedSpace,
      tables: allTableSchemas,
      warn: (code: string) => void this.warnings.push(code),
      deskFromLeft: this.#seed % 2 === 0 ? 1 : Infinity,
    };
    for (let count = 0; count < 3 + (this.#seed % 3); count++) {
      const epochs = { [simulatedSpace]: 1 };
      const refreshKeys = async (): Promise<void> => void (this.#keysFlow && (epochs[simulatedSpace] = this.server.epoch));
      const device = createSimulatedDevice({ ...shared, keyring: createFakeKeyring(epochs), refreshKeys });
      this.devices.push(device);
      this.#epochs.set(device, epochs);
      await this.#open(device);
    }
  }

  async step([action, a, b, c]: Step): Promise<void> {
    this.time.advance(1);
    const device = this.devices[a % this.devices.length];
    const act = this.#actions[action];
    if (!device || !act) return;
    if (device.tabs.length === 0) await this.#open(device);
    await act({ device, tab: device.tabs[c % Math.max(1, device.tabs.length)], id: simulatedRecords[b % 2] ?? '', b, c });
    await macrotask();
  }

  /** Everybody comes back, everything arrives, clocks are measured, until nothing moves any more. */
  async settle(): Promise<void> {
    this.#keysFlow = true;
    for (const device of this.devices) {
      device.doom = undefined;
      device.online = true;
      this.#learn(device);
      if (device.tabs.length === 0) await this.#open(device);
      device.wake();
    }
    let before = '';
    for (let round = 0, quiet = 0; round < 80 && (quiet < 3 || this.#isWaiting()); round++) {
      await macrotask();
      for (let turn = 0; turn < 500 && this.network.count() > 0; turn++) {
        this.network.deliver(0);
        await macrotask();
      }
      this.time.advance(61_000);
      await macrotask();
      const now = this.#fingerprint();
      quiet = now === before ? quiet + 1 : 0;
      before = now;
    }
  }

  /** Whether something is left to send: what a device has seen of a space is written now and then, at any moment. */
  #isWaiting(): boolean {
    return this.devices.some((device) => device.tabs.some(({ store }) => store.pendingCount() > 0));
  }

  #fingerprint(): string {
    const tabs = this.devices.flatMap((device) => device.tabs.map(({ store }) => [store.pendingCount(), store.place()]));
    return JSON.stringify([this.server.records(), tabs]);
  }

  readonly #actions: Readonly<Record<string, (target: Target) => void | Promise<void>>> = {
    edit: (target) => this.#edit(target),
    race: (target) => {
      for (const tab of [...target.device.tabs]) this.#edit({ ...target, tab });
    },
    raceArrival: (target) => {
      this.#edit(target);
      this.#message(target.c, (index) => this.network.deliver(index));
    },
    delete: ({ tab, id }) => this.#write(tab, { kind: 'remove', table: 'tasks', id }),
    restore: ({ tab, id }) => {
      this.restored.add(id);
      this.#write(tab, { kind: 'restore', table: 'tasks', id });
    },
    purge: ({ tab, id }) => {
      this.#dropKnowingly(tab ? [tab] : [], id);
      this.#write(tab, { kind: 'purge', table: 'tasks', id });
    },
    age: () => this.#age(),
    emptyBin: ({ tab }) => void (tab?.isAlive() && tab.store.emptyBin(simulatedSpace)),
    reorder: ({ tab, id, b }) => this.#write(tab, { kind: 'patch', table: 'tasks', id, values: { order: `a${b}` } }, 'system'),
    deliver: ({ b }) => this.#message(b, (index) => this.network.deliver(index)),
    duplicate: ({ b }) => this.#message(b, (index) => this.network.duplicate(index)),
    drop: ({ b }) => this.#message(b, (index) => this.network.drop(index)),
    tick: ({ b }) => this.time.advance(ticksMs[b % ticksMs.length] ?? 0),
    clock: ({ device, b }) => {
      device.clock.skewMs = skewsMs[b % skewsMs.length] ?? 0;
    },
    network: ({ device }) => {
      device.online = !device.online;
      device.wake();
    },
    crash: ({ device, c }) => device.killTab(c % Math.max(1, device.tabs.length)),
    doom: ({ device, b, c }) => {
      device.doom = { transactions: b % 6, afterWrite: c % 2 === 0 };
    },
    tab: async ({ device }) => {
      if (device.tabs.length < 2) await this.#open(device);
    },
    saveDevice: ({ device }) => this.#setBacks.saveDevice(device),
    restoreDevice: ({ device }) => this.#setBacks.restoreDevice(device),
    copyDevice: ({ device, b }) => this.#setBacks.copyDevice(device, this.devices[b % this.devices.length]),
    saveServer: () => this.#setBacks.saveServer(),
    restoreServer: () => this.#setBacks.restoreServer(),
    rotate: () => this.server.rotate(),
    learn: ({ device }) => this.#learn(device),
    keys: () => {
      this.#keysFlow = !this.#keysFlow;
    },
  };

  /** A month goes by: what lies in a bin now is gone at its end. */
  #age(): void {
    if (this.#months++ >= mostMonths) return;
    const tabs = this.devices.flatMap((device) => device.tabs);
    for (const id of simulatedRecords) this.#dropKnowingly(tabs, id);
    this.time.advance(BIN_KEPT_MS + dayMs);
  }

  /** What these tabs show of a deleted record need be nowhere from now on. */
  #dropKnowingly(tabs: readonly Tab[], id: string): void {
    const binned = tabs.flatMap(({ store }) =>
      store
        .table(tasks)
        .bin()
        .filter((record) => record.id === id),
    );
    const texts = new Set(binned.flatMap(({ values }) => textFields.map((field) => values[field])));
    for (const edit of this.edits) edit.destroyed ||= texts.has(edit.value);
  }

  #learn(device: SimulatedDevice): void {
    const epochs = this.#epochs.get(device);
    if (epochs) epochs[simulatedSpace] = this.server.epoch;
  }

  #message(number: number, act: (index: number) => void): void {
    if (this.network.count() > 0) act(number % this.network.count());
  }

  async #open(device: SimulatedDevice): Promise<void> {
    // A tab that dies while it opens never answers.
    const tab = await Promise.race([device.openTab().catch(() => undefined), macrotask()]);
    if (!tab?.isAlive()) return;
    tab.store.table(tasks);
    const seed = { id: simulatedRecords[1], table: 'tasks', values: { title: 'sample', notes: 'sample' } };
    await Promise.race([tab.store.seed([seed]), macrotask()]);
    await macrotask();
  }

  #edit({ device, tab, id, c }: Target): void {
    if (!tab?.isAlive()) return;
    const view = tab.store.table(tasks);
    const shown = view.get(id);
    if (!shown && view.bin().some((record) => record.id === id)) return;
    const field = textFields[c % 2] ?? 'title';
    const made = (shown ? [field] : textFields).map((name) => this.#newEdit(device, { id, name, shown: shown?.values[name] }));
    const values = Object.fromEntries(made.map((edit) => [edit.field, edit.value]));
    const write: Write = { kind: shown ? 'patch' : 'put', table: 'tasks', id, values };
    void tab.store.write([write]).then((result) => {
      if (!result.ok || !tab.isAlive()) return;
      for (const edit of made) {
        edit.durable = true;
        this.#typedOn(device).set(`${id}/${edit.field}`, edit.value);
      }
    });
  }

  #newEdit(device: SimulatedDevice, { id, name, shown }: { id: string; name: string; shown: string | undefined }): Edit {
    const parents = [shown, this.#typedOn(device).get(`${id}/${name}`)].filter((parent) => parent !== undefined);
    const value = `e${this.edits.length}`;
    const edit = { value, record: id, field: name, parents, durable: false, device, destroyed: false, copied: false };
    this.edits.push(edit);
    return edit;
  }

  #typedOn(device: SimulatedDevice): Map<string, string> {
    const typed = this.lastTyped.get(device) ?? new Map<string, string>();
    this.lastTyped.set(device, typed);
    return typed;
  }

  #write(tab: Tab | undefined, write: Write, origin: 'user' | 'system' = 'user'): void {
    if (tab?.isAlive()) void tab.store.write([write], { origin });
  }
}
