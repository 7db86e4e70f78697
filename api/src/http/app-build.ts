import { join } from 'node:path';
import { z } from 'zod';

const assetSchema = z.object({
  file: z.string(),
  size: z.number(),
  etag: z.string(),
  gz: z.number().optional(),
  br: z.number().optional(),
});
const tableSchema = z.object({
  entries: z.array(z.tuple([z.string(), assetSchema])),
  aliases: z.array(z.tuple([z.string(), z.string()])),
});

const buildSchema = z.object({
  app_path: z.string(),
  mime_types: z.record(z.string(), z.string()),
  assets: tableSchema,
  prerendered_assets: tableSchema,
});

interface PageServer {
  init(options: { env: Record<string, string | undefined>; read: (file: string) => ReadableStream }): Promise<void>;
  respond(request: Request, options: { getClientAddress: () => string }): Promise<Response>;
}

/** A file of the built app. */
export interface Asset {
  readonly path: string;
  readonly etag: string;
  readonly type: string | undefined;
  readonly immutable: boolean;
  readonly encodings: readonly ('br' | 'gz')[];
}

/** The built app: its files by address, and the server of its pages. */
export interface AppBuild {
  readonly assets: ReadonlyMap<string, Asset>;
  respond(request: Request): Promise<Response>;
}

/** Loads what SvelteKit's Node adapter has built; undefined when nothing was built yet. */
export async function loadAppBuild(folder: string): Promise<AppBuild | undefined> {
  const entry = join(folder, 'adapter-node.js');
  if (!(await Bun.file(entry).exists())) return undefined;
  const module = (await import(entry)) as { server: PageServer };
  const build = buildSchema.parse({ ...module });
  await module.server.init({ env: {}, read: (file) => Bun.file(join(folder, 'client', file)).stream() });
  return {
    assets: new Map([
      ...assetsOf(join(folder, 'prerendered'), build.prerendered_assets, build),
      ...assetsOf(join(folder, 'client'), build.assets, build),
    ]),
    respond: (request) => module.server.respond(request, { getClientAddress: () => '' }),
  };
}

function assetsOf(folder: string, table: z.infer<typeof tableSchema>, build: z.infer<typeof buildSchema>): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const [address, { file, etag, gz, br }] of table.entries) {
    assets.set(address, {
      path: join(folder, file),
      etag,
      type: build.mime_types[file.slice(file.lastIndexOf('.'))],
      immutable: address.startsWith(`/${build.app_path}/immutable/`),
      encodings: [...(br ? (['br'] as const) : []), ...(gz ? (['gz'] as const) : [])],
    });
  }
  for (const [alias, address] of table.aliases) {
    const asset = assets.get(address);
    if (asset) assets.set(alias, asset);
  }
  return assets;
}
