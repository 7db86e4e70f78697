import { callApi, type ApiDeps } from '@mana/shared/session/api-call';
import { paths } from '@mana/shared/wire/endpoints';
import { mailSentSchema } from '@mana/shared/wire/mail';

/** Asks for the link of a sign-up once more; the answer does not tell whether there was one to send. */
export const resendLink = (api: ApiDeps, email: string) =>
  callApi(api, { method: 'POST', path: paths.emailResend, answer: mailSentSchema, body: { email: email.trim() } });
