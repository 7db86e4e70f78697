import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The line between an instance and its PostgreSQL, which a test cuts and stops. */
export interface DatabaseLine {
  /** The database's address by way of this line. */
  readonly url: string;
  /** Whoever was connected is cut off, and nobody listens any more: as when the server was stopped. */
  cut(): Promise<void>;
  /** What is sent waits, as for a disk that does not answer; resolves when something waits. */
  hold(): Promise<void>;
  /** As it was: what waited goes on. */
  mend(): Promise<void>;
  close(): void;
}

export async function openDatabaseLine(databaseUrl: string): Promise<DatabaseLine> {
  const target = new URL(databaseUrl);
  const ends = new Set<Socket>();
  const waiting: (() => void)[] = [];
  let state: 'open' | 'held' = 'open';
  let waits = (): void => undefined;
  const join = (from: Socket, to: Socket): void => {
    ends.add(from);
    from.on('data', (bytes) => {
      const pass = (): void => void to.write(bytes);
      if (state === 'open') return pass();
      waiting.push(pass);
      waits();
    });
    from.on('error', () => undefined); // a line that is cut has nothing to say
    from.on('close', () => {
      ends.delete(from);
      to.destroy();
    });
  };
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    join(client, database);
    join(database, client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  const { port } = server.address() as AddressInfo;
  url.port = String(port);
  const cutAll = (): void => {
    for (const end of ends) end.destroy();
  };
  return {
    url: url.href,
    async cut() {
      waiting.length = 0;
      server.close();
      cutAll();
      await once(server, 'close');
    },
    hold() {
      state = 'held';
      return new Promise((resolve) => (waits = resolve));
    },
    async mend() {
      if (!server.listening) await once(server.listen(port, '127.0.0.1'), 'listening');
      state = 'open';
      for (const pass of waiting.splice(0)) pass();
    },
    close() {
      server.close();
      cutAll();
    },
  };
}
