import type { TableDeclaration } from './define-tables.ts';
import type { FieldKind, JsonValue, KindValue } from './field-kinds.ts';

/** Kinds of the fields that a module declares, by name; `id`, `createdAt` and `deletedAt` come with every table. */
export type Fields = Readonly<Record<string, FieldKind>>;

/** A table with the kinds of its fields: what the local database stores and checks. */
export interface Table<Declared extends Fields = Fields> {
  readonly name: string;
  readonly declaration: TableDeclaration;
  readonly fields: Declared;
  /** Values of fields that a new record leaves out. */
  readonly defaults: Readonly<Record<string, JsonValue>>;
  /** Fields that full-text search reads, best first. */
  readonly searchable: readonly string[];
}

/** Values of a table's declared fields. */
export type ValuesOf<AnyTable> =
  AnyTable extends Table<infer Declared> ? { -readonly [Name in keyof Declared]: KindValue<Declared[Name]> } : never;

/** A record that exists before anybody wrote it: fixed id, zero stamp, never pushed until edited. */
export interface Seed {
  readonly id: string;
  readonly table: string;
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** For whom sample content is made. */
export interface SeedPlace {
  /** Space whose seeds they are: part of their ids, so that no two people's seeds meet. */
  readonly space: string;
  readonly language: 'de' | 'en';
  /** The person's local day, `YYYY-MM-DD`. */
  readonly today: string;
}

/** One user-facing capability, declared as data. */
export interface Module {
  readonly name: string;
  readonly tables: Readonly<Record<string, Table>>;
  /** Name of the module's part in an archive. */
  readonly backupLabel: string;
}

/** Declares a table: its structural fields come from `tables.ts`, the kinds of all its fields, defaults and searchable fields from here. */
export const defineTable = <Declared extends Fields>(table: Table<Declared>): Table<Declared> => table;

/** Declares a module. */
export const defineModule = <M extends Module>(module: M): M => module;
