import { textToBytes, type Bytes } from '#base/bytes.ts';
import { err, ok } from '#base/result.ts';
import type { PasskeyAnswer, PasskeyPort } from './passkeys.ts';

/** What every passkey of the app is asked for: one input for all, so that a passkey found without a name can answer too. */
const prfInput = textToBytes('mana/passkey/prf/1');

/** The library is loaded when a passkey is used. */
const load = () => import('@simplewebauthn/browser');

type Library = Awaited<ReturnType<typeof load>>;
type CreationOptions = Parameters<Library['startRegistration']>[0]['optionsJSON'];
type RequestOptions = Parameters<Library['startAuthentication']>[0]['optionsJSON'];
type Response = Awaited<ReturnType<Library['startRegistration'] | Library['startAuthentication']>>;

interface PrfResults {
  readonly prf?: { readonly enabled?: boolean; readonly results?: { readonly first?: BufferSource } };
}

/** Passkeys of this browser. */
export function createBrowserPasskeys(): PasskeyPort {
  return {
    supports: async (rpId) => ({ passkeys: await worksHere(rpId), autofill: await canFill() }),
    async create(options) {
      const { startRegistration } = await load();
      try {
        return ok(answerOf(await startRegistration({ optionsJSON: withPrf(options) as unknown as CreationOptions })));
      } catch (thrown) {
        return err(nameOf(thrown) === 'InvalidStateError' ? 'CONFLICT' : failureOf(thrown));
      }
    },
    async ask(options, { autofill }) {
      const { startAuthentication } = await load();
      try {
        const optionsJSON = withPrf(options) as unknown as RequestOptions;
        return ok(answerOf(await startAuthentication({ optionsJSON, useBrowserAutofill: autofill })));
      } catch (thrown) {
        return err(failureOf(thrown));
      }
    },
    cancel: () => void load().then(({ WebAuthnAbortService }) => WebAuthnAbortService.cancelCeremony()),
  };
}

/** The library hands extensions to the browser as they are: the input must be bytes, not text. */
const withPrf = (options: object): object => ({ ...options, extensions: { prf: { eval: { first: prfInput } } } });

/** Parts what is for the server from what must stay here. */
function answerOf({ clientExtensionResults, ...response }: Response): PasskeyAnswer {
  const { prf } = clientExtensionResults as PrfResults;
  const secret = bytesOf(prf?.results?.first);
  return {
    response: { ...response, clientExtensionResults: {} },
    credentialId: response.id,
    secret,
    prf: prf?.enabled === true || secret !== undefined,
  };
}

/** Some answer with nothing in it where they have no PRF. */
function bytesOf(source: BufferSource | undefined): Bytes | undefined {
  if (!source || source.byteLength === 0) return undefined;
  const view = ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
  return Uint8Array.from(view);
}

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : '');

/** The person said no, or nobody answered in time; browsers do not tell the two apart. */
const failureOf = (thrown: unknown): 'PASSKEY_CANCELLED' | 'PASSKEY_VERIFICATION_FAILED' =>
  ['NotAllowedError', 'AbortError'].includes(nameOf(thrown)) ? 'PASSKEY_CANCELLED' : 'PASSKEY_VERIFICATION_FAILED';

async function worksHere(rpId: string): Promise<boolean> {
  if (typeof PublicKeyCredential === 'undefined') return false;
  const { hostname, protocol } = location;
  if (hostname === rpId || hostname.endsWith(`.${rpId}`) || protocol.endsWith('-extension:')) return true;
  const { relatedOrigins } = (await PublicKeyCredential.getClientCapabilities?.()) ?? {};
  return relatedOrigins === true;
}

const canFill = async (): Promise<boolean> =>
  typeof PublicKeyCredential !== 'undefined' && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true;
