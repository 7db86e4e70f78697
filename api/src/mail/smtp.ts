import { createTransport } from 'nodemailer';
import type { MailConfig } from '../config.ts';
import type { Deliver, Delivery } from './send-mails.ts';

const connectMs = 10_000;
const silenceMs = 20_000; // a server that says nothing for so long is tried again later

interface SmtpTrouble {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/** Delivers by SMTP, each mail over a connection of its own. */
export function createSmtp({ url, from }: MailConfig, waitsMs = { connectMs, silenceMs }): Deliver {
  const isSecure = url.protocol === 'smtps:';
  const transport = createTransport(
    {
      host: url.hostname,
      port: Number(url.port) || (isSecure ? 465 : 587),
      secure: isSecure,
      // A password never goes over an open line, whatever the server offers.
      requireTLS: !isSecure && url.username !== '',
      ...(url.username ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } } : {}),
      connectionTimeout: waitsMs.connectMs,
      greetingTimeout: waitsMs.connectMs,
      socketTimeout: waitsMs.silenceMs,
      disableUrlAccess: true,
      disableFileAccess: true,
    },
    { from },
  );
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/>$/, '');
  return async ({ id, to, subject, text }) => {
    try {
      await transport.sendMail({
        to: { name: '', address: to },
        subject,
        text,
        // The same in every try: a mailbox that got it twice can tell.
        messageId: `<${id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return { kind: 'sent' };
    } catch (error) {
      return deliveryOf(error as SmtpTrouble);
    }
  };
}

/** Only what the server said of this mail is final: a refused password or a dead line is the operator's to mend. */
function deliveryOf({ code = 'UNKNOWN', command = '', responseCode }: SmtpTrouble): Delivery {
  const isFinal = responseCode !== undefined && responseCode >= 500 && ['RCPT TO', 'DATA'].includes(command);
  return { kind: isFinal ? 'refused' : 'later', trouble: responseCode === undefined ? code : String(responseCode) };
}
