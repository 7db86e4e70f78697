import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { loadAppBuild, type AppBuild, type Asset } from './app-build.ts';
import { addSecurityHeaders } from './headers.ts';

/** Answers everything that is not the API: the app's files and pages, and the packed extension. */
export type ServePage = (request: Request) => Promise<Response>;

const immutableCache = 'public, max-age=31536000, immutable'; // the name holds a digest of the content

export async function createPages(config: Config): Promise<ServePage> {
  const build = await loadAppBuild(config.appDir);
  return async (request) => {
    const response = await pageResponse(config, build, request);
    addSecurityHeaders(response.headers, config, 'page');
    return response;
  };
}

async function pageResponse(config: Config, build: AppBuild | undefined, request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return new Response('Method not allowed', { status: 405, headers: { allow: 'GET, HEAD' } });
  if (url.pathname.startsWith('/downloads/')) return downloadResponse(config.downloadsDir, url.pathname.slice('/downloads/'.length));
  if (!build) return notBuilt();
  const asset = build.assets.get(url.pathname);
  if (asset) return assetResponse(asset, request);
  // Behind a proxy the request itself names the inner address.
  const outside = new Request(new URL(url.pathname + url.search, config.publicUrl), { method: request.method, headers: request.headers });
  const response = await build.respond(outside);
  return new Response(response.body, response); // its headers may be immutable
}

/** Name of a packing in HTTP, by the ending of the packed file. */
const contentCoding = { gz: 'gzip', br: 'br' } as const;

function assetResponse(asset: Asset, request: Request): Response {
  const accepted = request.headers.get('accept-encoding') ?? '';
  const encoding = asset.encodings.find((each) => accepted.includes(contentCoding[each]));
  const etag = `"${asset.etag}${encoding ? `.${encoding}` : ''}"`;
  const headers = new Headers({ etag, 'cache-control': asset.immutable ? immutableCache : 'no-cache' });
  if (asset.encodings.length > 0) headers.set('vary', 'accept-encoding');
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  if (encoding) headers.set('content-encoding', contentCoding[encoding]);
  if (asset.type) headers.set('content-type', asset.type === 'text/html' ? 'text/html; charset=utf-8' : asset.type);
  return new Response(Bun.file(encoding ? `${asset.path}.${encoding}` : asset.path), { headers });
}

const archiveName = /^extension-(chrome|firefox)\.zip$/;

/** The packed extension under a name that outlives versions. */
function downloadResponse(folder: string, name: string): Response {
  const browser = archiveName.exec(name)?.[1];
  const file = browser ? namesIn(folder).findLast((each) => each.endsWith(`-${browser}.zip`)) : undefined;
  if (!file) return new Response('There is nothing here. The extension is packed by `npm run build`.', { status: 404 });
  const headers = {
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="${file}"`,
    'cache-control': 'no-cache',
  };
  return new Response(Bun.file(join(folder, file)), { headers });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

const notBuilt = (): Response =>
  new Response('Mana’s app has not been built yet. Run `npm run build`, then start the server again.', {
    status: 503,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '5' },
  });
