import { ready, server } from '@serenity-kit/opaque';

/** A new server setup: the root secret of all password records, URL base64. Losing it ends every password sign-in. */
export async function createServerSetup(): Promise<string> {
  await ready;
  return server.createSetup();
}

/** Answers a registration request; undefined when the message is malformed. `userIdentifier` binds the record and must never change. */
export async function answerRegistration(input: {
  serverSetup: string;
  userIdentifier: string;
  registrationRequest: string;
}): Promise<string | undefined> {
  await ready;
  return attempt(() => server.createRegistrationResponse(input).registrationResponse);
}

/** Answers the first message of a sign-in; without a record the answer looks alike and cannot succeed. Undefined when the message is malformed. */
export async function answerLogin(input: {
  serverSetup: string;
  userIdentifier: string;
  registrationRecord: string | null;
  startLoginRequest: string;
}): Promise<{ serverLoginState: string; loginResponse: string } | undefined> {
  await ready;
  return attempt(() => server.startLogin(input));
}

/** Whether the second message proves the password. */
export async function provesPassword(input: { serverLoginState: string; finishLoginRequest: string }): Promise<boolean> {
  await ready;
  return attempt(() => server.finishLogin(input)) !== undefined;
}

/** The library throws on any message it cannot read or that does not verify. */
function attempt<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
