import ListChecks from '@lucide/icons/icons/list-checks';
import { m } from '#messages';
import type { AppModule } from '#shell/module.ts';

export const appModule: AppModule = {
  name: 'todo',
  position: 1,
  label: m.todo_title,
  icon: ListChecks,
  path: 'todo',
  key: 't',
  screen: () => import('./TodoPage.svelte'),
  recordScreen: () => import('./TaskPage.svelte'),
  homeCard: () => import('./TodayCard.svelte'),
};
