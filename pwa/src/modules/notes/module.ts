import NotebookPen from '@lucide/icons/icons/notebook-pen';
import { m } from '#messages';
import type { AppModule } from '#shell/module.ts';

export const appModule: AppModule = {
  name: 'notes',
  position: 2,
  label: m.notes_title,
  icon: NotebookPen,
  path: 'notes',
  key: 'o',
  screen: () => import('./NotesPage.svelte'),
  recordScreen: () => import('./NotePage.svelte'),
  homeCard: () => import('./RecentNotesCard.svelte'),
};
