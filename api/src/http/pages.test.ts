import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { loadConfig } from '../config.ts';
import { createPages } from './pages.ts';

let folder: string;
const asset = (file: string) => ({ file, size: 5, etag: `etag-${file}` });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mana-pages-'));
  mkdirSync(join(folder, 'build', 'client', '_app', 'immutable'), { recursive: true });
  mkdirSync(join(folder, 'build', 'prerendered'), { recursive: true });
  mkdirSync(join(folder, 'output'));
  writeFileSync(join(folder, 'build', 'client', '_app', 'immutable', 'start.js'), 'start');
  writeFileSync(join(folder, 'build', 'client', '_app', 'immutable', 'start.js.br'), 'br');
  writeFileSync(join(folder, 'build', 'client', 'service-worker.js'), 'sw');
  writeFileSync(join(folder, 'output', 'mana-0.1.0-chrome.zip'), 'zip');
  const entries = [
    ['/_app/immutable/start.js', { ...asset('_app/immutable/start.js'), br: 2 }],
    ['/service-worker.js', asset('service-worker.js')],
  ];
  writeFileSync(
    join(folder, 'build', 'adapter-node.js'),
    `export const server = { init: async () => {}, respond: async (request) => new Response('page of ' + request.url, { headers: { 'content-type': 'text/html', 'content-security-policy': "script-src 'self'" } }) };
     export const app_path = '_app'; export const mime_types = { '.js': 'text/javascript' };
     export const assets = ${JSON.stringify({ entries, aliases: [] })}; export const prerendered_assets = { entries: [], aliases: [] };`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

async function pages(appDir = join(folder, 'build')) {
  const loaded = loadConfig({ MANA_APP_DIR: appDir, MANA_DOWNLOADS_DIR: join(folder, 'output'), PUBLIC_URL: 'https://mana.example' });
  if (!loaded.ok) throw new Error(loaded.error.join());
  const serve = await createPages(loaded.value.config);
  return (path: string, init: RequestInit = {}) => serve(new Request(`http://localhost:4321${path}`, init));
}

test('files whose name holds their digest are kept for a year, packed where the browser can unpack', async () => {
  const get = await pages();
  const packed = await get('/_app/immutable/start.js', { headers: { 'accept-encoding': 'gzip, br' } });
  expect([await packed.text(), packed.headers.get('content-encoding')]).toEqual(['br', 'br']);
  expect(packed.headers.get('cache-control')).toContain('immutable');
  expect(await (await get('/_app/immutable/start.js')).text()).toBe('start');
});

test('the service worker is asked for anew each time', async () => {
  const get = await pages();
  const first = await get('/service-worker.js');
  expect([first.headers.get('cache-control'), first.headers.get('content-type')]).toEqual(['no-cache', 'text/javascript']);
  const again = await get('/service-worker.js', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
});

test('pages come from the app’s server, under the public address, and cannot be framed', async () => {
  const answer = await (await pages())('/s/personal?x=1');
  expect(await answer.text()).toBe('page of https://mana.example/s/personal?x=1');
  expect(answer.headers.get('content-security-policy')).toBe("script-src 'self', frame-ancestors 'none'");
});

test('the packed extension has an address that outlives versions; nothing else of its folder has one', async () => {
  const get = await pages();
  const answer = await get('/downloads/extension-chrome.zip');
  expect([answer.status, await answer.text()]).toEqual([200, 'zip']);
  for (const path of ['extension-firefox.zip', 'mana-0.1.0-chrome.zip', '..%2fbuild%2fadapter-node.js', ''])
    expect((await get(`/downloads/${path}`)).status).toBe(404);
});

test('an app that was not built yet says so', async () => {
  const answer = await (await pages('/nowhere'))('/');
  expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('npm run build')]);
});
