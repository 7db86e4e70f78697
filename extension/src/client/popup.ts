import type { Clock } from '@mana/shared/base/clock';
import type { AccountView, Session } from '@mana/shared/session/session';
import type { Send } from '#app/messages.ts';
import type { AddableModule } from './line-to-write.ts';
import { createOpenClient, type OpenClient } from './open-client.ts';

/** What the popup takes from the browser. */
export interface PopupPorts {
  readonly clock: Clock;
  readonly send: Send;
  /** Origin of the connected instance, or null. */
  readInstance(): Promise<string | null>;
  /** Calls `listener` when instance or pairing have changed. */
  watch(listener: () => void): () => void;
  /** Asks the person for one origin. Must be the first thing after a click: Firefox forgets the click at the first wait. */
  askForHost(origin: string): Promise<boolean>;
  openPage(url: string): void;
  openSession(instance: string): Promise<Session>;
  readModule(): Promise<AddableModule>;
  keepModule(module: AddableModule): void;
}

/** What the popup shows. */
type Screen =
  | { readonly kind: 'opening' }
  | { readonly kind: 'connect'; readonly refusedOrigin: string | null }
  | { readonly kind: 'compare'; readonly origin: string; readonly code: string | null }
  | { readonly kind: 'locked'; readonly account: AccountView; readonly session: Session }
  | { readonly kind: 'failed'; readonly code: 'DATABASE_NEWER' | 'DATABASE_UNAVAILABLE' }
  | { readonly kind: 'open'; readonly client: OpenClient; readonly instance: string };

export interface Popup {
  screen(): Screen;
  subscribe(listener: () => void): () => void;
  /** Reads everything again. */
  look(): Promise<void>;
  connect(origin: string): Promise<void>;
  stopPairing(): Promise<void>;
  /** Drops the keys until the password is typed. */
  lock(): Promise<void>;
  /** Signs this browser out and deletes its copy. */
  disconnect(): Promise<void>;
  /** The window closes: the worker sends what is left. */
  closing(): void;
}

interface Opened {
  readonly instance: string;
  readonly session: Session;
  client: OpenClient | null;
}

interface PopupState {
  screen: Screen;
  opened: Opened | null;
  refusedOrigin: string | null;
}

export function createPopup(ports: PopupPorts): Popup {
  const listeners = new Set<() => void>();
  const state: PopupState = { screen: { kind: 'opening' }, opened: null, refusedOrigin: null };
  let pairing: Extract<Screen, { kind: 'compare' }> | null = null;
  const show = (): void => {
    state.screen = pairing ?? screenOfSession(state, ports);
    for (const listener of listeners) listener();
  };
  const look = async (): Promise<void> => {
    const reading = ports.send('readPairing', null);
    const instance = await ports.readInstance();
    if (instance !== (state.opened?.instance ?? null)) await changeInstance(instance, { state, ports, show });
    const view = await reading;
    pairing = view === null ? null : { kind: 'compare', ...view };
    show();
  };
  ports.watch(() => void look());
  return {
    screen: () => state.screen,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    look,
    async connect(origin) {
      const answer = ports.askForHost(origin);
      await ports.send('requestPairing', { origin });
      const granted = await answer;
      if (!granted) await ports.send('cancelPairing', null);
      state.refusedOrigin = granted ? null : origin;
      await look();
    },
    async stopPairing() {
      await ports.send('cancelPairing', null);
      await look();
    },
    async lock() {
      const { opened } = state;
      const before = opened?.session.state();
      await opened?.session.lock();
      if (before?.kind === 'open' && before.account) await ports.send('lockedHere', { account: before.account.id });
    },
    async disconnect() {
      await state.opened?.session.signOut({ forget: true });
      await ports.send('disconnect', null);
      await look();
    },
    closing() {
      const { screen } = state;
      if (screen.kind === 'open' && screen.client.store.pendingCount() > 0) void ports.send('sendWritten', { now: true });
    },
  };
}

async function changeInstance(instance: string | null, { state, ports, show }: { state: PopupState; ports: PopupPorts; show: () => void }) {
  state.opened = null;
  if (instance === null) return;
  const session = await ports.openSession(instance);
  const opened: Opened = { instance, session, client: null };
  state.opened = opened;
  session.subscribe(() => {
    if (state.opened === opened) show();
  });
  await session.start();
  const current = session.state();
  if (current.kind === 'open') void current.sync.syncNow();
}

function screenOfSession({ opened, refusedOrigin }: PopupState, ports: PopupPorts): Screen {
  if (opened === null) return { kind: 'connect', refusedOrigin };
  const current = opened.session.state();
  switch (current.kind) {
    case 'none':
      return { kind: 'connect', refusedOrigin };
    case 'starting':
      return { kind: 'opening' };
    case 'locked':
      return { kind: 'locked', account: current.account, session: opened.session };
    case 'failed':
      return { kind: 'failed', code: current.code };
    case 'open': {
      const { store, sync } = current;
      if (opened.client?.store !== store) {
        const written = (): void => void ports.send('sendWritten', { now: false });
        opened.client = createOpenClient({ store, sync, clock: ports.clock, written });
      }
      return { kind: 'open', client: opened.client, instance: opened.instance };
    }
  }
}
