import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { firstScreenChunk } from './vite/first-screen-chunk.ts';

// Inside the page it costs no round trip before the first paint; the policy lets exactly this text run.
const bootDigest = createHash('sha256')
  .update(readFileSync(new URL('src/boot.js', import.meta.url)))
  .digest('base64');

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/paraglide',
      strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
      cookieName: 'mana-language',
    }),
    sveltekit({
      adapter: adapter({ out: 'build' }),
      compilerOptions: { runes: true },
      csp: {
        mode: 'hash',
        directives: {
          'default-src': ['self'],
          'script-src': ['self', 'wasm-unsafe-eval', `sha256-${bootDigest}`],
          'style-src': ['self', 'unsafe-inline'],
          'img-src': ['self', 'data:', 'blob:'],
          'connect-src': ['self'],
          'worker-src': ['self'],
          'manifest-src': ['self'],
          'object-src': ['none'],
          'base-uri': ['none'],
          'form-action': ['self'],
          'frame-ancestors': ['none'],
        },
      },
      serviceWorker: { register: false },
      // The worker answers every app route with one page: its files must not depend on the depth of the address.
      paths: { relative: false },
      // The styles of the first screen are a few kB: in the page itself they paint one round trip earlier.
      inlineStyleThreshold: 16_384,
      version: { pollInterval: 0 },
    }),
    firstScreenChunk(),
  ],
  // Dexie's entry loads its build for browsers of 2015; this one is a tenth smaller.
  resolve: { alias: [{ find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.min.mjs' }] },
  // A screen that is fetched later finds nearly all it needs in the first chunk, or in the worker's store: naming its parts
  // beforehand, for every screen, made the first one 3 kB heavier.
  build: { target: 'es2023', modulePreload: { polyfill: false, resolveDependencies: () => [] } },
  // It imports what it needs piece by piece, as the page does.
  worker: { format: 'es' },
});
