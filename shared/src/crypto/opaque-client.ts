/** Client half of the password protocol (OPAQUE, RFC 9807). Loads 157 kB of WebAssembly: import it when a password is used, not before. Needs `wasm-unsafe-eval`. */
import { client, ready } from '@serenity-kit/opaque';
import { b64UrlToBytes, type Bytes } from '#base/bytes.ts';
import { preparePassword } from './wraps.ts';

/** Argon2id with 64 MiB, 3 passes, 4 lanes; part of every password record, so it can only change with the password. */
const keyStretching = { 'argon2id-custom': { memory: 65_536, iterations: 3, parallelism: 4 } } as const;

/** First message of a sign-up or sign-in, and what its second one needs. */
export interface PasswordStart {
  readonly state: string;
  readonly request: string;
}

/** Begins to register a password. */
export async function startRegistration(password: string): Promise<PasswordStart> {
  await ready;
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: preparePassword(password) });
  return { state: clientRegistrationState, request: registrationRequest };
}

/** What the server answered to a first message. */
export interface PasswordAnswer {
  readonly password: string;
  readonly state: string;
  readonly response: string;
}

/** Finishes a registration: the record for the server, and the export key, which the server never sees. Undefined when the answer is malformed. */
export function finishRegistration(answer: PasswordAnswer): { record: string; exportKey: Bytes } | undefined {
  return attempt(() => {
    const { registrationRecord, exportKey } = client.finishRegistration({
      password: preparePassword(answer.password),
      clientRegistrationState: answer.state,
      registrationResponse: answer.response,
      keyStretching,
    });
    return { record: registrationRecord, exportKey: b64UrlToBytes(exportKey) };
  });
}

/** Begins to sign in. */
export async function startLogin(password: string): Promise<PasswordStart> {
  await ready;
  const { clientLoginState, startLoginRequest } = client.startLogin({ password: preparePassword(password) });
  return { state: clientLoginState, request: startLoginRequest };
}

/** Finishes a sign-in; undefined when the password is wrong, the address unknown or the answer malformed: they look alike. */
export function finishLogin(answer: PasswordAnswer): { proof: string; exportKey: Bytes } | undefined {
  return attempt(() => {
    const finished = client.finishLogin({
      password: preparePassword(answer.password),
      clientLoginState: answer.state,
      loginResponse: answer.response,
      keyStretching,
    });
    return finished && { proof: finished.finishLoginRequest, exportKey: b64UrlToBytes(finished.exportKey) };
  });
}

/** The library throws on any message it cannot read. */
function attempt<Value>(run: () => Value | undefined): Value | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
