import { goto } from '$app/navigation';
import type { App } from '../app.svelte.ts';
import { modules } from '../modules.ts';

/** How long `g` waits for the next key, in milliseconds. */
const CHORD_MS = 1_200;

const typedInto = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable], dialog[open]';
const isTyping = (target: EventTarget | null): boolean => target instanceof Element && target.closest(typedInto) !== null;

function focusQuickAdd(): void {
  document.getElementById('quick-add')?.focus();
}

const isCommand = (event: KeyboardEvent): boolean => event.ctrlKey || event.metaKey;
const isUndo = (event: KeyboardEvent): boolean => isCommand(event) && !event.shiftKey && event.key.toLowerCase() === 'z';
const isRedo = (event: KeyboardEvent): boolean =>
  isCommand(event) && ((event.shiftKey && event.key.toLowerCase() === 'z') || event.key.toLowerCase() === 'y');

/** Takes the newest change back, or does it again; true when the keys asked for that. */
function stepThroughChanges(app: App, event: KeyboardEvent): boolean {
  if (!isUndo(event) && !isRedo(event)) return false;
  event.preventDefault();
  void (isUndo(event) ? app.undo() : app.redo());
  return true;
}

/** The keys that work everywhere in the open app. */
export function createShortcuts(app: App): (event: KeyboardEvent) => void {
  let chordSince = Number.NEGATIVE_INFINITY;
  const places: Readonly<Record<string, string>> = {
    h: '',
    s: 'search',
    ...Object.fromEntries(modules.flatMap(({ key, path }) => (key ? [[key, path]] : []))),
  };
  const actions: Readonly<Record<string, (at: number) => void>> = {
    n: focusQuickAdd,
    '?': () => (app.keyHelpOpen = true),
    '/': () => void goto(app.href('search')),
    g: (at) => (chordSince = at),
  };

  return (event) => {
    if (event.defaultPrevented || isTyping(event.target)) return;
    if (stepThroughChanges(app, event)) return;
    if (isCommand(event) || event.altKey) return;
    const place = event.timeStamp - chordSince < CHORD_MS ? places[event.key] : undefined;
    chordSince = Number.NEGATIVE_INFINITY;
    const action = place === undefined ? actions[event.key] : () => void goto(app.href(place));
    if (!action) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    action(event.timeStamp);
  };
}
