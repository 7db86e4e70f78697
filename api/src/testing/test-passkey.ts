import { paths } from '@mana/shared/wire/endpoints';
import type { Passkey } from '@mana/shared/wire/passkeys';
import { createSoftPasskey, type CeremonyParts, type SoftPasskey } from './soft-passkey.ts';
import type { TestAnswer, TestBrowser } from './test-browser.ts';

/** Asks the server for options and answers its challenge. */
export async function askForChallenge(browser: TestBrowser, path: string): Promise<string> {
  const options = await browser.send('POST', path, { body: {} });
  if (options.status !== 200) throw new Error(`no options: ${options.text}`);
  return String(options.json['challenge']);
}

export async function tryToAddPasskey(browser: TestBrowser, soft: SoftPasskey, more: Partial<CeremonyParts> = {}): Promise<TestAnswer> {
  const challenge = await askForChallenge(browser, paths.passkeyRegisterOptions);
  return browser.send('POST', paths.passkeyRegisterVerify, { body: { response: soft.register({ challenge, ...more }) } });
}

/** Adds a passkey to the account that is signed in in the browser. */
export async function addPasskey(browser: TestBrowser, soft = createSoftPasskey()): Promise<{ soft: SoftPasskey; passkey: Passkey }> {
  const answer = await tryToAddPasskey(browser, soft);
  if (answer.status !== 200) throw new Error(`adding a passkey failed: ${answer.text}`);
  return { soft, passkey: answer.json['passkey'] as Passkey };
}

export async function tryPasskey(
  browser: TestBrowser,
  soft: SoftPasskey,
  more: Partial<CeremonyParts> & { readonly userHandle?: string } = {},
): Promise<TestAnswer> {
  const challenge = await askForChallenge(browser, paths.passkeyAuthenticateOptions);
  return browser.send('POST', paths.passkeyAuthenticateVerify, { body: { response: soft.answer({ challenge, ...more }) } });
}
