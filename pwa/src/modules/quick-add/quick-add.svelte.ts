import { newNote } from '@mana/shared/modules/notes/note-rules';
import { newTask } from '@mana/shared/modules/todo/task-rules';
import { tasks } from '@mana/shared/modules/todo/todo';
import type { Chip, QuickAdd, QuickAddValues } from '@mana/shared/quick-add/quick-add';
import { moveSpans, type Span } from '@mana/shared/quick-add/spans';
import type { Store, Write } from '@mana/shared/store/store';
import { m } from '#messages';
import type { App } from '#shell/app.svelte.ts';
import { createAutosave } from '#ui/autosave.svelte.ts';
import { createGrammar } from './grammar.svelte.ts';

/** What a line becomes. */
export type QuickAddTarget = 'task' | 'note';

type Corrections = Partial<Pick<QuickAddValues, 'dueDate' | 'dueTime' | 'priority'>>;

/** What is being typed in one space does not turn up in another. */
const draftNameIn = ({ space, homeSpace }: Store): string => (space === homeSpace ? 'quick-add' : `quick-add ${space}`);
const maxNoteTitle = 500; // as the table of notes has it

/** The first of all orders that tasks were given by hand. */
function leastOrder(app: App): string | undefined {
  let least: string | undefined;
  for (const { values } of app.store.table(tasks).all()) if (least === undefined || values.order < least) least = values.order;
  return least;
}

function taskWrite(title: string, order: string | undefined, values: QuickAddValues | undefined): Write {
  const { tags = [], ...known } = values ?? {};
  const place = order === undefined ? {} : { order };
  return { kind: 'put', table: 'tasks', values: newTask({ ...known, tags: [...tags], title, ...place }) };
}

function noteWrite(title: string, values: QuickAddValues | undefined): Write {
  const note = title.length > maxNoteTitle ? { body: title } : { title };
  return { kind: 'put', table: 'notes', values: newNote({ ...note, tags: [...(values?.tags ?? [])] }) };
}

/** The line that is always there: what is typed, what was understood of it, and what the person corrected. */
// oxlint-disable-next-line max-lines-per-function -- one state, and the few things that are done with it
export function createQuickAdd(app: App) {
  const grammar = createGrammar();
  let kept = $state('');
  let target = $state<QuickAddTarget>('task');
  let dismissed = $state.raw<readonly Span[]>([]);
  let corrections = $state.raw<Corrections>({});

  const line = createAutosave({
    stored: () => kept,
    save: async (text) => (await app.store.keepDraft(draftNameIn(app.store), text)).ok,
  });

  /** A note takes only tags out of its line. */
  function read(): QuickAdd | undefined {
    const place = { nowMs: app.clock.nowMs(), language: app.locale.startsWith('de') ? 'de' : 'en' } as const;
    let silenced = dismissed;
    let result = grammar.parse(line.value, { ...place, dismissed: silenced });
    while (target === 'note' && result?.chips.some((chip) => chip.kind !== 'tag')) {
      silenced = [...silenced, ...result.chips.filter((chip) => chip.kind !== 'tag')];
      result = grammar.parse(line.value, { ...place, dismissed: silenced });
    }
    return result;
  }

  const parsed = $derived.by(read);
  const chips = $derived<readonly Chip[]>(parsed?.chips ?? []);
  const values = $derived<QuickAddValues | undefined>(parsed && { ...parsed.values, ...corrections });

  async function reset(): Promise<void> {
    line.value = '';
    kept = '';
    dismissed = [];
    corrections = {};
    await line.leave();
  }

  return {
    line,
    load: grammar.load,
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
      kept = await app.store.draft(draftNameIn(app.store));
      if (kept !== '') await grammar.load();
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
      await grammar.load();
      const title = parsed?.title ?? line.value.trim();
      const write = target === 'task' ? taskWrite(title, grammar.orderBefore(leastOrder(app)), values) : noteWrite(title, values);
      const saved = await app.change([write], {
        done: target === 'task' ? m.quickadd_task_added({ title }) : m.quickadd_note_added({ title }),
      });
      if (saved) await reset();
      return saved;
    },
  };
}
