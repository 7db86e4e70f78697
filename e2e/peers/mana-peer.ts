import { createSync } from '@mana/shared/sync/create-sync';
import { createHttpTransport, type LiveSocket } from '@mana/shared/sync/http-transport';
import type { SyncEnvironment } from '@mana/shared/sync/sync-environment';
import type { OpenRecord, Store, TableView } from '@mana/shared/store/store';
import type { Sync } from '@mana/shared/sync/status';
import type { ValuesOf } from '@mana/shared/modules/define-module';
import { notes } from '@mana/shared/modules/notes/notes';
import { createSessionDevice } from '@mana/shared/testing/session-device';
import { newPerson, type Person } from '../person.ts';
import { ManaServer } from '../server/mana-server.ts';
import { firstOrder, type PeerDevice, type PeerRecord, type SyncPeer } from './sync-peer.ts';

type Note = ValuesOf<typeof notes>;

/** Records in one batch of the store: as large as an import makes them. */
const batchRecords = 500;

/** One tab, always online. */
const environment: SyncEnvironment = {
  isOnline: () => true,
  onWake: () => () => undefined,
  lead(run) {
    const end = new AbortController();
    void run(end.signal);
    return () => end.abort();
  },
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A browser's fetch and socket: they bring the cookie along and say which page they come from. */
function createCookieNetwork(origin: string) {
  let cookie = '';
  const fetchWithCookie = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('origin', origin);
    if (cookie) headers.set('cookie', cookie);
    const answer = await fetch(new URL(path, origin), { ...init, headers });
    const set = answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
    const kept = new Map([...cookie.split('; '), ...set].filter(Boolean).map((pair) => [pair.slice(0, pair.indexOf('=')), pair]));
    cookie = [...kept.values()].join('; ');
    return answer;
  };
  // Bun's socket takes headers, which the browser's does not.
  const Socket = WebSocket as unknown as new (url: string, options: { headers: Record<string, string> }) => LiveSocket;
  return { fetch: fetchWithCookie, openSocket: (url: string) => new Socket(url, { headers: { origin, cookie } }) };
}

/** Resolves when a condition holds that may change with each call of a listener. */
const until = (subscribe: (listener: () => void) => () => void, holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const check = (): void => {
      if (!holds()) return;
      stop();
      resolve();
    };
    const stop = subscribe(check);
    if (holds()) check();
  });

const noteOf = ({ title, body, done, order }: PeerRecord): Note => ({ title, body, tags: [order], pinned: done });

class ManaDevice implements PeerDevice {
  readonly #store: Store;
  readonly #sync: Sync;
  readonly #view: TableView<Note>;

  constructor(store: Store, sync: Sync) {
    this.#store = store;
    this.#sync = sync;
    this.#view = store.table(notes);
  }

  async write(records: readonly PeerRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += batchRecords) {
      const batch = records.slice(from, from + batchRecords);
      const written = await this.#store.write(batch.map((record) => ({ kind: 'put', table: 'notes', values: noteOf(record) })));
      if (!written.ok) throw new Error(written.error.code);
    }
  }

  uploaded(): Promise<void> {
    return until(
      (listener) => this.#sync.subscribe(listener),
      () => this.#sync.status().state === 'synced' && this.#store.pendingCount() === 0,
    );
  }

  whenReadable(count: number): Promise<void> {
    const isThere = ({ values: { title, body, tags } }: OpenRecord<Note>): boolean => Boolean(title && body && tags[0]);
    return until(
      (listener) => this.#view.subscribe(listener),
      () => this.#view.all().length >= count && this.#view.all().every(isThere),
    );
  }

  whenLive(): Promise<void> {
    return until(
      (listener) => this.#sync.subscribe(listener),
      () => this.#sync.status().live,
    );
  }

  async retitle(title: string): Promise<void> {
    const written = await this.#store.write([{ kind: 'patch', table: 'notes', id: this.#first().id, values: { title } }]);
    if (!written.ok) throw new Error(written.error.code);
  }

  whenTitled(title: string): Promise<void> {
    const { id } = this.#first();
    return until(
      (listener) => this.#view.subscribe(listener),
      () => this.#view.get(id)?.values.title === title,
    );
  }

  #first(): OpenRecord<Note> {
    const note = this.#view.all().find(({ values }) => values.tags[0] === firstOrder);
    if (!note) throw new Error('the first record is not there');
    return note;
  }
}

/** A device with the product's session, store and sync, on a storage in memory. */
async function openDevice(url: string, person: Person, act: 'signUp' | 'signIn'): Promise<PeerDevice> {
  const network = createCookieNetwork(url);
  const browser = { fetch: network.fetch, sent: [], offline: false, failing: undefined };
  const device = createSessionDevice(browser, (platform) => ({
    ...platform,
    openSync: ({ tokens: _, ...parts }) =>
      createSync({ ...parts, environment, transport: createHttpTransport({ ...network, baseUrl: url }) }),
  }));
  const session = device.openTab();
  await session.start();
  const entered = await session[act](person);
  const state = session.state();
  if (!entered.ok || state.kind !== 'open') throw new Error(`${act}: ${entered.ok ? state.kind : entered.error}`);
  return new ManaDevice(state.store, state.sync);
}

/** Mana: its server with the embedded database, as `npm start` runs it. */
export async function openManaPeer(): Promise<SyncPeer> {
  const server = await ManaServer.open({ env: { MANA_LOG_LEVEL: 'warn' } });
  const person = newPerson('Ada');
  return {
    openFirst: () => openDevice(server.url, person, 'signUp'),
    openSecond: () => openDevice(server.url, person, 'signIn'),
    close: () => server.close(),
  };
}
