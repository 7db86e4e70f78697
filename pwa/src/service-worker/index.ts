import { version } from '$app/env';
import { assets, immutable } from '$app/manifest';
import { self } from '$app/service-worker';
import { cacheNameOf, isAppRoute, outdatedCaches, SHELL_PATH } from './shell-cache.ts';

const cacheName = cacheNameOf(version);
const pathOf = (path: string): string => new URL(path, self.location.origin).pathname;
const immutablePaths = immutable.map(({ path }) => pathOf(path));
const changingPaths = [SHELL_PATH, ...assets.map(({ path }) => pathOf(path))];
const cachedPaths = new Set([...immutablePaths, ...changingPaths]);

/** Keeps what the app needs to start; files whose name holds a digest are taken over from the version before. */
async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  await Promise.all([
    ...changingPaths.map((path) => cache.add(new Request(path, { cache: 'reload' }))),
    ...immutablePaths.map(async (path) => {
      const known = await caches.match(path);
      await (known ? cache.put(path, known) : cache.add(path));
    }),
  ]);
}

async function activate(): Promise<void> {
  await Promise.all(outdatedCaches(await caches.keys(), cacheName).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function fromCache(path: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  // A tab of the version before asks for chunks that only the older cache holds.
  return (await cache.match(path)) ?? (await caches.match(path)) ?? fetch(path);
}

/** The landing page is the server's; without a network the app shows it. */
async function landing(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return fromCache(SHELL_PATH);
  }
}

function answer(request: Request): Promise<Response> | undefined {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return undefined;
  if (request.mode === 'navigate') {
    if (isAppRoute(pathname)) return fromCache(SHELL_PATH);
    return pathname === '/' ? landing(request) : undefined;
  }
  return cachedPaths.has(pathname) || pathname.includes('/immutable/') ? fromCache(pathname) : undefined;
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const answered = answer(event.request);
  if (answered) event.respondWith(answered);
});
self.addEventListener('message', (event: ExtendableMessageEvent) => {
  const message: unknown = event.data;
  if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'SKIP_WAITING') void self.skipWaiting();
});
