import type { Rows } from '@mana/shared/base/sorted-list';
import type { TaskGroup } from '@mana/shared/modules/todo/task-rules';
import type { TaskRecord } from './task-record.ts';

/** Tasks of one section as a screen shows them. */
export interface TaskSection {
  readonly group: TaskGroup;
  readonly tasks: Rows<TaskRecord> & Iterable<TaskRecord>;
  /** Place of a task in it; -1 when it is elsewhere. */
  indexOf(id: string): number;
}

/** Tasks of several sections, one below the other, with `gap` other rows before those of each. */
export class StackedSections {
  readonly length: number;
  readonly #sections: readonly TaskSection[];
  readonly #gap: number;

  constructor(sections: readonly TaskSection[], gap = 0) {
    this.#sections = sections;
    this.#gap = gap;
    this.length = sections.reduce((sum, { tasks }) => sum + tasks.length + gap, 0);
  }

  /** The section of a row, and the task in it unless the row belongs to the gap. */
  at(index: number): { readonly section: TaskSection; readonly task: TaskRecord | undefined } | undefined {
    let start = 0;
    for (const section of this.#sections) {
      const size = section.tasks.length + this.#gap;
      const place = index - start - this.#gap;
      if (index >= 0 && index < start + size) return { section, task: place < 0 ? undefined : section.tasks.at(place) };
      start += size;
    }
    return undefined;
  }

  /** Row of a task; -1 when it is in none of the sections. */
  indexOf(id: string): number {
    let start = 0;
    for (const section of this.#sections) {
      const place = section.indexOf(id);
      if (place !== -1) return start + this.#gap + place;
      start += section.tasks.length + this.#gap;
    }
    return -1;
  }
}
