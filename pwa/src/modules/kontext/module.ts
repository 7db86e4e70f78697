import BookOpenText from '@lucide/icons/icons/book-open-text';
import { m } from '#messages';
import type { AppModule } from '#shell/module.ts';

export const appModule: AppModule = {
  name: 'kontext',
  position: 91,
  label: m.kontext_title,
  icon: BookOpenText,
  path: 'kontext',
  settingsHint: m.kontext_hint,
  screen: () => import('./KontextPage.svelte'),
  search(record) {
    if (record.table !== 'kontextDoc') return undefined;
    return { path: 'kontext', kind: m.settings_title(), title: m.kontext_title(), text: String(record.values['content']) };
  },
  fieldName: (table, field) => (table === 'kontextDoc' && field === 'content' ? m.kontext_field_content() : undefined),
};
