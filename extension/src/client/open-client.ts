import type { Clock } from '@mana/shared/base/clock';
import { localDay } from '@mana/shared/base/local-day';
import type { Result } from '@mana/shared/base/result';
import { tasks } from '@mana/shared/modules/todo/todo';
import type { QuickAdd } from '@mana/shared/quick-add/quick-add';
import type { StoreFailure } from '@mana/shared/store/failures';
import type { Change, Store, Write } from '@mana/shared/store/store';
import type { Sync } from '@mana/shared/sync/status';
import { generateKeyBetween } from 'fractional-indexing';
import { createDraftKeeper, type DraftKeeper } from './draft-keeper.ts';
import { dueToday, type DueToday, type Task } from './due-today.ts';
import { noteWrite, taskWrite } from './line-to-write.ts';

/** The last thing that was done, until it is undone or another takes its place. */
export interface Done {
  readonly kind: 'task-added' | 'note-added' | 'task-ticked';
  readonly title: string;
  readonly changeId: string;
}

export interface OpenClientDeps {
  readonly store: Store;
  readonly sync: Sync;
  readonly clock: Clock;
  /** Tells the worker that something waits for the server. */
  readonly written: () => void;
}

/** What the popup can do with an open vault. */
export interface OpenClient {
  readonly store: Store;
  readonly sync: Sync;
  readonly draft: DraftKeeper;
  due(): DueToday;
  /** Whether every task has been opened: before, an empty day may still fill. */
  complete(): boolean;
  subscribe(listener: () => void): () => void;
  done(): Done | null;
  readDraft(): Promise<string>;
  addTask(line: QuickAdd): Promise<Result<Change, StoreFailure>>;
  addNote(text: string): Promise<Result<Change, StoreFailure>>;
  tick(task: Task): Promise<Result<Change, StoreFailure>>;
  undo(): Promise<void>;
  dismiss(): void;
}

/** Name of the draft that both modules share: choosing the other one keeps the text. */
const draftName = 'popup-line';

export function createOpenClient({ store, sync, clock, written }: OpenClientDeps): OpenClient {
  const view = store.table(tasks);
  const listeners = new Set<() => void>();
  let done: Done | null = null;
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const write = async (one: Write, what: Omit<Done, 'changeId'>): Promise<Result<Change, StoreFailure>> => {
    const change = await store.write([one]);
    if (!change.ok) return change;
    done = { ...what, changeId: change.value.id };
    written();
    changed();
    return change;
  };
  return {
    store,
    sync,
    draft: createDraftKeeper((text) => store.keepDraft(draftName, text)),
    due: () => dueToday(view.all(), localDay(clock.nowMs())),
    complete: () => view.complete,
    subscribe(listener) {
      listeners.add(listener);
      const stopView = view.subscribe(listener);
      return () => {
        listeners.delete(listener);
        stopView();
      };
    },
    done: () => done,
    readDraft: () => store.draft(draftName),
    addTask: (line) => write(taskWrite(line, orderAtEnd(view.all())), { kind: 'task-added', title: line.title }),
    addNote: (text) => write(noteWrite(text), { kind: 'note-added', title: text.trim().split('\n')[0] ?? '' }),
    tick: (task) =>
      write(
        { kind: 'patch', table: 'tasks', id: task.id, values: { completedAt: new Date(clock.nowMs()).toISOString() } },
        { kind: 'task-ticked', title: task.values.title },
      ),
    async undo() {
      if (done === null) return;
      const { changeId } = done;
      done = null;
      changed();
      const undone = await store.undo(changeId);
      if (undone.ok) written();
    },
    dismiss() {
      done = null;
      changed();
    },
  };
}

function orderAtEnd(records: readonly Task[]): string {
  const last = records.reduce<string | null>((greatest, { values }) => (greatest === null || values.order > greatest ? values.order : greatest), null);
  return generateKeyBetween(last, null);
}

