import { m } from '#messages';
import type { ModuleWords } from '#shell/module.ts';

export const moduleWords: ModuleWords = {
  name: 'kontext',
  hint: m.kontext_hint,
  shown(record) {
    if (record.table !== 'kontextDoc') return undefined;
    return { path: 'kontext', kind: m.settings_title(), title: m.kontext_title(), text: String(record.values['content']) };
  },
  fieldName: (table, field) => (table === 'kontextDoc' && field === 'content' ? m.kontext_field_content() : undefined),
};
