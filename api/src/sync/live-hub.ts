import { MAX_LIVE_PAYLOAD_BYTES } from '@mana/shared/wire/limits';
import type { LiveMessage } from '@mana/shared/wire/sync';
import type { Notices } from '../db/database.ts';
import type { ChangedRecord } from './decide-push.ts';

/** An authenticated socket of one device. */
export interface LiveListener {
  readonly device: string;
  readonly sessionId: string;
  readonly spaces: ReadonlySet<string>;
  send(text: string): void;
  close(): void;
}

/** A committed change of one space. */
interface Announcement {
  readonly space: string;
  readonly before: number;
  readonly seq: number;
  readonly records: readonly ChangedRecord[];
  /** Device that made the change: it does not hear of it. */
  readonly device: string;
}

/** Tells devices what changed, in this process at once, in others by the database. */
export interface LiveHub {
  add(listener: LiveListener): void;
  remove(listener: LiveListener): void;
  announce(change: Announcement): void;
  /** Tells the sockets of an ended session, and closes them. */
  endSession(sessionId: string): void;
  /** Says goodbye to everybody: the server stops. */
  stop(): void;
}

const gatherMs = 20; // every notifying commit takes a lock of the whole database cluster
const maxNoticeSpaces = 100; // a notice ends at 8,000 bytes; a space takes about 60

interface Notice {
  readonly from: string;
  readonly seqs: Readonly<Record<string, number>>;
  readonly ended: readonly string[];
}

export interface LiveHubDeps {
  readonly notices: Notices | undefined;
  /** Names this process among those on the same database. */
  readonly processId: string;
  readonly onTrouble: (thrown: unknown) => void;
}

export async function createLiveHub({ notices, processId, onTrouble }: LiveHubDeps): Promise<LiveHub> {
  const listeners = new Set<LiveListener>();
  const listenersOf = (space: string) => [...listeners].filter((listener) => listener.spaces.has(space));
  const outgoing = createOutgoing(notices, processId, onTrouble);

  const closeSession = (sessionId: string) => {
    for (const listener of [...listeners].filter((each) => each.sessionId === sessionId)) {
      listener.send(textOf({ type: 'session' }));
      listener.close();
    }
  };
  await notices?.subscribe((payload) => {
    const notice = JSON.parse(payload) as Notice;
    if (notice.from === processId) return;
    for (const [space, seq] of Object.entries(notice.seqs)) {
      for (const listener of listenersOf(space)) listener.send(textOf({ type: 'nudge', space, seq }));
    }
    notice.ended.forEach(closeSession);
  });
  return {
    add: (listener) => listeners.add(listener),
    remove: (listener) => listeners.delete(listener),
    announce: (change) => {
      const others = listenersOf(change.space).filter((listener) => listener.device !== change.device);
      if (others.length > 0) {
        const text = changeText(change);
        for (const listener of others) listener.send(text);
      }
      outgoing.change(change.space, change.seq);
    },
    endSession: (sessionId) => {
      closeSession(sessionId);
      outgoing.ended(sessionId);
    },
    stop: () => {
      for (const listener of listeners) listener.send(textOf({ type: 'bye' }));
      for (const listener of [...listeners]) listener.close();
    },
  };
}

/** Gathers what other processes must hear, and sends it together. */
function createOutgoing(notices: Notices | undefined, from: string, onTrouble: (thrown: unknown) => void) {
  let seqs = new Map<string, number>();
  let ended: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const notice: Notice = { from, seqs: Object.fromEntries(seqs), ended };
    seqs = new Map();
    ended = [];
    notices?.publish(JSON.stringify(notice)).catch(onTrouble);
  };
  const schedule = () => {
    if (seqs.size + ended.length >= maxNoticeSpaces) flush();
    else timer ??= setTimeout(flush, gatherMs);
  };
  return {
    change: (space: string, seq: number) => {
      if (!notices) return;
      seqs.set(space, Math.max(seq, seqs.get(space) ?? 0));
      schedule();
    },
    ended: (sessionId: string) => {
      if (!notices) return;
      ended.push(sessionId);
      schedule();
    },
  };
}

const textOf = (message: LiveMessage): string => JSON.stringify(message);

function changeText({ space, before, seq, records }: Announcement): string {
  const text = textOf({ type: 'change', space, before, seq, records: [...records] });
  return Buffer.byteLength(text) <= MAX_LIVE_PAYLOAD_BYTES ? text : textOf({ type: 'nudge', space, seq });
}
