import { bytesToB64 } from '@mana/shared/base/bytes';
import type { Clock } from '@mana/shared/base/clock';
import { newId } from '@mana/shared/base/ids';
import type { Random } from '@mana/shared/base/random';
import { PAIRING_CHANNEL } from '@mana/shared/session/pairing-channel';
import {
  PAIRING_LIFETIME_MS,
  PAIRING_NONCE_BYTES,
  pagePairingMessageSchema,
  pairingCode,
  pairingCommitment,
  type ExtensionPairingMessage,
  type PagePairingMessage,
  type PairingRefusal,
} from '@mana/shared/session/pairing-messages';

/** Where a pairing stands; kept outside the worker, which may die between any two steps. */
export type PairingProgress = { readonly origin: string; readonly untilMs: number } & (
  { readonly step: 'expected' } | ({ readonly step: 'offered' } & Offer) | ({ readonly step: 'revealed'; readonly code: string } & Offer)
);

interface Offer {
  readonly pairingId: string;
  readonly publicB64: string;
  readonly privateB64: string;
  readonly nonceB64: string;
}

/** What the popup shows of it. */
export type PairingView = { readonly origin: string; readonly code: string | null } | null;

/** Fresh keys, and what becomes of the payload that was sealed to them. */
interface PairingKeys {
  newKeyPair(): Promise<{ readonly publicB64: string; readonly privateB64: string }>;
  accept(input: {
    readonly origin: string;
    readonly privateB64: string;
    readonly encB64: string;
    readonly ciphertextB64: string;
  }): Promise<'ACCEPTED' | Extract<PairingRefusal, 'NOT_SEALED_FOR_US' | 'UNAVAILABLE'>>;
}

export interface PairingDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: PairingKeys;
  /** Memory of the browser's session, not of the worker. */
  readonly progress: { read(): Promise<PairingProgress | null>; write(progress: PairingProgress | null): Promise<void> };
  /** Digits are there to be compared: brings the popup to the front where the browser allows it. */
  readonly codeShown: () => Promise<void>;
  /** The instance is connected. */
  readonly connected: (origin: string) => Promise<void>;
}

export interface ExtensionPairing {
  /** The person asked to connect: for ten minutes the instance's page is answered. */
  expect(origin: string): Promise<void>;
  cancel(): Promise<void>;
  view(): Promise<PairingView>;
  /** Answers the page of an instance; null is silence, so that nobody who was not expected learns that the extension is there. */
  answer(message: unknown, pageUrl: string | undefined): Promise<ExtensionPairingMessage | null>;
}

/** The page that takes part; every other page of the same origin does not. */
export const PAIRING_PATH = '/settings/extension';

type Omitted<Message> = Message extends unknown ? Omit<Message, 'channel' | 'from'> : never;

const say = (message: Omitted<ExtensionPairingMessage>): ExtensionPairingMessage => ({
  channel: PAIRING_CHANNEL,
  from: 'extension',
  ...message,
});

/** The extension's side of `[Note: pairing]` in shared/session/pairing-messages. */
export function createExtensionPairing(deps: PairingDeps): ExtensionPairing {
  const current = async (): Promise<PairingProgress | null> => {
    const progress = await deps.progress.read();
    return progress !== null && progress.untilMs > deps.clock.nowMs() ? progress : null;
  };
  return {
    expect: (origin) => deps.progress.write({ origin, untilMs: deps.clock.nowMs() + PAIRING_LIFETIME_MS, step: 'expected' }),
    cancel: () => deps.progress.write(null),
    async view() {
      const progress = await current();
      return progress === null ? null : { origin: progress.origin, code: progress.step === 'revealed' ? progress.code : null };
    },
    async answer(message, pageUrl) {
      const progress = await current();
      const parsed = pagePairingMessageSchema.safeParse(message);
      if (progress === null || !parsed.success || !isPairingPage(pageUrl, progress.origin)) return null;
      if (parsed.data.kind === 'hello') return offer(deps, progress);
      if (progress.step === 'expected' || parsed.data.pairingId !== progress.pairingId) return say({ kind: 'refused', code: 'EXPIRED' });
      return parsed.data.kind === 'challenge' ? reveal(deps, progress, parsed.data) : accept(deps, progress, parsed.data);
    },
  };
}

function isPairingPage(pageUrl: string | undefined, origin: string): boolean {
  if (pageUrl === undefined || !URL.canParse(pageUrl)) return false;
  const url = new URL(pageUrl);
  return url.origin === origin && url.pathname.replace(/\/$/, '') === PAIRING_PATH;
}

async function offer(deps: PairingDeps, { origin, untilMs }: PairingProgress): Promise<ExtensionPairingMessage> {
  const pairingId = newId(deps);
  const nonceB64 = bytesToB64(deps.random.bytes(PAIRING_NONCE_BYTES));
  const { publicB64, privateB64 } = await deps.keys.newKeyPair();
  await deps.progress.write({ origin, untilMs, step: 'offered', pairingId, publicB64, privateB64, nonceB64 });
  return say({ kind: 'offer', pairingId, commitmentB64: pairingCommitment(publicB64, nonceB64) });
}

async function reveal(
  deps: PairingDeps,
  progress: Exclude<PairingProgress, { step: 'expected' }>,
  { pageNonceB64 }: Extract<PagePairingMessage, { kind: 'challenge' }>,
): Promise<ExtensionPairingMessage> {
  // A second nonce for the same key would let somebody in between try until the digits agree.
  if (progress.step !== 'offered') return say({ kind: 'refused', code: 'OUT_OF_ORDER' });
  const { pairingId, publicB64, nonceB64 } = progress;
  const code = pairingCode({ extensionPublicB64: publicB64, extensionNonceB64: nonceB64, pageNonceB64 });
  await deps.progress.write({ ...progress, step: 'revealed', code });
  await deps.codeShown();
  return say({ kind: 'reveal', pairingId, extensionPublicB64: publicB64, extensionNonceB64: nonceB64 });
}

async function accept(
  deps: PairingDeps,
  progress: Exclude<PairingProgress, { step: 'expected' }>,
  { encB64, ciphertextB64 }: Extract<PagePairingMessage, { kind: 'sealed' }>,
): Promise<ExtensionPairingMessage> {
  const { origin, pairingId, privateB64 } = progress;
  if (progress.step !== 'revealed') return say({ kind: 'refused', code: 'OUT_OF_ORDER' });
  // The key serves one payload, whatever becomes of it: a replay finds nothing.
  await deps.progress.write(null);
  const outcome = await deps.keys.accept({ origin, privateB64, encB64, ciphertextB64 });
  if (outcome !== 'ACCEPTED') return say({ kind: 'refused', code: outcome });
  await deps.connected(origin);
  return say({ kind: 'done', pairingId });
}
