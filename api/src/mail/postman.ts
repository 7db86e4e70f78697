import type { Deps } from '../deps.ts';
import { sendDueMails } from './send-mails.ts';
import { createSmtp } from './smtp.ts';

export interface Postman {
  /** Takes no further mail and waits for the one on its way. */
  stop(): Promise<void>;
}

/** Looks into the outbox from time to time; without a mail server it only stands there. */
export function createPostman(deps: Deps, pauseMs: number): Postman {
  const { mail } = deps.config;
  if (!mail) return { stop: () => Promise.resolve() };
  const deliver = createSmtp(mail);
  let round: Promise<unknown> | undefined;
  const look = (): void => {
    round ??= sendDueMails(deps, deliver)
      .catch(() => deps.log('error', 'mail-trouble'))
      .finally(() => (round = undefined));
  };
  const timer = setInterval(look, pauseMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await round;
    },
  };
}
