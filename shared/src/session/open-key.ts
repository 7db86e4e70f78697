import type { Bytes } from '#base/bytes.ts';
import type { Credential } from './api-call.ts';
import { credentialOf } from './credential-of.ts';
import type { SessionCore } from './session-core.ts';
import { readOpenCopy } from './vault-entries.ts';

/** The open account with its key in the clear: wipe it after use. */
export interface OpenKey {
  readonly accountId: string;
  readonly accountKey: Bytes;
  /** As whom it calls the server; undefined when there is no token to be had now. */
  readonly token: Credential | undefined;
}

/** Opens the open account's key; undefined when none is open. */
export async function openKey(core: SessionCore): Promise<OpenKey | undefined> {
  const opened = core.openedAccount();
  const accountKey = opened && (await readOpenCopy(await core.parts.platform.vault.read(), opened.accountId));
  if (!opened || !accountKey) return undefined;
  return { accountId: opened.accountId, accountKey, token: await credentialOf(opened) };
}
