import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { err, ok, type Result } from '@mana/shared/base/result';
import { z } from 'zod';

const fileSchema = z.object({ name: z.string().regex(/^[a-z_.-]+$/), rows: z.number().int().nullable(), sha256: z.string().length(64) });

const manifestSchema = z.object({
  format: z.literal('mana-backup/1'),
  madeAt: z.iso.datetime(),
  migrations: z.number().int(),
  accounts: z.number().int(),
  files: z.array(fileSchema),
});

/** What a backup says of itself. */
export type Manifest = z.infer<typeof manifestSchema>;

export const manifestName = 'manifest.json';
export const secretsName = 'root-secrets.json';
export const rowsName = (table: string): string => `${table}.jsonl`;

/** What the backup in a folder says of itself; undefined where there is none. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, manifestName);
  if (!existsSync(path)) return undefined;
  const parsed = manifestSchema.safeParse(parse(readFileSync(path, 'utf8')));
  return parsed.success ? parsed.data : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether anything lies at this place. */
export const isOccupied = (folder: string): boolean => existsSync(folder) && readdirSync(folder).length > 0;

/** Looks at every byte of a backup; the failure names the file that is not what was written. */
export async function verifyBackup(folder: string): Promise<Result<Manifest, string>> {
  const manifest = readManifest(folder);
  if (!manifest) return err(`${folder} holds no backup that can be read: ${manifestName} is missing or damaged.`);
  for (const { name, sha256 } of manifest.files) {
    if (!existsSync(join(folder, name))) return err(`${name} is missing in ${folder}.`);
    if ((await hashOf(join(folder, name))) !== sha256) return err(`${name} in ${folder} is damaged: it is not what was written.`);
  }
  return ok(manifest);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The lines of a file, one after the other. */
export const linesOf = (folder: string, name: string): AsyncIterable<string> =>
  createInterface({ input: createReadStream(join(folder, name), 'utf8'), crlfDelay: Infinity });
