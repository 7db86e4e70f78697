import type { Clock } from '@mana/shared/base/clock';
import { localDay } from '@mana/shared/base/local-day';
import type { Result } from '@mana/shared/base/result';
import type { ValuesOf } from '@mana/shared/modules/define-module';
import { orderBetween } from '@mana/shared/modules/todo/task-order';
import { groupTasks, toggleDone } from '@mana/shared/modules/todo/task-rules';
import { tasks } from '@mana/shared/modules/todo/todo';
import type { QuickAdd } from '@mana/shared/quick-add/quick-add';
import type { StoreFailure } from '@mana/shared/store/failures';
import type { Change, OpenRecord, Store, Write } from '@mana/shared/store/store';
import type { Sync } from '@mana/shared/sync/status';
import { createDraftKeeper, type DraftKeeper } from './draft-keeper.ts';
import { noteWrite, taskWrite } from './line-to-write.ts';

export type TaskRecord = OpenRecord<ValuesOf<typeof tasks>>;

/** Open tasks of the day and those that were due before it. */
interface DueToday {
  readonly overdue: readonly TaskRecord[];
  readonly today: readonly TaskRecord[];
}

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
  whenComplete(): Promise<void>;
  subscribe(listener: () => void): () => void;
  done(): Done | null;
  readDraft(): Promise<string>;
  addTask(line: QuickAdd): Promise<Result<Change, StoreFailure>>;
  addNote(text: string): Promise<Result<Change, StoreFailure>>;
  tick(task: TaskRecord): Promise<Result<Change, StoreFailure>>;
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
    due: () => groupTasks(view.all(), localDay(clock.nowMs())),
    complete: () => view.complete,
    whenComplete: () => store.whenComplete(tasks),
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
    addTask: (line) => write(taskWrite(line, orderAtStart(view.all())), { kind: 'task-added', title: line.title }),
    addNote: (text) => write(noteWrite(text), { kind: 'note-added', title: text.trim().split('\n')[0] ?? '' }),
    tick: (task) =>
      write(
        { kind: 'patch', table: 'tasks', id: task.id, values: toggleDone(task.values, clock.nowMs()) },
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

/** A new task stands first among those of its day that were ordered by hand. */
function orderAtStart(records: readonly TaskRecord[]): string {
  let first: string | undefined;
  for (const { values } of records) if (first === undefined || values.order < first) first = values.order;
  return orderBetween(undefined, first);
}
