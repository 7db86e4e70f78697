import { failureRules } from '@mana/shared/wire/failures';
import { securityEvents } from '@mana/shared/wire/security-log';
import { expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dir, '..', '..', '..');
const lists = /wire\/(failures|security-log)\.ts$|failure-codes\.test\.ts$|(failure-messages|log-words|popup-words)\.ts$/;

/** Every source file of server, shared code and screens, told apart by whether it is a test. */
const files = ['api/src', 'shared/src', 'pwa/src', 'extension/src']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|svelte)$/.test(path) && !/(^|\/)(paraglide|node_modules)\//.test(path))
      .map((path) => join(folder, path)),
  )
  .filter((path) => !lists.test(path))
  .map((path) => ({ isTest: path.endsWith('.test.ts'), text: readFileSync(join(root, path), 'utf8') }));

/** Made by a browser's own dialog: no unit test can press its button. */
const byBrowserOnly = ['PASSKEY_CANCELLED'];

const namedIn = (name: string, isTest: boolean): boolean => files.some((file) => file.isTest === isTest && file.text.includes(`'${name}'`));

test('every failure code is made somewhere, and shown by a test', () => {
  const codes = Object.keys(failureRules);
  expect(codes.filter((code) => !namedIn(code, false)).map((code) => `${code} is never made`)).toEqual([]);
  const shown = codes.filter((code) => !byBrowserOnly.includes(code));
  expect(shown.filter((code) => !namedIn(code, true)).map((code) => `${code} is shown by no test`)).toEqual([]);
});

test('every event of the security log is written somewhere, and shown by a test', () => {
  expect(securityEvents.filter((event) => !namedIn(event, false)).map((event) => `${event} is never written`)).toEqual([]);
  expect(securityEvents.filter((event) => !namedIn(event, true)).map((event) => `${event} is shown by no test`)).toEqual([]);
});
