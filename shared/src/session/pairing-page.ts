import { bytesToB64 } from '#base/bytes.ts';
import type { Random } from '#base/random.ts';
import type { Result } from '#base/result.ts';
import { PAIRING_CHANNEL } from './pairing-channel.ts';
import {
  extensionPairingMessageSchema,
  PAIRING_NONCE_BYTES,
  pairingCode,
  pairingCommitment,
  type ExtensionPairingMessage,
  type PagePairingMessage,
  type PairingRefusal,
} from './pairing-messages.ts';

/** How far the page has come: `waiting` no extension answers yet · `comparing` the person compares `code` · `connecting` keys are on their way · `connected` · `refused` by the extension, by an answer that broke its commitment, or because sealing failed. */
export type PairingPageState<Failure extends string> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'comparing'; readonly code: string }
  | { readonly kind: 'connecting'; readonly code: string }
  | { readonly kind: 'connected' }
  | { readonly kind: 'refused'; readonly code: PairingRefusal | 'COMMITMENT_BROKEN' | Failure };

/** The part of a window that pairing needs; in the app it is `window` itself. */
export type PairingWindow = Pick<Window, 'addEventListener' | 'removeEventListener' | 'postMessage'> & {
  readonly location: { readonly origin: string };
};

/** What the app's side of pairing needs; `seal` is `session.pairExtension`. */
export interface PairingPageDeps<Failure extends string> {
  readonly window: PairingWindow;
  readonly random: Random;
  readonly seal: (extensionPublicB64: string) => Promise<Result<{ readonly encB64: string; readonly ciphertextB64: string }, Failure>>;
}

/** The app's side of pairing with an extension. */
export interface PairingPage<Failure extends string> {
  state(): PairingPageState<Failure>;
  subscribe(listener: () => void): () => void;
  /** Begins again from `hello`; whatever was under way is forgotten. */
  restart(): void;
  /** The person has compared the digits: seals the keys and sends them. Does nothing unless the digits are shown. */
  connect(): Promise<void>;
  /** Stops listening. */
  stop(): void;
}

type Omitted<Message> = Message extends unknown ? Omit<Message, 'channel' | 'from'> : never;

interface Progress<Failure extends string> {
  state: PairingPageState<Failure>;
  offer: { readonly pairingId: string; readonly commitmentB64: string; readonly pageNonceB64: string } | null;
  extensionPublicB64: string | null;
}

/** Starts the app's side of pairing: says `hello` and follows `[Note: pairing]`. Only this window and its own origin are heard. */
export function startPairingPage<Failure extends string>(deps: PairingPageDeps<Failure>): PairingPage<Failure> {
  const listeners = new Set<() => void>();
  const progress: Progress<Failure> = { state: { kind: 'waiting' }, offer: null, extensionPublicB64: null };
  const become = (state: PairingPageState<Failure>): void => {
    progress.state = state;
    for (const listener of listeners) listener();
  };
  const send = (message: Omitted<PagePairingMessage>): void =>
    deps.window.postMessage({ channel: PAIRING_CHANNEL, from: 'page', ...message }, deps.window.location.origin);
  const restart = (): void => {
    progress.offer = null;
    progress.extensionPublicB64 = null;
    become({ kind: 'waiting' });
    send({ kind: 'hello' });
  };
  const receive = (event: MessageEvent<unknown>): void => {
    if (event.source !== deps.window || event.origin !== deps.window.location.origin) return;
    const parsed = extensionPairingMessageSchema.safeParse(event.data);
    if (parsed.success) step(parsed.data, { progress, become, send, restart, random: deps.random });
  };
  const connect = async (): Promise<void> => {
    const { state, offer, extensionPublicB64 } = progress;
    if (state.kind !== 'comparing' || offer === null || extensionPublicB64 === null) return;
    become({ kind: 'connecting', code: state.code });
    const sealed = await deps.seal(extensionPublicB64);
    if (progress.offer !== offer) return;
    if (sealed.ok)
      send({ kind: 'sealed', pairingId: offer.pairingId, encB64: sealed.value.encB64, ciphertextB64: sealed.value.ciphertextB64 });
    else become({ kind: 'refused', code: sealed.error });
  };
  deps.window.addEventListener('message', receive);
  send({ kind: 'hello' });
  return {
    state: () => progress.state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    restart,
    connect,
    stop: () => deps.window.removeEventListener('message', receive),
  };
}

interface Steps<Failure extends string> {
  readonly progress: Progress<Failure>;
  readonly become: (state: PairingPageState<Failure>) => void;
  readonly send: (message: Omitted<PagePairingMessage>) => void;
  readonly restart: () => void;
  readonly random: Random;
}

function step<Failure extends string>(message: ExtensionPairingMessage, steps: Steps<Failure>): void {
  const { progress, become } = steps;
  switch (message.kind) {
    case 'here':
      if (progress.state.kind === 'waiting') steps.restart();
      return;
    case 'offer': {
      // Once digits are shown, no other offer may change them under the person's eyes.
      if (progress.state.kind !== 'waiting') return;
      const pageNonceB64 = bytesToB64(steps.random.bytes(PAIRING_NONCE_BYTES));
      progress.offer = { pairingId: message.pairingId, commitmentB64: message.commitmentB64, pageNonceB64 };
      steps.send({ kind: 'challenge', pairingId: message.pairingId, pageNonceB64 });
      return;
    }
    case 'reveal':
      reveal(message, steps);
      return;
    case 'done':
      if (progress.state.kind === 'connecting' && message.pairingId === progress.offer?.pairingId) become({ kind: 'connected' });
      return;
    case 'refused':
      if (progress.state.kind !== 'connected') become({ kind: 'refused', code: message.code });
  }
}

function reveal<Failure extends string>(
  { pairingId, extensionPublicB64, extensionNonceB64 }: Extract<ExtensionPairingMessage, { kind: 'reveal' }>,
  { progress, become }: Steps<Failure>,
): void {
  const { offer, state } = progress;
  if (state.kind !== 'waiting' || offer === null || offer.pairingId !== pairingId) return;
  if (pairingCommitment(extensionPublicB64, extensionNonceB64) !== offer.commitmentB64) {
    become({ kind: 'refused', code: 'COMMITMENT_BROKEN' });
    return;
  }
  progress.extensionPublicB64 = extensionPublicB64;
  become({ kind: 'comparing', code: pairingCode({ extensionPublicB64, extensionNonceB64, pageNonceB64: offer.pageNonceB64 }) });
}
