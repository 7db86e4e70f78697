import type { ImportNotice, RefusalCode, WarningCode } from '@mana/shared/backup/import-draft';
import { m } from '#messages';

const words: Readonly<Record<RefusalCode | WarningCode, () => string>> = {
  FILE_TOO_LARGE: m.import_file_too_large,
  NOT_TEXT: m.import_not_text,
  NOT_A_TODOIST_CSV: m.import_not_a_todoist_csv,
  DAMAGED_ZIP: m.import_damaged_zip,
  UNREADABLE_FILE: m.import_unreadable_file,
  UNSUPPORTED_FILE: m.import_unsupported_file,
  TOO_MANY_FILES: m.import_too_many_files,
  TOO_MANY_RECORDS: m.import_too_many_records,
  NOTHING_TO_IMPORT: m.import_nothing_to_import,
  CANCELLED: m.import_cancelled,
  EMPTY_FILE: m.import_empty_file,
  CANVAS_LEFT_OUT: m.import_canvas_left_out,
  ATTACHMENT_LEFT_OUT: m.import_attachment_left_out,
  DATE_KEPT_AS_TEXT: m.import_date_kept_as_text,
  DATE_COUNTED_FROM_TODAY: m.import_date_counted_from_today,
  COMMENT_WITHOUT_TASK: m.import_comment_without_task,
  ROW_WITHOUT_TEXT: m.import_row_without_text,
  FRONT_MATTER_KEPT_AS_TEXT: m.import_front_matter_kept_as_text,
};

/** What a notice says to a person. */
export const noticeWords = (notice: ImportNotice): string => words[notice.code]();

/** Where a notice points to: file, and line where there is one. */
export const noticePlace = ({ file, line }: ImportNotice): string => (line === undefined ? file : m.import_line({ file, line }));
