import type { Credential } from './api-call.ts';
import type { OpenVault } from './open-vault.ts';

/** As whom the open vault's account calls the server; undefined for a guest, and when there is no token to be had now. */
export async function credentialOf({ tokens, accountId }: OpenVault): Promise<Credential | undefined> {
  if (!tokens) return accountId === null ? undefined : { account: accountId };
  const token = await tokens.get();
  return token.ok ? { accessToken: token.value } : undefined;
}
