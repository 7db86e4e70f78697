import BookOpenText from '@lucide/icons/icons/book-open-text';
import { m } from '#messages';
import type { AppModule } from '#shell/module.ts';

export const appModule: AppModule = {
  name: 'kontext',
  position: 91,
  label: m.kontext_title,
  icon: BookOpenText,
  path: 'kontext',
  inSettings: true,
  screen: () => import('./KontextPage.svelte'),
};
