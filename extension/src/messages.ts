import type { ExtensionPairingMessage } from '@mana/shared/session/pairing-messages';
import type { PairingView } from '#app/pairing/extension-pairing.ts';

/** Every message between the extension's parts. */
export interface Messages {
  /** Popup: the person asks to connect to an instance; the worker opens its page once the host is granted. */
  requestPairing: { request: { readonly origin: string }; reply: null };
  /** Popup: what to show of a pairing under way. */
  readPairing: { request: null; reply: PairingView };
  /** Popup: the person stops it. */
  cancelPairing: { request: null; reply: null };
  /** Relay: what the instance's page said; the reply goes back to the page, null is silence. */
  relayPairing: { request: { readonly message: unknown }; reply: ExtensionPairingMessage | null };
  /** Popup: something was written; the worker sends what the popup could not, at once (`now`) when the popup closes, else soon. */
  sendWritten: { request: { readonly now: boolean }; reply: null };
  /** Lock link: an account was locked in the app. */
  lockedInApp: { request: { readonly account: string }; reply: null };
  /** Popup: its account was locked here; the app's pages hear of it. */
  lockedHere: { request: { readonly account: string }; reply: null };
  /** Popup: the instance was disconnected. */
  disconnect: { request: null; reply: null };
}

type MessageName = keyof Messages;

/** Who sent a message, as the browser vouches for it. */
export interface Sender {
  /** Address of the page, for a relay; undefined for the extension's own pages. */
  readonly pageUrl: string | undefined;
  /** Whether the sender is one of the extension's own pages. */
  readonly own: boolean;
}

export type Handler<Name extends MessageName> = (request: Messages[Name]['request'], sender: Sender) => Promise<Messages[Name]['reply']>;
export type Handlers = { readonly [Name in MessageName]: Handler<Name> };

/** A message as it travels. */
interface Packet {
  readonly name: string;
  readonly request: unknown;
}

export type Send = <Name extends MessageName>(name: Name, request: Messages[Name]['request']) => Promise<Messages[Name]['reply']>;

/** Gives the browser's untyped door its types. */
export const createSend =
  (post: (packet: Packet) => Promise<unknown>): Send =>
  async (name, request) =>
    (await post({ name, request })) as Messages[typeof name]['reply'];

const isPacket = (value: unknown): value is Packet =>
  typeof value === 'object' && value !== null && 'name' in value && 'request' in value && typeof value.name === 'string';

/** The only messages that may come from outside the extension's own pages, and only from there. */
const fromScripts: ReadonlySet<string> = new Set<MessageName>(['relayPairing', 'lockedInApp']);

/** Finds the handler of a packet; undefined when there is none or the sender may not send it. */
export function dispatch(handlers: Handlers, packet: unknown, sender: Sender): Promise<unknown> | undefined {
  if (!isPacket(packet) || !Object.hasOwn(handlers, packet.name)) return undefined;
  if (sender.own === fromScripts.has(packet.name)) return undefined;
  const handler = handlers[packet.name as MessageName] as Handler<MessageName>;
  return handler(packet.request as never, sender);
}
