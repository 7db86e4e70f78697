import type { OpenVault } from './open-vault.ts';

/** The open vault's access token; null where the cookie signs in. Undefined when there is none to be had now. */
export async function accessTokenOf(vault: OpenVault): Promise<string | null | undefined> {
  if (!vault.tokens) return null;
  const token = await vault.tokens.get();
  return token.ok ? token.value : undefined;
}
