import { createSubscriber } from 'svelte/reactivity';
import type { Clock } from '@mana/shared/base/clock';
import { localDay } from '@mana/shared/base/local-day';
import type { Random } from '@mana/shared/base/random';
import type { ApiDeps, Fetch } from '@mana/shared/session/api-call';
import type { Session, SessionState } from '@mana/shared/session/session';
import type { StoreFailure } from '@mana/shared/store/failures';
import type { SpaceView } from '@mana/shared/session/spaces';
import type { Change, Store, Write } from '@mana/shared/store/store';
import type { Sync } from '@mana/shared/sync/status';
import { m } from '#messages';
import { getLocale } from '#paraglide/runtime.js';
import type { Preferences } from '#platform/preferences.svelte.ts';
import { createToasts } from '#ui/toasts.svelte.ts';
import { page } from '$app/state';
import { inSpace, type ChangeWords } from './spaces/app-in-space.ts';
import { personal, placeAt, placeForGood, type Place } from './spaces/open-space.ts';
import { createSpaceNames } from './spaces/space-names.svelte.ts';
import { createToday } from './today.svelte.ts';
import { createUndoStack } from './undo-stack.ts';

/** What the app is made of; `create-browser-app.ts` takes it from the browser. */
export interface AppDeps {
  readonly session: Session;
  readonly preferences: Preferences;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: Fetch;
}

interface ToastOptions {
  readonly undo?: () => unknown;
}

const outsideVault = 'Only screens inside an open vault read the store';

/** Everything that surrounds the modules: session, store, what was done and can be undone, day, language, looks. */
// oxlint-disable-next-line max-lines-per-function -- half of it names what screens read; the parts have files of their own
export function createApp({ session, preferences, clock, random, fetch }: AppDeps) {
  const watchSession = createSubscriber((update) => session.subscribe(update));
  const board = createToasts();
  const undoStack = createUndoStack();
  const today = createToday(clock);
  let opened: { readonly store: Store; readonly sync: Sync } | undefined;
  let keyHelpOpen = $state(false);
  let lastSlug = $state(personal.slug);

  const state = (): SessionState => {
    watchSession();
    return session.state();
  };

  /** The open vault; after it closed, the one that was open: what still asks for it hears that it is closed. */
  function vault() {
    const now = state();
    if (now.kind === 'open') opened = now;
    if (!opened) throw new Error(outsideVault);
    return opened;
  }

  const toasts = {
    board,
    show: (text: string, { undo: back }: ToastOptions = {}): void =>
      board.show({ text, ...(back ? { action: { label: m.app_undo(), run: () => void back() } } : {}) }),
    async failure(failure: StoreFailure): Promise<void> {
      const { sentenceOf, storeFailureWords } = await import('./failure-messages.ts');
      toasts.problem(sentenceOf(storeFailureWords(failure)));
    },
    problem: (text: string): void => board.show({ text, look: 'problem' }),
    /** A message that leads somewhere; a later one on the same topic takes its place. */
    lead: (text: string, lead: { readonly topic: string; readonly label: string; readonly run: () => void }): void =>
      board.show({ text, topic: lead.topic, action: lead }),
  };

  async function undo(changeId?: string): Promise<void> {
    const taken = undoStack.take(changeId);
    if (taken === undefined) return toasts.show(m.app_nothing_to_undo());
    const undone = await vault().store.undo(taken);
    if (!undone.ok) return toasts.failure(undone.error);
    undoStack.pushUndone(undone.value.id);
    if (changeId === undefined) toasts.show(m.app_undone());
  }

  async function redo(): Promise<void> {
    const taken = undoStack.takeUndone();
    if (taken === undefined) return toasts.show(m.app_nothing_to_redo());
    const redone = await vault().store.undo(taken);
    if (!redone.ok) return toasts.failure(redone.error);
    undoStack.pushRedone(redone.value.id);
    toasts.show(m.app_redone());
  }

  /** Something was done: it can be undone, from the toast and by the keys. */
  function remember({ id }: Change, { done }: ChangeWords = {}): void {
    undoStack.push(id);
    if (done !== undefined) toasts.show(done, { undo: () => undo(id) });
  }

  async function change(store: Store, writes: readonly Write[], words: ChangeWords): Promise<boolean> {
    const written = await store.write(writes);
    if (!written.ok) {
      void toasts.failure(written.error);
      return false;
    }
    remember(written.value, words);
    void preferences.askToPersist();
    return true;
  }

  const spaces = (): readonly SpaceView[] => {
    watchSession();
    return session.spaces.list();
  };
  /** Space of the address; of pages outside of all spaces the last one. */
  const openPlace = (): Place => placeAt(spaces(), page.params['space'] ?? lastSlug) ?? personal;

  const whole = {
    session,
    preferences,
    clock,
    random,
    fetch,
    /** The server, for what needs no keys. */
    get api(): ApiDeps {
      const now = session.state();
      return { baseUrl: '', fetch, cookies: true, account: now.kind === 'open' ? now.account?.id : undefined };
    },
    toasts,
    remember,
    undo,
    redo,
    forgetUndo: () => undoStack.clear(),
    /** Nothing of a vault that closed is shown or kept at hand. */
    forgetVault(): void {
      undoStack.clear();
      board.clear();
      keyHelpOpen = false;
    },
    get state(): SessionState {
      return state();
    },
    get migration() {
      watchSession();
      return session.migration();
    },
    /** The store of the open vault, in the person's own space. */
    get vault(): Store {
      return vault().store;
    },
    get sync(): Sync {
      return vault().sync;
    },
    /** The person's name; empty for a guest who gave none. */
    get name(): string {
      const now = state();
      if (now.kind === 'locked') return now.account.name;
      return now.kind === 'open' ? ((now.account ?? now.guest)?.name ?? '') : '';
    },
    get today(): string {
      return today.day;
    },
    get time(): string {
      return today.time;
    },
    /** Local day of an ISO time; undefined for an empty one. */
    dayOf: (isoTime: string): string | undefined => (isoTime === '' ? undefined : localDay(Date.parse(isoTime))),
    /** For dates and numbers: the person's own variant of the language that is shown. */
    get locale(): string {
      const shown = getLocale();
      return navigator.languages.find((language) => language.startsWith(shown)) ?? shown;
    },
    /** Shared spaces of the account. */
    get spaces(): readonly SpaceView[] {
      return spaces();
    },
    spaceNames: createSpaceNames(() => vault().store),
    /** The space that an address names: none of this person's, or, while that is not read, not known. */
    get placeState(): 'here' | 'missing' | 'reading' {
      const slug = page.params['space'];
      if (slug === undefined || placeAt(spaces(), slug)) return 'here';
      return session.spaces.known() ? 'missing' : 'reading';
    },
    /** Pages outside of all spaces go on with this one. */
    stayIn: (slug: string): void => {
      lastSlug = slug;
    },
    get keyHelpOpen(): boolean {
      return keyHelpOpen;
    },
    set keyHelpOpen(open: boolean) {
      keyHelpOpen = open;
    },
  };

  const parts = { spaces, vault: () => vault().store, change, refuse: () => toasts.problem(m.space_read_only()) };
  return {
    /** The app with the space of the address. */
    app: inSpace(whole, { ...parts, place: openPlace }),
    /** The app for the screens of the space that is open: they stay in it and in its account, also while another one is being opened and they save what was typed. */
    appOfOpenSpace: () => {
      const { store } = vault();
      return inSpace(whole, { ...parts, vault: () => store, place: placeForGood(openPlace(), spaces) });
    },
  };
}

/** The app as screens know it. */
export type App = ReturnType<typeof createApp>['app'];
