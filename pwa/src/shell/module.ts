import type { LucideIconData } from '@lucide/icons';
import type { Component } from 'svelte';
import type { OpenRecord } from '@mana/shared/store/store';

type Loaded = Promise<{ readonly default: Component }>;
type LoadedForRecord = Promise<{ readonly default: Component<{ id: string }> }>;

/** A record as lists outside its module show it: search, history, bin. */
export interface ShownRecord {
  /** Address below the open space, such as `todo/<id>`. */
  readonly path: string;
  /** What it is, in the person's words: "Task". */
  readonly kind: string;
  readonly title: string;
  readonly text: string;
}

/** What one module gives the shell. Words are functions: they follow the language. */
export interface AppModule {
  readonly name: string;
  /** Place in lists of modules. */
  readonly position: number;
  readonly label: () => string;
  readonly icon: LucideIconData;
  /** Its address below the open space; a record's is one step deeper. */
  readonly path: string;
  readonly screen: () => Loaded;
  readonly recordScreen?: () => LoadedForRecord;
  /** Key that goes there after `g`. */
  readonly key?: string;
  /** Whether it is reached from the settings instead of the main navigation. */
  readonly inSettings?: true;
  readonly homeCard?: () => Loaded;
}

/** What one module says of itself and its records on screens that are not its own: search, history, bin, settings. No first screen needs it. */
export interface ModuleWords {
  readonly name: string;
  /** A sentence on what it holds, for the settings. */
  readonly hint?: () => string;
  /** How a record of one of its tables is shown; undefined for records of others. */
  readonly shown: (record: OpenRecord) => ShownRecord | undefined;
  /** Name of a field of one of its tables. */
  readonly fieldName: (table: string, field: string) => string | undefined;
}
