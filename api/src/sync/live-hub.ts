import { MAX_LIVE_PAYLOAD_BYTES } from '@mana/shared/wire/limits';
import type { LiveMessage } from '@mana/shared/wire/sync';
import type { Clock } from '@mana/shared/base/clock';
import type { Database } from '../db/database.ts';
import { gather } from '../db/gather.ts';
import type { ChangedRecord } from './decide-push.ts';
import { createNoticeBoard, readNotice, type NoticeBoard } from './live-notices.ts';
import { createSeats, type LiveListener, type Seat, type Seats } from './live-seats.ts';
import { readLivingSessions, readStandings } from './live.queries.ts';

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
  /** Seats a listener: it is told where its spaces stand, and from then on what changes. Throws when the database does not answer. */
  join(listener: LiveListener): Promise<void>;
  leave(listener: LiveListener): void;
  announce(change: Announcement): void;
  /** Accounts joined or left a space, or may do something else in it: they hear nothing until it is known what they may hear. */
  membersChanged(accountIds: readonly string[]): void;
  /** Tells the sockets of an ended session, and closes them. */
  endSession(sessionId: string): void;
  /** Looks for what no notice told: ended sessions, changes whose notice was lost. */
  catchUp(): Promise<void>;
  /** Says goodbye to everybody: the server stops. */
  stop(): void;
  /** Sends other processes what they have not heard yet. */
  close(): Promise<void>;
}

interface LiveHubDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** Names this process among those on the same database. */
  readonly processId: string;
  readonly onTrouble: (thrown: unknown) => void;
}

export async function createLiveHub(deps: LiveHubDeps): Promise<LiveHub> {
  const { processId, onTrouble } = deps;
  const { notices } = deps.db;
  const seats = createSeats();
  const readings = createReadings(deps, seats);
  const board: NoticeBoard | undefined = notices && createNoticeBoard({ notices, processId, onTrouble });
  const endSessions = (ids: readonly string[]) => {
    for (const { listener } of seats.all()) if (ids.includes(listener.sessionId)) endListener(listener);
  };
  const takeNotice = (payload: string) => {
    const notice = readNotice(payload, processId);
    if (!notice) return;
    endSessions(notice.ended);
    readings.again(notice.members);
    for (const [space, seq] of Object.entries(notice.seqs)) seats.nudge(space, seq);
  };
  await notices?.subscribe(takeNotice, () => void readings.catchUp().catch(onTrouble));
  return {
    join: readings.join,
    leave: (listener) => seats.remove(listener),
    announce: (change) => {
      seats.tell(change, () => changeText(change));
      board?.change(change.space, change.seq);
    },
    membersChanged: (accountIds) => {
      readings.again(accountIds);
      board?.members(accountIds);
    },
    endSession: (sessionId) => {
      endSessions([sessionId]);
      board?.ended([sessionId]);
    },
    catchUp: readings.catchUp,
    stop: () => {
      for (const { listener } of seats.all()) listener.send(textOf({ type: 'bye' }));
      for (const { listener } of seats.all()) listener.close();
    },
    close: () => board?.close() ?? Promise.resolve(),
  };
}

/** What is read from the database for seats: whether their sessions live, and where their spaces stand. */
function createReadings({ db, clock, onTrouble }: LiveHubDeps, seats: Seats) {
  const readStanding = gather((accountIds) => db.as({ role: 'live' }, (transaction) => readStandings(transaction, accountIds)));
  const isLiving = gather((ids) => db.as({ role: 'live' }, (transaction) => readLivingSessions(transaction, ids, clock.nowMs())));

  /** Reads anew where a seat's spaces stand; whatever happens meanwhile is told afterwards. */
  const settle = async (seat: Seat): Promise<void> => {
    const turn = seats.unsettle(seat);
    const standing = (await readStanding(seat.listener.accountId)) ?? new Map<string, number>();
    if (seat.turn === turn) seats.settle(seat, standing);
  };
  const settleOrClose = (seat: Seat): Promise<void> =>
    settle(seat).catch((thrown: unknown) => {
      onTrouble(thrown);
      seat.listener.close(); // it comes back, and is told everything
    });
  const leaveIfEnded = async (listener: LiveListener): Promise<boolean> => {
    if (await isLiving(listener.sessionId)) return false;
    endListener(listener);
    return true;
  };
  return {
    join: async (listener: LiveListener): Promise<void> => {
      // Seated before it is looked at: a session that ends at this moment is either seen here or told to the seat.
      const seat = seats.add(listener);
      if (!(await leaveIfEnded(listener))) await settle(seat);
    },
    again: (accountIds: readonly string[]): void => {
      const changed = new Set(accountIds);
      for (const seat of seats.all().filter(({ listener }) => changed.has(listener.accountId))) {
        seat.listener.send(textOf({ type: 'session' }));
        void settleOrClose(seat);
      }
    },
    catchUp: async (): Promise<void> => {
      const present = seats.all();
      await Promise.all(present.map(({ listener }) => leaveIfEnded(listener)));
      await Promise.all(present.map(settleOrClose));
    },
  };
}

function endListener(listener: LiveListener): void {
  listener.send(textOf({ type: 'session' }));
  listener.close();
}

const textOf = (message: LiveMessage): string => JSON.stringify(message);

function changeText({ space, before, seq, records }: Announcement): string {
  const text = textOf({ type: 'change', space, before, seq, records: [...records] });
  return Buffer.byteLength(text) <= MAX_LIVE_PAYLOAD_BYTES ? text : textOf({ type: 'nudge', space, seq });
}
