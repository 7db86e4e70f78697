import { b64ToBytes, bytesToText } from '#base/bytes.ts';
import { createMemoryDisk, type MemoryDisk } from '#store/memory-storage.ts';
import { isEnvelope } from '#wire/envelope-form.ts';
import type { HostileNetwork } from './hostile-network.ts';
import type { MemoryBackup, MemoryServer } from './memory-server.ts';
import type { SimulatedDevice } from './simulated-device.ts';

/** What set-backs look at and change. */
export interface SetBackWorld {
  readonly server: MemoryServer;
  readonly network: HostileNetwork;
  readonly devices: readonly SimulatedDevice[];
  readonly edits: readonly { readonly value: string; readonly device: SimulatedDevice; destroyed: boolean; copied: boolean }[];
  readonly lastTyped: Map<SimulatedDevice, Map<string, string>>;
}

/** A disk as it was, with what its person had typed by then. */
interface SavedDisk {
  readonly disk: MemoryDisk;
  readonly typed: ReadonlyMap<string, string>;
}

/** Devices and the server that go on from an earlier point, and the account of what nobody can know afterwards. */
export class SetBacks {
  readonly #world: SetBackWorld;
  readonly #disks = new Map<SimulatedDevice, SavedDisk>();
  #backup: MemoryBackup | undefined;

  constructor(world: SetBackWorld) {
    this.#world = world;
  }

  saveDevice(device: SimulatedDevice): void {
    this.#disks.set(device, this.#copyOf(device));
  }

  restoreDevice(device: SimulatedDevice): void {
    const saved = this.#disks.get(device);
    if (saved) this.#replace(device, saved);
  }

  /** The device goes on as a copy of another one; of itself, it begins afresh and takes the space over as a new one does. */
  copyDevice(device: SimulatedDevice, other: SimulatedDevice | undefined): void {
    if (!other) return;
    if (other === device) return this.#replace(device, { disk: createMemoryDisk(), typed: new Map() });
    device.clock.skewMs = other.clock.skewMs;
    this.#replace(device, this.#copyOf(other));
  }

  saveServer(): void {
    this.#backup = this.#world.server.backup();
  }

  restoreServer(): void {
    if (!this.#backup) return;
    this.#world.server.restore(this.#backup);
    this.#world.network.breakLines();
    this.#markUnheld();
  }

  #copyOf(device: SimulatedDevice): SavedDisk {
    return { disk: device.copyDisk(), typed: new Map(this.#world.lastTyped.get(device)) };
  }

  #replace(device: SimulatedDevice, { disk, typed }: SavedDisk): void {
    const kept = textsOf(disk, ['records', 'history', 'quarantine']);
    for (const edit of this.#world.edits) {
      edit.destroyed ||= edit.device === device && !kept.has(edit.value);
      edit.copied ||= kept.has(edit.value);
    }
    device.replaceDisk(disk);
    this.#world.lastTyped.set(device, new Map(typed));
    this.#markUnheld();
  }

  /** Texts that no disk and not the server holds any more. */
  #markUnheld(): void {
    const held = this.#serverTexts();
    for (const device of this.#world.devices) {
      for (const text of textsOf(device.copyDisk(), ['records', 'history', 'quarantine'])) held.add(text);
    }
    for (const edit of this.#world.edits) edit.destroyed ||= !held.has(edit.value);
  }

  #serverTexts(): Set<string> {
    const envelopes = this.#world.server.records().flatMap(({ fields }) => Object.values(fields).map(({ v }) => v));
    return textsIn(envelopes.map((v) => (isEnvelope(v) ? bytesToText(b64ToBytes(v.split('.')[1] ?? '')) : '')));
  }
}

/** What a person typed in a run is `e` and a number; the fake sealing leaves it readable. */
const textsIn = (texts: readonly string[]): Set<string> =>
  new Set(texts.flatMap((text) => [...text.matchAll(/"(e\d+)"/g)].map(([, value = '']) => value)));

function textsOf({ tables }: MemoryDisk, names: readonly ('records' | 'history' | 'quarantine')[]): Set<string> {
  const rows = names.flatMap((name) => [...tables[name].values()]);
  return textsIn(rows.map((row) => ('blob' in row ? bytesToText(row.blob) : '')));
}
