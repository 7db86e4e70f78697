import { createSubscriber } from 'svelte/reactivity';
import { TaskBoard } from '@mana/shared/modules/todo/task-board';
import { tasks } from '@mana/shared/modules/todo/todo';
import type { Store, ViewFollower } from '@mana/shared/store/store';
import type { Task } from '@mana/shared/modules/todo/task-rules';
import type { TaskRecord } from './task-record.ts';

/** How long a task that was ticked stays where it was, in milliseconds: long enough to see the tick. */
const LINGER_MS = 650;

/** Which tasks a list shows; null for any. */
export interface TaskFilter {
  readonly listId: string | null;
  readonly tag: string | null;
}

interface Narrowed extends TaskFilter {
  readonly board: TaskBoard<TaskRecord>;
}

/** All tasks of an open vault in their sections, and those of the list that is open: sorted once, then kept so. */
class TaskDesk implements ViewFollower<Task> {
  readonly #all: TaskBoard<TaskRecord>;
  /** Tasks just ticked, as they were before. */
  readonly #lingering = new Map<string, TaskRecord>();
  readonly #listeners = new Set<() => void>();
  readonly #watch: () => void;
  readonly #isComplete: () => boolean;
  readonly #get: (id: string) => TaskRecord | undefined;
  #narrowed: Narrowed | undefined;

  constructor(store: Store, today: string) {
    const view = store.table(tasks);
    this.#all = new TaskBoard<TaskRecord>({ today });
    this.#get = (id) => view.get(id);
    this.#watch = createSubscriber((update) => {
      const stop = view.subscribe(update);
      this.#listeners.add(update);
      return () => {
        stop();
        this.#listeners.delete(update);
      };
    });
    const feed = view.follow(this);
    this.#isComplete = () => view.complete && feed.complete;
  }

  get complete(): boolean {
    this.#watch();
    return this.#isComplete();
  }

  /** The tasks of a filter on a day. */
  board(today: string, { listId, tag }: TaskFilter = { listId: null, tag: null }): TaskBoard<TaskRecord> {
    this.#watch();
    this.#all.setToday(today);
    if (listId === null && tag === null) return this.#all;
    if (this.#narrowed?.listId !== listId || this.#narrowed.tag !== tag) {
      const shows = ({ values }: TaskRecord): boolean =>
        (listId === null || values.listId === listId) && (tag === null || values.tags.includes(tag));
      this.#narrowed = { listId, tag, board: this.#all.narrowed(shows) };
    }
    this.#narrowed.board.setToday(today);
    return this.#narrowed.board;
  }

  /** Leaves a task that is about to be ticked where it is for a moment. */
  linger(task: TaskRecord): void {
    this.#lingering.set(task.id, task);
    setTimeout(() => this.settle(task.id), LINGER_MS);
  }

  /** Puts a task where it belongs now. */
  settle(id: string): void {
    if (!this.#lingering.delete(id)) return;
    const task = this.#get(id);
    if (task) this.put(task);
    for (const listener of this.#listeners) listener();
  }

  put(task: TaskRecord): void {
    const as = this.#asShown(task);
    this.#all.put(task, as);
    this.#narrowed?.board.put(task, as);
  }

  drop(id: string): void {
    this.#all.drop(id);
    this.#narrowed?.board.drop(id);
  }

  clear(): void {
    this.#all.clear();
    this.#lingering.clear();
    this.#narrowed = undefined;
  }

  #asShown(task: TaskRecord): TaskRecord {
    const before = this.#lingering.get(task.id);
    return before === undefined ? task : { ...task, values: { ...task.values, completedAt: null, dueDate: before.values.dueDate } };
  }
}

const desks = new WeakMap<Store, TaskDesk>();

/** The desk of an open vault, made when a screen first asks for it. */
export function deskOf(store: Store, today: string): TaskDesk {
  const known = desks.get(store) ?? new TaskDesk(store, today);
  desks.set(store, known);
  return known;
}
