import { err, ok, type Result } from '#base/result.ts';
import type { QuickAddPlace } from '#quick-add/quick-add.ts';
import {
  MAX_CSV_BYTES,
  MAX_IMPORT_FILES,
  MAX_IMPORT_RECORDS,
  MAX_NOTE_BYTES,
  type DraftEntry,
  type ImportDraft,
  type ImportNotice,
  type RefusalCode,
  type SourceFile,
  type WarningCode,
} from './import-draft.ts';
import { readMarkdownNote } from './markdown-note.ts';
import { endingOf, readText } from './source-text.ts';
import { readTodoistCsv } from './todoist-csv.ts';
import { isSystemFile, unpackZip } from './unpack-zip.ts';

/** What reading needs besides the files. */
export interface ReadContext {
  /** What day it is, for due dates in words. */
  readonly place: QuickAddPlace;
  /** Called between files with how many are read; gives the thread to the screen. */
  readonly progress?: (done: number, total: number) => Promise<void>;
  readonly signal?: AbortSignal;
}

interface Contents {
  readonly entries: readonly DraftEntry[];
  readonly warnings: readonly ImportNotice<WarningCode>[];
}

/** Endings of what notes embed: left out without being called an error. */
const attachmentEndings = new Set(
  'png jpg jpeg gif webp svg avif heic bmp tif tiff pdf mp3 m4a wav ogg mp4 mov webm zip docx xlsx css js json'.split(' '),
);

/** Paths without the folder that all of them lie in: the same notes have the same keys under whatever name the folder is chosen. */
function withoutCommonFolder(files: readonly SourceFile[]): readonly SourceFile[] {
  const folder = /^[^/]+\//u.exec(files[0]?.path ?? '')?.[0];
  if (folder === undefined || !files.every((file) => file.path.startsWith(folder))) return files;
  return withoutCommonFolder(
    files.map((file) => ({ path: file.path.slice(folder.length), sizeBytes: file.sizeBytes, bytes: () => file.bytes() })),
  );
}

async function unpackAll(files: readonly SourceFile[], refuse: (code: RefusalCode, file: string) => void): Promise<readonly SourceFile[]> {
  const unpacked: SourceFile[] = [];
  for (const file of files) {
    if (isSystemFile(file.path)) continue;
    if (endingOf(file.path) !== 'zip') {
      unpacked.push(file);
      continue;
    }
    const inside = await unpackZip(file);
    if (inside.ok) unpacked.push(...withoutCommonFolder(inside.value));
    else refuse(inside.error, file.path);
  }
  return unpacked;
}

async function readFile(file: SourceFile, place: QuickAddPlace): Promise<Result<Contents, RefusalCode>> {
  const ending = endingOf(file.path);
  if (ending === 'md' || ending === 'markdown') {
    const text = await readText(file, MAX_NOTE_BYTES);
    if (!text.ok) return text;
    const { entry, warnings } = readMarkdownNote(text.value, file.path);
    return ok({ entries: entry ? [entry] : [], warnings });
  }
  if (ending === 'csv') {
    const text = await readText(file, MAX_CSV_BYTES);
    return text.ok ? readTodoistCsv(text.value, { path: file.path, place }) : text;
  }
  if (ending === 'canvas') return ok({ entries: [], warnings: [{ code: 'CANVAS_LEFT_OUT', file: file.path }] });
  if (attachmentEndings.has(ending)) return ok({ entries: [], warnings: [{ code: 'ATTACHMENT_LEFT_OUT', file: file.path }] });
  return err('UNSUPPORTED_FILE');
}

interface Reading {
  readonly entries: DraftEntry[];
  readonly refused: ImportNotice<RefusalCode>[];
  readonly warnings: ImportNotice<WarningCode>[];
}

/** Why reading ends before the last file. */
async function readAll(
  files: readonly SourceFile[],
  reading: Reading,
  { place, progress, signal }: ReadContext,
): Promise<ImportNotice<RefusalCode> | undefined> {
  for (const [index, file] of files.entries()) {
    await progress?.(index, files.length);
    if (signal?.aborted) return { code: 'CANCELLED', file: file.path };
    const contents = await readFile(file, place);
    if (contents.ok) {
      reading.entries.push(...contents.value.entries);
      reading.warnings.push(...contents.value.warnings);
    } else reading.refused.push({ code: contents.error, file: file.path });
    if (reading.entries.length > MAX_IMPORT_RECORDS) return { code: 'TOO_MANY_RECORDS', file: file.path };
  }
  return undefined;
}

/**
 * Reads Todoist CSVs, Markdown files and zips of either. Writes nothing. A file that cannot be read is listed and the
 * others go on; only when there is nothing to import at all, the first reason is the answer.
 */
export async function readImport(
  chosen: readonly SourceFile[],
  context: ReadContext,
): Promise<Result<ImportDraft, ImportNotice<RefusalCode>>> {
  const firstFile = chosen[0]?.path ?? '';
  if (chosen.length > MAX_IMPORT_FILES) return err({ code: 'TOO_MANY_FILES', file: firstFile });
  const reading: Reading = { entries: [], refused: [], warnings: [] };
  const files = await unpackAll(withoutCommonFolder(chosen), (code, file) => reading.refused.push({ code, file }));
  const stopped = await readAll(files, reading, context);
  if (stopped) return err(stopped);
  return reading.entries.length > 0 ? ok(reading) : err(reading.refused[0] ?? { code: 'NOTHING_TO_IMPORT', file: firstFile });
}
