import { bin, start } from './run.mjs';

/** A PostgreSQL for the tests: `DATABASE_URL_TEST`, else one of its own that ends with `stop`. Throws when there is none. */
export async function startPostgres() {
  if (process.env.DATABASE_URL_TEST) return { url: process.env.DATABASE_URL_TEST, stop: async () => undefined };
  const server = start(bin('bun'), ['api/src/testing/postgres.ts'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const url = await Promise.race([firstLine(server.child.stdout), server.ended.then(() => undefined)]);
  if (!url) throw new Error('No PostgreSQL: set DATABASE_URL_TEST, or install the server (Debian: apt-get install postgresql).');
  return {
    url,
    stop: async () => {
      server.child.stdin.end();
      await server.ended;
    },
  };
}

const firstLine = (stream) =>
  new Promise((resolve) => {
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.split('\n')[0]);
    });
  });
