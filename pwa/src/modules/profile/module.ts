import UserRoundPen from '@lucide/icons/icons/user-round-pen';
import { m } from '#messages';
import type { AppModule } from '#shell/module.ts';

export const appModule: AppModule = {
  name: 'profile',
  position: 90,
  label: m.profile_about_title,
  icon: UserRoundPen,
  path: 'profile',
  inSettings: true,
  screen: () => import('./ProfilePage.svelte'),
};
