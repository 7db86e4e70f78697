import type { Clock } from '#base/clock.ts';
import type { Stamp } from '#base/hybrid-clock.ts';
import { stampDevice } from '#base/hybrid-clock.ts';
import { newId } from '#base/ids.ts';
import type { Random } from '#base/random.ts';
import type { Keyring } from '#crypto/keyring.ts';
import type { OpenBytes, SealBytes } from '#crypto/local-sealing.ts';
import type { Table } from '#modules/define-module.ts';
import type { JsonValue } from '#modules/field-kinds.ts';
import { isStructural } from '#modules/define-tables.ts';
import type { DeviceClock } from './device-clock.ts';
import type { StoreFailure } from './failures.ts';
import type { Loss } from './losses.ts';
import { lossKey, type SealedLogs } from './sealed-logs.ts';
import type { LocalSealer } from './sealed-bytes.ts';
import type { LogWrite } from './record-commit.ts';
import type { Records } from './records.ts';
import type { OwnEdits } from './remote-merge.ts';
import type { Pause, SliceDeps } from './slices.ts';
import type { LogRow, Storage, StorageFailure } from './storage.ts';
import type { TabChannel } from './tab-channel.ts';

/** What a store is made of. */
export interface StoreDeps {
  readonly storage: Storage;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly random: Random;
  /** Actor of the person: `user:<id>`. */
  readonly self: string;
  /** Space that a write belongs to unless it says otherwise. */
  readonly homeSpace: string;
  readonly tables: readonly Table[];
  readonly tabs?: TabChannel | undefined;
  /** Hears of what was refused or did not open: a code, never a value. */
  readonly warn?: ((code: string) => void) | undefined;
  /** By default AES-GCM. */
  readonly sealing?: { readonly sealBytes: SealBytes; readonly openBytes: OpenBytes } | undefined;
  readonly pause?: Pause | undefined;
}

/** What the parts of a store share. */
export interface StoreCore {
  readonly self: string;
  readonly homeSpace: string;
  readonly storage: Storage;
  readonly records: Records;
  readonly logs: SealedLogs;
  readonly sealer: LocalSealer;
  readonly deviceClock: DeviceClock;
  readonly tables: ReadonlyMap<string, Table>;
  readonly own: OwnEdits;
  readonly warn: (code: string) => void;
  /** What long work needs to give way to events. */
  readonly slices: SliceDeps;
  readonly newId: () => string;
  /** Remembers that these stamps were drawn in this session. */
  readonly remember: (stamps: readonly Stamp[]) => void;
  /** The date of a log entry that is written now. */
  readonly date: () => Pick<LogRow, 'at' | 'undated'>;
  readonly isStructural: (table: string, field: string) => boolean;
  /** Whether this version knows the field. */
  readonly isDeclared: (table: string, field: string) => boolean;
  /** Names the declared tables and fields: another version has another one. */
  readonly fingerprint: string;
  readonly currentEpoch: (space: string) => number;
  readonly notify: () => void;
  /** Names of the tables of a space that screens have opened, the last one first. */
  readonly openTables: (space: string) => readonly string[];
  /** What the person may have before their eyes of a record; undefined while its table is not open as a whole. */
  readonly seen: (key: string) => Seen | undefined;
}

/** The values that a screen shows of a record; none where it shows no such record. */
export interface Seen {
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** Makes the shared parts that need nothing but the dependencies. */
export function createOwnEdits(self: string, records: Records): { own: OwnEdits; remember: (stamps: readonly Stamp[]) => void } {
  const session = new Set<Stamp>();
  const own: OwnEdits = {
    self,
    isOwnDevice(device) {
      const place = records.place();
      return device === place.device || place.earlierDevices.includes(device);
    },
    isOfSession: (at) => session.has(at),
  };
  return { own, remember: (stamps) => stamps.forEach((at) => own.isOwnDevice(stampDevice(at)) && session.add(at)) };
}

/** Draws record and operation ids. */
export const idSource =
  ({ clock, random }: Pick<StoreDeps, 'clock' | 'random'>): (() => string) =>
  () =>
    newId({ clock, random });

/** Tells structural fields of known tables; of an unknown table only what every table has. */
export const structuralCheck =
  (tables: ReadonlyMap<string, Table>): StoreCore['isStructural'] =>
  (table, field) =>
    isStructural(tables.get(table)?.declaration, field);

/** Tells the fields that the tables declare. */
export const declaredCheck =
  (tables: ReadonlyMap<string, Table>): StoreCore['isDeclared'] =>
  (table, field) =>
    Object.hasOwn(tables.get(table)?.fields ?? {}, field) || isStructural(tables.get(table)?.declaration, field);

/** All tables with their fields, as text. */
export const fingerprintOf = (tables: readonly Table[]): string =>
  tables
    .map(
      ({ name, fields, declaration }) => `${name}:${[...Object.keys(fields), ...Object.keys(declaration.structural)].toSorted().join(',')}`,
    )
    .toSorted()
    .join(';');

/** A storage failure as callers of the store see it. */
export const toStoreFailure = (code: StorageFailure): StoreFailure => ({ code });

/** The history entries of losses. */
export async function lossLog(core: StoreCore, losses: readonly Loss[]): Promise<LogWrite[]> {
  if (losses.length === 0) return [];
  return [
    {
      table: 'history',
      put: await Promise.all(losses.map((loss) => core.logs.row('history', { key: lossKey(loss), ...core.date() }, loss))),
    },
  ];
}
