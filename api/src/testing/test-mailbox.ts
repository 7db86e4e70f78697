import { SmtpFake, linkIn } from '../../../e2e/fakes/smtp-fake.ts';
import { createSmtp } from '../mail/smtp.ts';
import { sendDueMails } from '../mail/send-mails.ts';
import { createTestApp, type TestApp } from './test-app.ts';

/** An instance that sends mail, and every mailbox that it reaches. */
export interface MailingApp {
  readonly app: TestApp;
  /** Texts that an address has got so far, oldest first. */
  mailsTo(address: string): Promise<readonly string[]>;
  /** What stands behind `#` in the newest mail to an address that leads to a page. */
  tokenTo(address: string, page: string): Promise<string>;
  close(): Promise<void>;
}

export async function createMailingApp(environment: Record<string, string> = {}): Promise<MailingApp> {
  const smtp = await SmtpFake.open();
  const app = await createTestApp({ SMTP_URL: smtp.url, MAIL_FROM: 'Mana <mana@mana.example>', ...environment });
  const { mail } = app.deps.config;
  if (!mail) throw new Error('mail is not configured');
  const deliver = createSmtp(mail);
  const mailsTo = async (address: string) => {
    while ((await sendDueMails(app.deps, deliver)) > 0);
    return smtp.to(address);
  };
  return {
    app,
    mailsTo: async (address) => (await mailsTo(address)).map(({ text }) => text),
    tokenTo: async (address, page) => {
      const links = (await mailsTo(address)).map(linkIn).filter((link) => new URL(link).pathname === page);
      return new URL(links.at(-1) ?? '').hash.slice(1);
    },
    close: async () => {
      await app.close();
      await smtp.close();
    },
  };
}
