import type { LiveMessage } from '@mana/shared/wire/sync';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { Database, Notices } from '../db/database.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { fieldOf, opOf, push, stampAt } from '../testing/test-ops.ts';
import { emptySpace, signUp, type TestPerson } from '../testing/test-person.ts';
import { createLiveHub, type LiveHub } from './live-hub.ts';
import type { LiveListener } from './live-seats.ts';

let app: TestApp;
let person: TestPerson;
let sessionId: string;
let hubs: LiveHub[] = [];

beforeAll(async () => {
  app = await createTestApp();
}, 60_000);
beforeEach(async () => {
  person = await signUp((request) => app.app.handle(request));
  await emptySpace(app.database, person);
  const [session] = await app.database.asOwner(`select id from auth.sessions where account_id = '${person.account.id}'`);
  sessionId = String(session?.['id']);
});
afterEach(async () => {
  await Promise.all(hubs.map((hub) => hub.close()));
  hubs = [];
});
afterAll(() => app.close());

/** A board between processes that a test can break. */
function createBus() {
  const subscribers: { listener: (payload: string) => void; onGap: () => void }[] = [];
  const sent: string[] = [];
  let failures = 0;
  const notices: Notices = {
    publish: async (payload) => {
      if (failures-- > 0) throw new Error('no connection');
      sent.push(payload);
      for (const { listener } of subscribers) listener(payload);
    },
    subscribe: async (listener, onGap) => {
      subscribers.push({ listener, onGap });
    },
  };
  return {
    notices,
    sent,
    failNext: (times: number) => (failures = times),
    reconnect: () => {
      for (const { onGap } of subscribers) onGap();
    },
  };
}

async function openHub(more: Partial<Database> = {}): Promise<LiveHub> {
  const db = { ...app.deps.db, notices: undefined, ...more };
  const hub = await createLiveHub({ db, clock: app.clock, processId: crypto.randomUUID(), onTrouble: () => undefined });
  hubs.push(hub);
  return hub;
}

/** A device that remembers what it was told; `heard(n)` resolves with all of it once there are so many. */
function newListener(more: Partial<LiveListener> = {}) {
  const messages: (LiveMessage | { type: 'closed' })[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const note = (message: LiveMessage | { type: 'closed' }) => {
    messages.push(message);
    for (const { count, resolve } of waiting) if (messages.length >= count) resolve();
  };
  const listener: LiveListener = {
    accountId: person.account.id,
    sessionId,
    device: 'ffffffffffffffff',
    ready: (standing) => note({ type: 'ready', generation: 1, spaces: Object.fromEntries(standing), now: 0 }),
    send: (text) => note(JSON.parse(text) as LiveMessage),
    close: () => note({ type: 'closed' }),
    ...more,
  };
  const heard = async (count: number) => {
    if (messages.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
    return messages;
  };
  return { listener, messages, heard };
}

const typesOf = (messages: readonly { type: string }[]) => messages.map(({ type }) => type);
const raiseSeq = (seq: number) => app.database.asOwner(`update sync.spaces set seq = ${seq} where id = '${person.space}'`);
const changeOf = (before: number, device = 'a1b2c3d4e5f60718') => ({ space: person.space, before, seq: before + 1, records: [], device });

describe('what no notice told', () => {
  test('is found by looking: a change of a process that died before it could tell', async () => {
    const hub = await openHub();
    const { listener, messages } = newListener();
    await hub.join(listener);
    await raiseSeq(7);
    await hub.catchUp();
    expect(messages).toEqual([
      { type: 'ready', generation: 1, spaces: { [person.space]: 0 }, now: 0 },
      { type: 'nudge', space: person.space, seq: 7 },
    ]);
    await hub.catchUp();
    expect(messages).toHaveLength(2);
  });

  test('is looked for when the connection of the notices comes back', async () => {
    const bus = createBus();
    const hub = await openHub({ notices: bus.notices });
    const { listener, heard } = newListener();
    await hub.join(listener);
    await raiseSeq(3);
    bus.reconnect();
    expect((await heard(2))[1]).toEqual({ type: 'nudge', space: person.space, seq: 3 });
  });

  test('is found too where a session ended or ran out', async () => {
    const hub = await openHub();
    const { listener, messages } = newListener();
    await hub.join(listener);
    await app.database.asOwner(`delete from auth.sessions where id = '${sessionId}'`);
    await hub.catchUp();
    expect(typesOf(messages)).toEqual(['ready', 'session', 'closed']);
  });
});

describe('notices between processes', () => {
  test('a change reaches the other process’s device once, and one that it knows already not again', async () => {
    const bus = createBus();
    const [writer, reader] = [await openHub({ notices: bus.notices }), await openHub({ notices: bus.notices })];
    const { listener, messages, heard } = newListener();
    await reader.join(listener);
    writer.announce(changeOf(0));
    expect((await heard(2))[1]).toEqual({ type: 'nudge', space: person.space, seq: 1 });
    writer.announce(changeOf(0));
    await writer.close();
    expect(bus.sent).toHaveLength(2);
    expect(messages).toHaveLength(2);
  });

  test('what cannot be sent is kept and sent later', async () => {
    const bus = createBus();
    const hub = await openHub({ notices: bus.notices });
    bus.failNext(1);
    hub.announce(changeOf(0));
    await hub.close();
    expect(bus.sent).toEqual([]);
    await hub.close();
    expect(bus.sent.map((text) => JSON.parse(text).seqs)).toEqual([{ [person.space]: 1 }]);
  });

  test('however much moved, a notice stays below what PostgreSQL carries', async () => {
    const bus = createBus();
    const hub = await openHub({ notices: bus.notices });
    for (let index = 0; index < 1_000; index++) hub.announce({ ...changeOf(123_456_789_012), space: crypto.randomUUID() });
    hub.membersChanged(Array.from({ length: 250 }, () => crypto.randomUUID()));
    await hub.close();
    const notices = bus.sent.map((text) => JSON.parse(text));
    expect(Math.max(...bus.sent.map((text) => text.length))).toBeLessThan(8_000);
    expect(notices.flatMap(({ seqs }) => Object.keys(seqs))).toHaveLength(1_000);
    expect(notices.flatMap(({ members }) => members)).toHaveLength(250);
  });

  test('an ended session is closed in every process at once', async () => {
    const bus = createBus();
    const [here, there] = [await openHub({ notices: bus.notices }), await openHub({ notices: bus.notices })];
    const [own, other] = [newListener(), newListener()];
    await here.join(own.listener);
    await there.join(other.listener);
    here.endSession(sessionId);
    expect(typesOf(await other.heard(3))).toEqual(['ready', 'session', 'closed']);
    expect(typesOf(own.messages)).toEqual(['ready', 'session', 'closed']);
  });

  test('a text of somebody else’s on the channel is ignored', async () => {
    const bus = createBus();
    const hub = await openHub({ notices: bus.notices });
    const { listener, messages } = newListener();
    await hub.join(listener);
    for (const text of ['', 'null', '[]', '{', '{"from":1}', '{"from":"x","seqs":7,"ended":{},"members":null}'])
      await bus.notices.publish(text);
    expect(messages).toHaveLength(1);
  });
});

describe('a listener', () => {
  test('hears of its own account’s spaces only, and not of its own changes', async () => {
    const hub = await openHub();
    const [own, other] = [newListener({ device: 'a1b2c3d4e5f60718' }), newListener()];
    await hub.join(own.listener);
    await hub.join(other.listener);
    hub.announce(changeOf(0));
    hub.announce({ ...changeOf(0), space: crypto.randomUUID() });
    expect(own.messages).toHaveLength(1);
    expect(typesOf(other.messages)).toEqual(['ready', 'change']);
  });

  test('whose membership ended hears nothing of the space from that moment on, in every process', async () => {
    const bus = createBus();
    const [here, there] = [await openHub({ notices: bus.notices }), await openHub({ notices: bus.notices })];
    const [own, other] = [newListener(), newListener()];
    await here.join(own.listener);
    await there.join(other.listener);
    await app.database.asOwner(`delete from sync.members where space_id = '${person.space}'`);
    here.membersChanged([person.account.id]);
    await other.heard(2);
    here.announce(changeOf(0));
    there.announce(changeOf(1));
    await here.catchUp();
    await there.catchUp();
    await here.close();
    for (const { messages } of [own, other]) expect(new Set(typesOf(messages))).toEqual(new Set(['ready', 'session']));
  });

  test('is told afterwards what happened while its standing was read', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const read: string[] = [];
    const slow: Database['as'] = async (identity, work) => {
      const value = await app.deps.db.as(identity, work);
      read.push(identity.role);
      if (read.length === 2) await gate;
      return value;
    };
    const hub = await openHub({ as: slow });
    const { listener, heard } = newListener();
    const joined = hub.join(listener);
    while (read.length < 2) await Promise.resolve().then(() => new Promise(setImmediate));
    hub.announce(changeOf(0));
    release();
    await joined;
    expect(await heard(2)).toEqual([
      { type: 'ready', generation: 1, spaces: { [person.space]: 0 }, now: 0 },
      { type: 'nudge', space: person.space, seq: 1 },
    ]);
  });

  test('whose session ends while it is greeted is not let in', async () => {
    const hub = await openHub();
    const { listener, messages } = newListener({ sessionId: crypto.randomUUID() });
    await hub.join(listener);
    expect(typesOf(messages)).toEqual(['session', 'closed']);
  });

  test('that left is told nothing more', async () => {
    const hub = await openHub();
    const { listener, messages } = newListener();
    await hub.join(listener);
    hub.leave(listener);
    hub.announce(changeOf(0));
    await raiseSeq(9);
    await hub.catchUp();
    expect(messages).toHaveLength(1);
  });

  test('is one of a thousand that come at once, and they cost a handful of transactions', async () => {
    let transactions = 0;
    const counting: Database['as'] = (identity, work) => {
      transactions += 1;
      return app.deps.db.as(identity, work);
    };
    const hub = await openHub({ as: counting });
    const listeners = Array.from({ length: 1_000 }, (_, index) => newListener({ device: index.toString(16).padStart(16, '0') }));
    await Promise.all(listeners.map(({ listener }) => hub.join(listener)));
    expect(listeners.filter(({ messages }) => messages[0]?.type === 'ready')).toHaveLength(1_000);
    expect(transactions).toBeLessThan(20);
  });
});

test('a push of this process is told whole to the others of the account', async () => {
  const { listener, messages } = newListener();
  await app.deps.live.join(listener);
  const op = opOf(person, { title: fieldOf(person, stampAt(app.clock.nowMs())) });
  await push(person, [op], { n: 1 });
  expect(messages[1]).toMatchObject({ type: 'change', before: 0, seq: 1, records: [{ id: op.id }] });
  app.deps.live.leave(listener);
});
