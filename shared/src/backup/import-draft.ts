import { MAX_FIELD_BYTES } from '#wire/limits.ts';

/** A file that a person chose, as the importers read it. */
export interface SourceFile {
  /** Path inside the chosen folder, with `/`; the name alone for a single file. */
  readonly path: string;
  readonly sizeBytes: number;
  bytes(): Promise<Uint8Array>;
}

/** Why a file was not imported. */
export type RefusalCode =
  /** Larger than what a record, or this device, can hold. */
  | 'FILE_TOO_LARGE'
  /** Not a text, although its name says so. */
  | 'NOT_TEXT'
  /** A CSV without the columns `TYPE` and `CONTENT`. */
  | 'NOT_A_TODOIST_CSV'
  | 'DAMAGED_ZIP'
  /** The device did not hand out its bytes. */
  | 'UNREADABLE_FILE'
  /** A kind of file that no importer knows. */
  | 'UNSUPPORTED_FILE'
  | 'TOO_MANY_FILES'
  | 'TOO_MANY_RECORDS'
  /** Nothing in what was chosen can be imported. */
  | 'NOTHING_TO_IMPORT'
  | 'CANCELLED';

/** What a person should know about a file that was imported, or left out on purpose. */
export type WarningCode =
  | 'EMPTY_FILE'
  | 'CANVAS_LEFT_OUT'
  | 'ATTACHMENT_LEFT_OUT'
  /** A due date in words that have no single day, such as a repeat: it is kept in the notes. */
  | 'DATE_KEPT_AS_TEXT'
  /** A due date that counts from today, although it was written earlier. */
  | 'DATE_COUNTED_FROM_TODAY'
  | 'COMMENT_WITHOUT_TASK'
  | 'ROW_WITHOUT_TEXT'
  /** The block at the top is no YAML and stays in the note. */
  | 'FRONT_MATTER_KEPT_AS_TEXT';

/** A word about one file, with the line where there is one. */
export interface ImportNotice<Code = RefusalCode | WarningCode> {
  readonly code: Code;
  /** Path of the file as chosen. */
  readonly file: string;
  /** Line in the file, from 1. */
  readonly line?: number;
  /** What stands there, shortened. */
  readonly detail?: string;
}

/** Names a record by where it comes from, the same at every import. */
export type SourceKey = readonly string[];

/** A record to be, before it has an id. References are keys of other entries. */
export interface DraftEntry {
  readonly table: 'tasks' | 'taskLists' | 'notes';
  readonly key: SourceKey;
  readonly list?: SourceKey;
  readonly parent?: SourceKey;
  /** ISO time at which it was first written, where the source knows it. */
  readonly createdAt?: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What the chosen files hold; nothing is written yet. */
export interface ImportDraft {
  readonly entries: readonly DraftEntry[];
  readonly refused: readonly ImportNotice<RefusalCode>[];
  readonly warnings: readonly ImportNotice<WarningCode>[];
}

/** Largest Markdown file, in bytes: its text must fit into one sealed field, and sealing makes four bytes of three. */
export const MAX_NOTE_BYTES = Math.floor(((MAX_FIELD_BYTES - 1024) * 3) / 4);

/** Largest CSV, in bytes: about a hundred thousand rows, parsed in memory. */
export const MAX_CSV_BYTES = 16 * 1024 * 1024;

/** Largest zip, in bytes: read into memory on a phone, pictures included. */
export const MAX_ZIP_BYTES = 128 * 1024 * 1024;

/** Most bytes of texts that are unpacked from a zip: a third of a second of work, and no bomb. */
export const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;

/** Most files in one import: a folder beyond it is not a folder of notes. */
export const MAX_IMPORT_FILES = 20_000;

/** Most records in one import: they are written, and undone, as one change. */
export const MAX_IMPORT_RECORDS = 20_000;

const maxDetailLength = 80;

/** A piece of the source short enough to show in a notice. */
export const shortened = (text: string): string => (text.length <= maxDetailLength ? text : `${text.slice(0, maxDetailLength)}…`);
