import { goto } from '$app/navigation';
import { m } from '#messages';
import type { App } from '../app.svelte.ts';

/** Own edits lost against somebody else's: how many in all that nobody has looked at. */
export const noticeLosses = ({ toasts }: App, count: number): void =>
  toasts.lead(m.history_notice({ count }), { topic: 'losses', label: m.history_look(), run: () => void goto('/history') });

/** What a guest wrote is in the account. */
export const noticeMove = ({ toasts }: App, count: number): void => toasts.show(m.move_done({ count }));
