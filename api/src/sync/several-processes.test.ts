import { paths } from '@mana/shared/wire/endpoints';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import postgres from 'postgres';
import { createServerProcess, type ServerProcess } from '../testing/server-process.ts';
import { createPostgresDatabase, serverUrl } from '../testing/test-database.ts';
import { fieldOf, opOf, push, stampAt } from '../testing/test-ops.ts';
import { emptySpace, signUp, type TestPerson } from '../testing/test-person.ts';
import { connectDevice } from '../testing/test-socket.ts';

// Only PostgreSQL serves several processes: the embedded database refuses a second one.
if (serverUrl) runOn(serverUrl);

function runOn(postgresServer: string): void {
  let dataDir: string;
  let owner: postgres.Sql;
  let processes: ServerProcess[] = [];
  const at = (index: number): string => processes[index]?.baseUrl() ?? '';
  const listening = `select pid from pg_stat_activity where datname = current_database() and query ilike 'listen %'`;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'mana-several-'));
    const databaseUrl = await createPostgresDatabase(postgresServer);
    owner = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
    processes = [createServerProcess({ dataDir, databaseUrl }), createServerProcess({ dataDir, databaseUrl })];
    await Promise.all(processes.map((each) => each.start())); // both migrate at once: one waits for the other
  }, 60_000);
  afterAll(async () => {
    await Promise.all(processes.map((each) => each.stop()));
    await owner.end();
    rmSync(dataDir, { recursive: true, force: true });
  }, 30_000);

  const atProcess = (person: TestPerson, index: number): TestPerson => ({
    ...person,
    browser: processes[index]?.browserOf(person) ?? person.browser,
  });
  const newPerson = async (): Promise<TestPerson> => {
    const person = await signUp(fetch, { baseUrl: at(0) });
    await emptySpace({ asOwner: async (statements) => [...(await owner.unsafe(statements))] }, person);
    return person;
  };
  const edit = (person: TestPerson) => opOf(person, { title: fieldOf(person, stampAt(Date.now())) });

  describe('two servers on one PostgreSQL', () => {
    test('an edit at one reaches a device at the other, and the other way round', async () => {
      const person = await newPerson();
      const [here, there] = [await connectDevice(at(0), person, 'a'.repeat(16)), await connectDevice(at(1), person, 'b'.repeat(16))];
      await push(atProcess(person, 0), [edit(person)], { n: 1, device: 'a'.repeat(16) });
      expect(await there.socket.next()).toEqual({ type: 'nudge', space: person.space, seq: 1 });
      await push(atProcess(person, 1), [edit(person)], { n: 1, device: 'b'.repeat(16) });
      expect(await here.socket.next()).toEqual({ type: 'nudge', space: person.space, seq: 2 });
      expect([here.socket.waitingCount(), there.socket.waitingCount()]).toEqual([0, 0]);
      here.socket.close();
      there.socket.close();
    });

    test('a session that ends at one closes its sockets at the other', async () => {
      const person = await newPerson();
      const { socket } = await connectDevice(at(1), person, 'c'.repeat(16));
      await atProcess(person, 0).browser.send('POST', paths.logout);
      expect([await socket.next(), await socket.next()]).toEqual([{ type: 'session' }, 'closed']);
    });

    test('a change that nobody announced is told as soon as a cut connection of the notices is back', async () => {
      const person = await newPerson();
      const { socket } = await connectDevice(at(1), person, 'd'.repeat(16));
      await owner.unsafe(`update sync.spaces set seq = 4 where id = '${person.space}'`);
      const cut = await owner.unsafe(`select pg_terminate_backend(pid) from (${listening}) as each`);
      expect(cut.length).toBe(2);
      expect(await socket.next()).toEqual({ type: 'nudge', space: person.space, seq: 4 });
      socket.close();
    }, 20_000);

    test('edits made while the connection of the notices is cut again and again are all told', async () => {
      const person = await newPerson();
      const { socket } = await connectDevice(at(1), person, 'e'.repeat(16));
      const writer = atProcess(person, 0);
      for (let n = 1; n <= 20; n++) {
        if (n % 4 === 0) await owner.unsafe(`select pg_terminate_backend(pid) from (${listening}) as each`);
        await push(writer, [edit(person)], { n, device: 'a'.repeat(16) });
      }
      let seq = 0;
      while (seq < 20) {
        const message = await socket.next();
        if (message === 'closed') throw new Error('closed');
        if (message.type === 'nudge') ({ seq } = message);
      }
      expect(seq).toBe(20);
      socket.close();
    }, 20_000);
  });
}
