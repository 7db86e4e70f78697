import type { Task } from '@mana/shared/modules/todo/task-rules';
import type { OpenRecord } from '@mana/shared/store/store';

/** A task as screens read it. */
export type TaskRecord = OpenRecord<Task>;
