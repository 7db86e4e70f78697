import { b64UrlToBytes, bytesToB64Url, textToBytes, type Bytes } from '@mana/shared/base/bytes';
import type { passkeyAuthenticateRequestSchema, passkeyRegisterRequestSchema } from '@mana/shared/wire/passkeys';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { z } from 'zod';
import type { PasskeyConfig } from '../config.ts';

export type RegistrationResponse = z.output<typeof passkeyRegisterRequestSchema>['response'];
export type AssertionResponse = z.output<typeof passkeyAuthenticateRequestSchema>['response'];

/** How long a person may take to answer, as browsers are told. */
const timeoutMs = 5 * 60_000;

export interface PasskeyOwner {
  readonly accountId: string;
  readonly email: string;
  readonly name: string;
  /** Credentials that the account has: an authenticator that holds one refuses to make a second. */
  readonly has: readonly { readonly credentialId: string; readonly transports: readonly string[] }[];
}

/** Options for making a passkey that is found without a name and asks who is there. */
export const optionsToRegister = ({ rpId, rpName }: PasskeyConfig, owner: PasskeyOwner, challenge: Bytes) =>
  generateRegistrationOptions({
    rpID: rpId,
    rpName,
    userID: textToBytes(owner.accountId),
    userName: owner.email,
    userDisplayName: owner.name,
    challenge,
    timeout: timeoutMs,
    attestationType: 'none',
    excludeCredentials: owner.has.map(({ credentialId, transports }) => ({ id: credentialId, transports: [...transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });

/** Options for signing in by whichever passkey the person chooses. */
export const optionsToAuthenticate = ({ rpId }: PasskeyConfig, challenge: Bytes) =>
  generateAuthenticationOptions({ rpID: rpId, challenge, timeout: timeoutMs, allowCredentials: [], userVerification: 'required' });

export interface NewCredential {
  readonly credentialId: string;
  readonly publicKeyB64Url: string;
  readonly counter: number;
  readonly aaguid: string;
  readonly backedUp: boolean;
}

/** Checks what an authenticator made; undefined when it is not what was asked for. */
export async function verifyNewCredential(
  config: PasskeyConfig,
  response: RegistrationResponse,
  challenge: string,
): Promise<NewCredential | undefined> {
  const verified = await orUndefined(() =>
    verifyRegistrationResponse({
      response: { ...response, clientExtensionResults: {} } as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: [...config.origins],
      expectedRPID: config.rpId,
      requireUserVerification: true,
    }),
  );
  if (!verified?.verified) return undefined;
  const { credential, aaguid, credentialBackedUp } = verified.registrationInfo;
  return {
    credentialId: credential.id,
    publicKeyB64Url: bytesToB64Url(credential.publicKey),
    counter: credential.counter,
    aaguid,
    backedUp: credentialBackedUp,
  };
}

export interface KnownCredential {
  readonly credentialId: string;
  readonly publicKeyB64Url: string;
  readonly counter: number;
  readonly accountId: string;
}

/** Checks an assertion of a known credential; undefined when it proves nothing. */
export async function verifyAssertion(
  config: PasskeyConfig,
  { response, challenge, known }: { response: AssertionResponse; challenge: string; known: KnownCredential },
): Promise<{ counter: number; backedUp: boolean; origin: string } | undefined> {
  const { userHandle } = response.response;
  if (userHandle && userHandle !== bytesToB64Url(textToBytes(known.accountId))) return undefined;
  const verified = await orUndefined(() =>
    verifyAuthenticationResponse({
      response: { ...response, clientExtensionResults: {} } as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: [...config.origins],
      expectedRPID: config.rpId,
      credential: { id: known.credentialId, publicKey: b64UrlToBytes(known.publicKeyB64Url), counter: known.counter },
      requireUserVerification: true,
    }),
  );
  if (!verified?.verified) return undefined;
  const { newCounter, credentialBackedUp, origin } = verified.authenticationInfo;
  return { counter: newCounter, backedUp: credentialBackedUp, origin };
}

/** The library throws at whatever is wrong with a response; nothing in it but the response can fail. */
async function orUndefined<Value>(verify: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await verify();
  } catch {
    return undefined;
  }
}

/** The challenge that a response says it answers; undefined when it is no client data. */
export function challengeOf(response: RegistrationResponse | AssertionResponse): string | undefined {
  try {
    const { challenge } = JSON.parse(Buffer.from(response.response.clientDataJSON, 'base64url').toString()) as { challenge?: unknown };
    return typeof challenge === 'string' ? challenge : undefined;
  } catch {
    return undefined;
  }
}
