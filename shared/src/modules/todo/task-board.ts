import { SortedList, type Rows } from '#base/sorted-list.ts';
import { compareByOrder, groupOf, groupOrders, taskGroups, type ListedTask, type TaskGroup } from './task-rules.ts';

/** A task and where it stands. */
interface Placed<T extends ListedTask> {
  readonly id: string;
  readonly task: T;
  /** As what it is sorted: itself, or itself as it was a moment ago. Its parent is that of the task in any case. */
  readonly as: ListedTask;
  /** Its section; undefined while its parent shows it. */
  group: TaskGroup | undefined;
}

/** Tasks of one section, in order. */
class Section<T extends ListedTask> implements Rows<T>, Iterable<T> {
  readonly sorted: SortedList<Placed<T>>;

  constructor(compare: (a: ListedTask, b: ListedTask) => number) {
    this.sorted = new SortedList((a, b) => compare(a.as, b.as));
  }

  get length(): number {
    return this.sorted.length;
  }

  at(index: number): T | undefined {
    return this.sorted.at(index)?.task;
  }

  slice(from: number, to: number): T[] {
    return this.sorted.slice(from, to).map(({ task }) => task);
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const { task } of this.sorted) yield task;
  }
}

/** What a board shows. */
export interface TaskBoardOptions<T> {
  /** The local day by which tasks are due. */
  readonly today: string;
  /** Which tasks are shown; by default all. */
  readonly shows?: (task: T) => boolean;
}

/**
 * Tasks in their sections, kept sorted as they change.
 * Invariant 1: sections hold what `groupTasks` makes of the same tasks and day. Invariant 2: subtasks are those of `subtasksOf`.
 * Invariant 3: a change costs a search among the sorted, and one more for each subtask of a task that comes or goes.
 */
export class TaskBoard<T extends ListedTask> {
  readonly #shows: (task: T) => boolean;
  readonly #placed = new Map<string, Placed<T>>();
  readonly #children = new Map<string, SortedList<T>>();
  readonly #tags = new Map<string, number>();
  readonly #sections: Readonly<Record<TaskGroup, Section<T>>>;
  #today: string;

  constructor({ today, shows = () => true }: TaskBoardOptions<T>) {
    this.#today = today;
    this.#shows = shows;
    const made = taskGroups.map((group) => [group, new Section<T>(groupOrders[group])] as const);
    this.#sections = Object.fromEntries(made) as unknown as Record<TaskGroup, Section<T>>;
  }

  /** Tasks of a section. */
  section(group: TaskGroup): Rows<T> & Iterable<T> {
    return this.#sections[group];
  }

  /** Place of a task in a section; -1 when it is not there. */
  indexIn(group: TaskGroup, id: string): number {
    const placed = this.#placed.get(id);
    return placed?.group === group ? this.#sections[group].sorted.indexOf(placed) : -1;
  }

  /** The section in which a task stands by itself. */
  groupOf(id: string): TaskGroup | undefined {
    return this.#placed.get(id)?.group;
  }

  /** Subtasks of a task, in their order. */
  subtasks(parentId: string): readonly T[] {
    return [...(this.#children.get(parentId) ?? [])];
  }

  /** How many tasks carry each tag. */
  tags(): ReadonlyMap<string, number> {
    return this.#tags;
  }

  /** Takes a task in, or anew. With `as` it is sorted as it was then. */
  put(task: T, as: ListedTask = task): void {
    const before = this.#placed.get(task.id);
    if (before?.task === task && before.as === as) return;
    if (!this.#shows(task)) return this.drop(task.id);
    if (before) this.#remove(before);
    const placed: Placed<T> = { id: task.id, task, as, group: undefined };
    this.#placed.set(task.id, placed);
    this.#count(task, 1);
    this.#place(placed);
    if (!before) this.#placeChildren(task.id);
  }

  /** A board of those tasks that `shows` names; they come sorted, so that it costs one pass. */
  narrowed(shows: (task: T) => boolean): TaskBoard<T> {
    const board = new TaskBoard<T>({ today: this.#today, shows });
    for (const group of taskGroups) for (const { task, as } of this.#sections[group].sorted) board.put(task, as);
    for (const { task, as, group } of this.#placed.values()) if (group === undefined) board.put(task, as);
    return board;
  }

  drop(id: string): void {
    const placed = this.#placed.get(id);
    if (!placed) return;
    this.#remove(placed);
    this.#placed.delete(id);
    this.#placeChildren(id);
  }

  clear(): void {
    this.#placed.clear();
    this.#children.clear();
    this.#tags.clear();
    for (const group of taskGroups) this.#sections[group].sorted.clear();
  }

  /** Another day: what is due moves between its sections. */
  setToday(today: string): void {
    if (today === this.#today) return;
    this.#today = today;
    const due = (['overdue', 'today', 'upcoming'] as const).flatMap((group) => [...this.#sections[group].sorted]);
    for (const placed of due) this.#place(placed);
  }

  #remove(placed: Placed<T>): void {
    this.#unplace(placed);
    this.#count(placed.task, -1);
  }

  #place(placed: Placed<T>): void {
    this.#unplace(placed);
    const { parentId } = placed.task.values;
    if (parentId !== null && this.#placed.has(parentId)) return;
    placed.group = groupOf(placed.as.values, this.#today);
    this.#sections[placed.group].sorted.add(placed);
  }

  #unplace(placed: Placed<T>): void {
    if (placed.group !== undefined) this.#sections[placed.group].sorted.remove(placed);
    placed.group = undefined;
  }

  #placeChildren(id: string): void {
    for (const child of this.#children.get(id) ?? []) {
      const placed = this.#placed.get(child.id);
      if (placed) this.#place(placed);
    }
  }

  /** Keeps subtasks and uses of tags; `sign` tells whether a task comes or goes. */
  #count(task: T, sign: 1 | -1): void {
    const { parentId, tags } = task.values;
    for (const tag of tags) {
      const uses = (this.#tags.get(tag) ?? 0) + sign;
      if (uses > 0) this.#tags.set(tag, uses);
      else this.#tags.delete(tag);
    }
    if (parentId === null) return;
    const siblings = this.#children.get(parentId) ?? new SortedList<T>(compareByOrder);
    if (sign > 0) siblings.add(task);
    else siblings.remove(task);
    if (siblings.length > 0) this.#children.set(parentId, siblings);
    else this.#children.delete(parentId);
  }
}
