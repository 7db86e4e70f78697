import { newNote } from '@mana/shared/modules/notes/note-rules';
import { orderBetween, newTask } from '@mana/shared/modules/todo/task-rules';
import { tasks } from '@mana/shared/modules/todo/todo';
import type { DateReader } from '@mana/shared/quick-add/date-reader';
import type { Chip, QuickAdd, QuickAddValues } from '@mana/shared/quick-add/quick-add';
import { moveSpans, type Span } from '@mana/shared/quick-add/spans';
import type { Write } from '@mana/shared/store/store';
import { m } from '#messages';
import type { App } from '#shell/app.svelte.ts';
import { createAutosave } from '#ui/autosave.svelte.ts';

/** What a line becomes. */
export type QuickAddTarget = 'task' | 'note';

type Parser = typeof import('@mana/shared/quick-add/quick-add').parseQuickAdd;
type Corrections = Partial<Pick<QuickAddValues, 'dueDate' | 'dueTime' | 'priority'>>;

const draftName = 'quick-add';
const maxNoteTitle = 500; // as the table of notes has it

/** The line that is always there: what is typed, what was understood of it, and what the person corrected. */
export function createQuickAdd(app: App) {
  let kept = $state('');
  let target = $state<QuickAddTarget>('task');
  let parser = $state.raw<Parser>();
  let readDates = $state.raw<DateReader>();
  let dismissed = $state.raw<readonly Span[]>([]);
  let corrections = $state.raw<Corrections>({});
  let loading: Promise<void> | undefined;

  const line = createAutosave({
    stored: () => kept,
    save: async (text) => void (await app.store.keepDraft(draftName, text)),
  });

  /** A note takes only tags out of its line. */
  function parse(read: Parser): QuickAdd {
    const place = { nowMs: app.clock.nowMs(), language: app.locale.startsWith('de') ? 'de' : 'en', readDates } as const;
    let silenced = dismissed;
    let result = read(line.value, { ...place, dismissed: silenced });
    while (target === 'note' && result.chips.some((chip) => chip.kind !== 'tag')) {
      silenced = [...silenced, ...result.chips.filter((chip) => chip.kind !== 'tag')];
      result = read(line.value, { ...place, dismissed: silenced });
    }
    return result;
  }

  const parsed = $derived(parser && parse(parser));
  const chips = $derived<readonly Chip[]>(parsed?.chips ?? []);
  const values = $derived<QuickAddValues | undefined>(parsed && { ...parsed.values, ...corrections });

  async function loadGrammar(): Promise<void> {
    const [parse, dates] = await Promise.all([import('@mana/shared/quick-add/quick-add'), import('@mana/shared/quick-add/date-reader')]);
    parser = parse.parseQuickAdd;
    readDates = await dates.loadDateReader();
  }

  /** Fetches the grammar; without it (offline before the first use) a line is a title. */
  function load(): Promise<void> {
    loading ??= loadGrammar().catch(() => {
      loading = undefined;
    });
    return loading;
  }

  function reset(): void {
    line.value = '';
    kept = '';
    dismissed = [];
    corrections = {};
    void line.leave();
  }

  function topOrder(): string {
    const orders = app.store
      .table(tasks)
      .all()
      .map((task) => task.values.order);
    return orderBetween(
      undefined,
      orders.reduce<string | undefined>((least, order) => (least === undefined || order < least ? order : least), undefined),
    );
  }

  function writeOf(title: string): Write {
    const { tags = [], ...known } = values ?? {};
    if (target === 'task') return { kind: 'put', table: 'tasks', values: newTask({ ...known, tags: [...tags], title, order: topOrder() }) };
    const note = title.length > maxNoteTitle ? { body: title } : { title };
    return { kind: 'put', table: 'notes', values: newNote({ ...note, tags: [...tags] }) };
  }

  return {
    line,
    load,
    get target() {
      return target;
    },
    set target(next: QuickAddTarget) {
      target = next;
    },
    get chips() {
      return chips;
    },
    get values() {
      return values;
    },
    /** Brings back what was being typed when the page was closed. */
    restore: async (): Promise<void> => {
      kept = await app.store.draft(draftName);
      if (kept !== '') await load();
    },
    /** Call with the text as it was before an edit: dismissed parts move along. */
    edited: (before: string): void => {
      dismissed = moveSpans(dismissed, before, line.value);
    },
    dismiss: (chip: Chip): void => {
      dismissed = [...dismissed, chip];
      const { priority } = corrections;
      if (chip.kind === 'priority') corrections = {};
      else if (chip.kind === 'date' || chip.kind === 'time') corrections = priority === undefined ? {} : { priority };
    },
    correct: (changes: Corrections): void => {
      corrections = { ...corrections, ...changes };
    },
    /** Saves the line; true when it is durable. */
    submit: async (): Promise<boolean> => {
      if (line.value.trim() === '') return false;
      await load();
      const title = parsed?.title ?? line.value.trim();
      const saved = await app.change([writeOf(title)], {
        done: target === 'task' ? m.quickadd_task_added({ title }) : m.quickadd_note_added({ title }),
      });
      if (saved) reset();
      return saved;
    },
  };
}
