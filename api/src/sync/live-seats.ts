import type { LiveMessage } from '@mana/shared/wire/sync';
import type { Standing } from './live.queries.ts';

/** An authenticated socket of one device. */
export interface LiveListener {
  readonly accountId: string;
  readonly sessionId: string;
  readonly device: string;
  /** Called once, with where each of the account's spaces stands. */
  ready(standing: Standing): void;
  send(text: string): void;
  close(): void;
}

/** A listener and what it has been told. */
export interface Seat {
  readonly listener: LiveListener;
  /** Up to where it has been told, by space; undefined before it was told anything. */
  told: Map<string, number> | undefined;
  /** What happened while its standing was being read; undefined while it is settled. */
  missed: Map<string, number> | undefined;
  /** Counts the readings: only the latest one counts. */
  turn: number;
}

interface Move {
  readonly space: string;
  readonly before: number;
  readonly seq: number;
  readonly device: string;
}

export type Seats = ReturnType<typeof createSeats>;

/** Who listens, found by space. A seat is settled while it is known what its listener may hear; else it hears nothing, and afterwards what it missed. */
export function createSeats() {
  const byListener = new Map<LiveListener, Seat>();
  const bySpace = createSpaceIndex();
  const unsettled = new Set<Seat>();
  const byDevice = new Map<string, number>();
  const countOf = (device: string): number => byDevice.get(device) ?? 0;

  return {
    all: (): Seat[] => [...byListener.values()],
    add: (listener: LiveListener): Seat => {
      const seat: Seat = { listener, told: undefined, missed: undefined, turn: 0 };
      byListener.set(listener, seat);
      byDevice.set(listener.device, countOf(listener.device) + 1);
      return seat;
    },
    remove: (listener: LiveListener): void => {
      const seat = byListener.get(listener);
      if (!seat) return;
      byListener.delete(listener);
      if (countOf(listener.device) > 1) byDevice.set(listener.device, countOf(listener.device) - 1);
      else byDevice.delete(listener.device);
      unsettled.delete(seat);
      bySpace.leave(seat);
      seat.turn += 1; // a reading under way is of no use any more
    },
    /** From now on the seat hears nothing; answers the number of the reading that may settle it. */
    unsettle: (seat: Seat): number => {
      bySpace.leave(seat);
      seat.missed ??= new Map();
      unsettled.add(seat);
      seat.turn += 1;
      return seat.turn;
    },
    settle: (seat: Seat, standing: Standing): void => {
      const { told: before, missed = new Map<string, number>() } = seat;
      unsettled.delete(seat);
      seat.missed = undefined;
      seat.told = new Map(standing);
      bySpace.enter(seat);
      if (before) tellDifference(seat, before);
      else seat.listener.ready(standing);
      for (const [space, seq] of missed) nudgeSeat(seat, space, seq);
    },
    /** Tells a change of this process: whole to others, nothing to the device that made it. */
    tell: (move: Move, text: () => string): void => {
      let written: string | undefined;
      // Where two go by one name, one is a copy of the other's database: both must hear.
      const isCopied = countOf(move.device) > 1;
      const isMaker = (seat: Seat): boolean => seat.listener.device === move.device && !isCopied;
      for (const seat of bySpace.in(move.space)) {
        raise(seat, move);
        if (!isMaker(seat)) seat.listener.send((written ??= text()));
      }
      for (const seat of unsettled) if (!isMaker(seat)) miss(seat, move.space, move.seq);
    },
    /** Tells that a space went on, unless it is known. */
    nudge: (space: string, seq: number): void => {
      for (const seat of bySpace.in(space)) nudgeSeat(seat, space, seq);
      for (const seat of unsettled) miss(seat, space, seq);
    },
  };
}

/** Settled seats by the spaces that they hear. */
function createSpaceIndex() {
  const bySpace = new Map<string, Set<Seat>>();
  return {
    in: (space: string): Iterable<Seat> => bySpace.get(space) ?? [],
    enter: (seat: Seat): void => {
      for (const space of seat.told?.keys() ?? []) bySpace.set(space, (bySpace.get(space) ?? new Set()).add(seat));
    },
    leave: (seat: Seat): void => {
      for (const space of seat.told?.keys() ?? []) {
        bySpace.get(space)?.delete(seat);
        if (bySpace.get(space)?.size === 0) bySpace.delete(space);
      }
    },
  };
}

/** Only what follows on what was told counts as told: the notice of what lies between is still under way. */
function raise(seat: Seat, { space, before, seq }: Move): void {
  const told = seat.told?.get(space) ?? 0;
  if (before <= told && seq > told) seat.told?.set(space, seq);
}

function miss(seat: Seat, space: string, seq: number): void {
  seat.missed?.set(space, Math.max(seq, seat.missed.get(space) ?? 0));
}

function nudgeSeat(seat: Seat, space: string, seq: number): void {
  const told = seat.told?.get(space);
  if (told === undefined || seq <= told) return;
  seat.told?.set(space, seq);
  seat.listener.send(textOf({ type: 'nudge', space, seq }));
}

/** Tells a settled seat what is other than before: another set of spaces, or further ends. */
function tellDifference({ listener, told = new Map<string, number>() }: Seat, before: ReadonlyMap<string, number>): void {
  const isSameSet = before.size === told.size && [...told.keys()].every((space) => before.has(space));
  if (!isSameSet) listener.send(textOf({ type: 'session' }));
  for (const [space, seq] of told) if (seq > (before.get(space) ?? seq)) listener.send(textOf({ type: 'nudge', space, seq }));
}

const textOf = (message: LiveMessage): string => JSON.stringify(message);
