import Papa from 'papaparse';
import { err, ok, type Result } from '#base/result.ts';
import { newTask } from '#modules/todo/task-rules.ts';
import { parseWhen, type QuickAddPlace } from '#quick-add/quick-add.ts';
import { shortened, type DraftEntry, type ImportNotice, type SourceKey, type WarningCode } from './import-draft.ts';
import { nameOf } from './source-text.ts';

interface Row {
  readonly line: number;
  /** Value of a column by its name in the header; empty when the row ends before it. */
  cell(column: string): string;
}

interface TaskInProgress {
  readonly key: SourceKey;
  readonly list: SourceKey;
  readonly parent?: SourceKey;
  readonly content: string;
  readonly row: Row;
  readonly notes: string[];
}

interface Collected {
  readonly lists: DraftEntry[];
  readonly tasks: TaskInProgress[];
  readonly warnings: ImportNotice<WarningCode>[];
}

/** Todoist counts 1 as most important and 4 as none; here 3 is most important and 0 none. */
const priorityOf = (cell: string): number => ({ '1': 3, '2': 2, '3': 1 })[cell.trim()] ?? 0;

const labelPattern = /(?<=^|\s)@(\S+)/gu;
const exportNumber = /\s*\[\d{5,}\]$/u; // Todoist's backups name files `Inbox [2203306141].csv`
const relativeDate = /(?<!\p{L})(?:in|today|tomorrow|next|this|heute|morgen|übermorgen|nächste\p{L}*|diese\p{L}*)(?!\p{L})/iu;

function readRows(text: string): readonly Row[] {
  const rows: Row[] = [];
  let columns: ReadonlyMap<string, number> | undefined;
  let line = 1;
  let reached = 0;
  Papa.parse<string[]>(text, {
    step: ({ data, meta }) => {
      if (columns === undefined) columns = new Map(data.map((name, index) => [name.trim().toUpperCase(), index]));
      const known = columns;
      rows.push({ line, cell: (column) => data[known.get(column) ?? -1] ?? '' });
      line += text.slice(reached, meta.cursor).split('\n').length - 1;
      reached = meta.cursor;
    },
  });
  return rows;
}

interface Attachment {
  readonly file_name?: unknown;
  readonly file_url?: unknown;
}

function attachmentLink(json: string): string | undefined {
  try {
    const { file_name: name, file_url: url } = JSON.parse(json) as Attachment;
    if (typeof url !== 'string' || !/^https?:\/\//iu.test(url)) return undefined;
    return `[${typeof name === 'string' ? name.replaceAll(/[[\]]/gu, '') : url}](${url.replaceAll(')', '%29').replaceAll('(', '%28')})`;
  } catch {
    return undefined;
  }
}

/** A comment with its attachments (JSON between `[[file ` and `]]`) as links. */
const readComment = (text: string): string =>
  text.replaceAll(/\[\[file (\{[\s\S]*?\})\]\]/gu, (whole, json: string) => attachmentLink(json) ?? whole).trim();

/** Labels leave the title and become tags; a title of nothing but labels stays. */
function splitLabels(content: string): { title: string; tags: string[] } {
  const tags = [...content.matchAll(labelPattern)].map((match) =>
    (match[1] ?? '')
      .replace(/[,;.]$/u, '')
      .replace(/^\//u, '')
      .toLowerCase(),
  );
  const plain = content.replace(/^\*\s+/u, ''); // a leading star: Todoist's sign for a task that cannot be ticked
  const title = plain.replaceAll(labelPattern, '').replaceAll(/\s+/gu, ' ').trim();
  return { title: title === '' ? plain.trim() : title, tags: [...new Set(tags.filter((tag) => tag !== ''))] };
}

const sameKey = (a: SourceKey, b: SourceKey): boolean => a.join('\0') === b.join('\0');

/** Key of a task by its place, so that moving rows about makes no doubles; the n-th of equals carries its number. */
function keyOf(taken: Map<string, number>, parts: SourceKey): SourceKey {
  const text = parts.join('\0');
  const count = taken.get(text) ?? 0;
  taken.set(text, count + 1);
  return count === 0 ? parts : [...parts, String(count)];
}

function collect(rows: readonly Row[], project: string, file: string): Collected {
  const projectKey: SourceKey = ['todoist', project];
  const collected: Collected = { lists: [], tasks: [], warnings: [] };
  const taken = new Map<string, number>();
  const ancestors: TaskInProgress[] = [];
  let list = projectKey;
  const warn = (code: WarningCode, row: Row, detail: string) =>
    collected.warnings.push({ code, file, line: row.line, detail: shortened(detail) });

  function useList(key: SourceKey, name: string): void {
    list = key;
    if (!collected.lists.some((known) => sameKey(known.key, key))) collected.lists.push({ table: 'taskLists', key, values: { name } });
  }

  function addTask(row: Row, content: string): void {
    if (collected.tasks.length === 0 && list === projectKey) useList(projectKey, project);
    const indent = Math.max(1, Number.parseInt(row.cell('INDENT'), 10) || 1);
    ancestors.length = Math.min(ancestors.length, indent - 1);
    const parent = ancestors.at(-1);
    const key = keyOf(taken, [...(parent?.key ?? list), content]);
    const task: TaskInProgress = { key, list, content, row, notes: [], ...(parent ? { parent: parent.key } : {}) };
    const description = row.cell('DESCRIPTION').trim();
    if (description !== '') task.notes.push(description);
    collected.tasks.push(task);
    ancestors.push(task);
  }

  for (const row of rows) {
    const content = row.cell('CONTENT').trim();
    const type = row.cell('TYPE').trim().toLowerCase();
    if (type === 'task' && content === '') warn('ROW_WITHOUT_TEXT', row, type);
    else if (type === 'task') addTask(row, content);
    else if (type === 'section' && content !== '') {
      ancestors.length = 0;
      useList([...projectKey, content], `${project}: ${content}`);
    } else if (type === 'note') {
      const task = collected.tasks.at(-1);
      if (task === undefined) warn('COMMENT_WITHOUT_TASK', row, content);
      else task.notes.push(readComment(row.cell('CONTENT')));
    }
  }
  return collected;
}

/** Tasks and lists of one Todoist project; `place` says what day it is, for due dates in words. */
export function readTodoistCsv(
  text: string,
  { path, place }: { path: string; place: QuickAddPlace },
): Result<{ entries: readonly DraftEntry[]; warnings: readonly ImportNotice<WarningCode>[] }, 'NOT_A_TODOIST_CSV'> {
  const [header, ...rows] = readRows(text);
  if (header?.cell('TYPE').trim().toUpperCase() !== 'TYPE' || header.cell('CONTENT').trim().toUpperCase() !== 'CONTENT') {
    return err('NOT_A_TODOIST_CSV');
  }
  const project = nameOf(path).replace(exportNumber, '');
  const { lists, tasks, warnings } = collect(rows, project, path);
  const entries = tasks.map((task): DraftEntry => {
    const { title, tags } = splitLabels(task.content);
    const date = task.row.cell('DATE').trim();
    const language = task.row.cell('DATE_LANG').trim() === 'de' ? 'de' : 'en';
    const when = date === '' ? undefined : parseWhen(date, { ...place, language });
    if (date !== '' && when === undefined) {
      warnings.push({ code: 'DATE_KEPT_AS_TEXT', file: path, line: task.row.line, detail: shortened(date) });
      task.notes.push(`Todoist: ${date}`);
    } else if (relativeDate.test(date)) {
      warnings.push({ code: 'DATE_COUNTED_FROM_TODAY', file: path, line: task.row.line, detail: shortened(date) });
    }
    const notes = task.notes.filter((note) => note !== '').join('\n\n');
    const values = newTask({ title, tags, notes, ...when, priority: priorityOf(task.row.cell('PRIORITY')) });
    return { table: 'tasks', key: task.key, list: task.list, ...(task.parent ? { parent: task.parent } : {}), values };
  });
  return ok({ entries: [...lists, ...entries], warnings });
}
