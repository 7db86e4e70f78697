import { paths } from '@mana/shared/wire/endpoints';
import { rmSync } from 'node:fs';
import { expect, test } from 'bun:test';
import { createTestApp } from '../testing/test-app.ts';
import { createTestBrowser } from '../testing/test-browser.ts';

test('the server is live and ready, until one of its parts is not', async () => {
  const app = await createTestApp();
  const browser = createTestBrowser((request) => app.app.handle(request));
  const ready = () => browser.send('GET', paths.healthReady);
  expect((await browser.send('GET', paths.healthLive)).json).toEqual({ status: 'live' });
  expect((await ready()).json).toEqual({ status: 'ready' });

  await app.database.asOwner('delete from drizzle.__drizzle_migrations where id = 1');
  const behind = await ready();
  expect([behind.status, behind.json['reasons']]).toEqual([503, ['The database is not at the version of this server']]);

  await app.database.asOwner('alter table drizzle.__drizzle_migrations rename to gone');
  expect((await ready()).json['reasons']).toEqual(['The database does not answer']);
  await app.database.asOwner('alter table drizzle.gone rename to __drizzle_migrations');

  rmSync(app.deps.config.dataDir, { recursive: true });
  expect((await ready()).json['reasons']).toContain('The data folder cannot be written to');
  await app.close();
}, 30_000);
