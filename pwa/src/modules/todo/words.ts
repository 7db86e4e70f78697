import { tasks } from '@mana/shared/modules/todo/todo';
import type { ValuesOf } from '@mana/shared/modules/define-module';
import type { OpenRecord } from '@mana/shared/store/store';
import { m } from '#messages';
import type { ModuleWords, ShownRecord } from '#shell/module.ts';

const fields: Readonly<Record<string, () => string>> = {
  title: m.todo_field_title,
  notes: m.todo_field_notes,
  dueDate: m.todo_field_date,
  dueTime: m.todo_field_time,
  completedAt: m.todo_field_completed,
  priority: m.todo_field_priority,
  tags: m.todo_field_tags,
  place: m.todo_field_place,
  listId: m.todo_field_list,
  name: m.todo_field_name,
};

function shown(record: OpenRecord): ShownRecord | undefined {
  if (record.table === 'taskLists')
    return { path: `todo?list=${record.id}`, kind: m.todo_kind_list(), title: String(record.values['name']), text: '' };
  if (record.table !== tasks.name) return undefined;
  const task = record.values as ValuesOf<typeof tasks>;
  return {
    path: `todo/${record.id}`,
    kind: m.todo_kind(),
    title: task.title,
    text: [task.notes, ...task.tags.map((tag) => `#${tag}`)].join(' '),
  };
}

export const moduleWords: ModuleWords = {
  name: 'todo',
  shown,
  fieldName: (table, field) => (table === 'tasks' || table === 'taskLists' ? fields[field]?.() : undefined),
};
