const typing = 'input:not([type="checkbox"]), textarea, select, dialog, [contenteditable]';

/** Name of a key in a table of list keys: `j`, `Enter`, `Alt+ArrowDown`. */
const nameOf = (event: KeyboardEvent): string => (event.altKey ? `Alt+${event.key}` : event.key);

/** What a key does in a list; undefined where it belongs to a field, a dialog, a link or the browser. */
export function listAction<Action>(event: KeyboardEvent, actions: Readonly<Record<string, Action>>): Action | undefined {
  const target = event.target instanceof Element ? event.target : undefined;
  if (event.ctrlKey || event.metaKey || event.defaultPrevented || target?.closest(typing)) return undefined;
  if (event.key === 'Enter' && target?.closest('a, button')) return undefined;
  return actions[nameOf(event)];
}

/** Place of the next selected row: the first or last one when none is selected yet. */
export function stepIn(length: number, at: number, step: number): number {
  if (at === -1) return step > 0 ? 0 : length - 1;
  return Math.min(length - 1, Math.max(0, at + step));
}
