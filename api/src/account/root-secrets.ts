import { bytesToB64Url } from '@mana/shared/base/bytes';
import type { Random } from '@mana/shared/base/random';
import { createServerSetup } from '@mana/shared/crypto/opaque-server';
import { exportJWK, generateKeyPair } from 'jose';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const secretsSchema = z.object({
  /** Root of every password record: without it no password signs in, with it and the database passwords can be guessed. */
  opaqueServerSetup: z.string().min(1),
  /** Ed25519 private key of access tokens, as JWK. */
  accessTokenKey: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string(), kid: z.string() }),
  /** Seals what an attempt carries between its two requests, the mark of a known device, and makes refresh tokens. */
  attemptKeyB64Url: z.string().length(43),
  /** Stands in for the record of an unknown address, and blinds addresses in counters. */
  addressKeyB64Url: z.string().length(43),
});

export type RootSecrets = z.infer<typeof secretsSchema>;

const keyBytes = 32;
const ownerOnly = 0o600;

/** Reads the instance's root secrets from the data folder; makes them on the first start. */
export async function loadRootSecrets(dataDir: string, random: Random): Promise<RootSecrets> {
  const path = join(dataDir, 'root-secrets.json');
  const stored = readIfThere(path);
  if (stored !== undefined) return secretsSchema.parse(JSON.parse(stored));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = join(dataDir, `root-secrets.${bytesToB64Url(random.bytes(8))}.new`);
  writeFileSync(draft, JSON.stringify(await newRootSecrets(random), null, 2), { mode: ownerOnly });
  publishOnce(draft, path);
  return secretsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

async function newRootSecrets(random: Random): Promise<RootSecrets> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  const newKey = () => bytesToB64Url(random.bytes(keyBytes));
  return {
    opaqueServerSetup: await createServerSetup(),
    accessTokenKey: secretsSchema.shape.accessTokenKey.parse({ ...jwk, kid: bytesToB64Url(random.bytes(8)) }),
    attemptKeyB64Url: newKey(),
    addressKeyB64Url: newKey(),
  };
}

/** Of two processes that start at once, the first one's secrets count for both. */
function publishOnce(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
