import type { Loss } from './losses.ts';
import type { UndoStep } from './prepare-write.ts';
import type { LogRow } from './storage.ts';

/** An entry of a log with its content opened. */
export interface OpenedEntry<Content> {
  readonly entry: Omit<LogRow, 'blob'>;
  readonly content: Content;
}

/** What another database holds besides records: lost values, ways back, and what was being typed. */
export interface OpenedLogs {
  readonly history: readonly OpenedEntry<Loss>[];
  readonly changes: readonly OpenedEntry<readonly UndoStep[]>[];
  readonly drafts: readonly OpenedEntry<string>[];
}
