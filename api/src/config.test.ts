import { CHROMIUM_EXTENSION_ORIGIN } from '@mana/shared/wire/extension-id';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'bun:test';
import { loadConfig } from './config.ts';

test('an empty environment is a whole configuration', () => {
  const loaded = loadConfig({});
  expect(loaded).toMatchObject({ ok: true, value: { config: { port: 4321, host: 'localhost', databaseUrl: undefined }, warnings: [] } });
  if (!loaded.ok) return;
  expect(loaded.value.config.publicUrl.href).toBe('http://localhost:4321/');
  expect(loaded.value.config.extensionOrigins).toEqual([CHROMIUM_EXTENSION_ORIGIN]);
  expect(loaded.value.config.allowedOrigins).toContain('http://127.0.0.1:4321');
});

test('every problem is listed at once, by name and never by value', () => {
  const loaded = loadConfig({
    MANA_PORT: 'secret-port',
    DATABASE_URL: 'mysql://user:secret@host',
    EXTENSION_ORIGINS: 'secret origin',
    MANA_LOG_LEVEL: 'secret',
  });
  if (loaded.ok) throw new Error('accepted');
  const text = loaded.error.join('\n');
  for (const name of ['MANA_PORT', 'DATABASE_URL', 'EXTENSION_ORIGINS', 'MANA_LOG_LEVEL']) expect(text).toContain(name);
  expect(text).not.toContain('secret');
});

test('a setting that does not exist is warned about', () => {
  const loaded = loadConfig({ MANA_PROT: '1' });
  expect(loaded.ok && loaded.value.warnings).toEqual(['MANA_PROT is not a setting of Mana and has no effect']);
});

test('the example file names every setting and holds the defaults', () => {
  const example = readFileSync(join(import.meta.dir, '..', '..', '.env.example'), 'utf8');
  const pairs = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const);
  const fromExample = loadConfig(Object.fromEntries(pairs));
  expect(fromExample).toEqual(loadConfig({}));
  expect(fromExample.ok && fromExample.value.warnings).toEqual([]);
});
