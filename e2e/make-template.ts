import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManaServer, templateVariable } from './server/mana-server.ts';

/** Before all tests: one data folder that each server copies, for making a database from nothing takes seconds. */
export default async function makeTemplate(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'mana-e2e-template-'));
  const server = await ManaServer.open({ dataDir: folder });
  await server.stop();
  process.env[templateVariable] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
