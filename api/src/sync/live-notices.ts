import { z } from 'zod';
import type { Notices } from '../db/database.ts';

/** What one process tells the others: spaces that moved, and up to where; sessions that ended; accounts whose memberships changed. */
const noticeSchema = z.object({
  from: z.string(),
  seqs: z.record(z.string(), z.number()),
  ended: z.array(z.string()),
  members: z.array(z.string()),
});
type Notice = z.infer<typeof noticeSchema>;

export interface NoticeBoard {
  change(space: string, seq: number): void;
  ended(sessionIds: readonly string[]): void;
  members(accountIds: readonly string[]): void;
  /** Sends the rest, as far as it can be sent, and rests. */
  close(): Promise<void>;
}

interface NoticeBoardDeps {
  readonly notices: Notices;
  readonly processId: string;
  readonly onTrouble: (thrown: unknown) => void;
}

const gatherMs = 20; // every notifying commit takes a lock of the whole database cluster
const retryMs = 500;
const maxEntries = 100; // a notice ends at 8,000 bytes; an entry takes about 60

/** Gathers what other processes must hear, and sends it together. */
export function createNoticeBoard({ notices, processId, onTrouble }: NoticeBoardDeps): NoticeBoard {
  const unsent = createUnsent(processId);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<void> = Promise.resolve();
  const send = async () => {
    while (unsent.count() > 0) {
      const notice = unsent.take();
      try {
        await notices.publish(JSON.stringify(notice));
      } catch (thrown) {
        unsent.add(notice);
        onTrouble(thrown);
        timer ??= setTimeout(flush, retryMs);
        return;
      }
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    sending = sending.then(send);
    return sending;
  };
  return {
    change: (space, seq) => {
      unsent.add({ seqs: { [space]: seq } });
      timer ??= setTimeout(flush, gatherMs);
    },
    ended: (sessionIds) => {
      unsent.add({ ended: sessionIds });
      void flush();
    },
    members: (accountIds) => {
      unsent.add({ members: accountIds });
      void flush();
    },
    close: async () => {
      await flush();
      clearTimeout(timer);
    },
  };
}

/** What is still to be told, each thing once. */
function createUnsent(processId: string) {
  const seqs = new Map<string, number>();
  const ended = new Set<string>();
  const members = new Set<string>();
  return {
    count: () => seqs.size + ended.size + members.size,
    add: (more: { seqs?: Readonly<Record<string, number>>; ended?: readonly string[]; members?: readonly string[] }) => {
      for (const [space, seq] of Object.entries(more.seqs ?? {})) seqs.set(space, Math.max(seq, seqs.get(space) ?? 0));
      for (const id of more.ended ?? []) ended.add(id);
      for (const id of more.members ?? []) members.add(id);
    },
    /** One notice's worth, removed from here. */
    take: (): Notice => {
      let room = maxEntries;
      const first = <Entry>(entries: Iterable<Entry>): Entry[] => {
        const taken = [...entries].slice(0, room);
        room -= taken.length;
        return taken;
      };
      const notice = { from: processId, ended: first(ended), members: first(members), seqs: Object.fromEntries(first(seqs)) };
      for (const id of notice.ended) ended.delete(id);
      for (const id of notice.members) members.delete(id);
      for (const space of Object.keys(notice.seqs)) seqs.delete(space);
      return notice;
    },
  };
}

/** Reads another process's notice; undefined for our own, and for what none of ours wrote. */
export function readNotice(payload: string, processId: string): Notice | undefined {
  const parsed = noticeSchema.safeParse(parseJson(payload));
  return parsed.success && parsed.data.from !== processId ? parsed.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
