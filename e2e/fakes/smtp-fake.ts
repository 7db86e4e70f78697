import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** How the server treats the next mails. */
type Mood =
  | 'takes' //
  | 'refuses' // this recipient, for good
  | 'greylists' // asks to come again
  | 'sleeps' // says nothing any more after the greeting
  | 'drops'; // hangs up in the middle of a mail

/** A mail that arrived, as text with its headers. */
export interface ReceivedMail {
  readonly to: string;
  readonly raw: string;
  /** The text without headers, decoded. */
  readonly text: string;
}

/** A mail server on this machine that misbehaves when told so. */
export class SmtpFake {
  readonly url: string;
  readonly received: ReceivedMail[] = [];
  /** Mails that were begun, whatever became of them. */
  begun = 0;
  mood: Mood = 'takes';
  readonly #server;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async open(): Promise<SmtpFake> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SmtpFake(server);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  /** Mails to an address, oldest first. */
  to(address: string): readonly ReceivedMail[] {
    return this.received.filter((mail) => mail.to === address.toLowerCase());
  }

  #serve(socket: Socket): void {
    let to = '';
    let data: string | undefined;
    let buffer = '';
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const obey = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'RCPT') {
        this.begun += 1;
        to = (/<([^>]*)>/.exec(line)?.[1] ?? '').toLowerCase();
        say(this.mood === 'refuses' ? '550 5.1.1 no such mailbox' : this.mood === 'greylists' ? '451 4.7.1 come again' : '250 ok');
      } else if (verb === 'DATA') {
        data = '';
        say('354 go on');
      } else if (verb === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('250 ok');
    };
    const take = (line: string): void => {
      if (data === undefined) return obey(line);
      if (this.mood === 'drops') return void socket.destroy();
      if (line !== '.') {
        data += `${line.replace(/^\./, '')}\r\n`;
        return;
      }
      this.received.push({ to, raw: data, text: textOf(data) });
      data = undefined;
      say('250 taken');
    };
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (this.mood === 'sleeps') return;
      buffer += chunk.toString('utf8');
      const lines = buffer.split('\r\n');
      buffer = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
    say('220 fake');
  }
}

/** Undoes what a mail's text is wrapped in on its way. */
function textOf(raw: string): string {
  const at = raw.indexOf('\r\n\r\n');
  const [head, body] = [raw.slice(0, at).toLowerCase(), raw.slice(at + 4)];
  if (head.includes('content-transfer-encoding: base64')) return Buffer.from(body, 'base64').toString('utf8');
  if (!head.includes('quoted-printable')) return body;
  const bytes = body
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The first link of a mail. */
export const linkIn = ({ text }: ReceivedMail): string => /https?:\/\/\S+/.exec(text)?.[0] ?? '';
