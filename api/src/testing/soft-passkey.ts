import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

const flag = { userPresent: 0x01, userVerified: 0x04, mayBeBackedUp: 0x08, backedUp: 0x10, hasCredential: 0x40 };

export interface CeremonyParts {
  readonly challenge: string;
  readonly origin?: string;
  readonly userVerified?: boolean;
  /** Which relying party signs for; a passkey of another one must not pass. */
  readonly rpId?: string;
}

/** An authenticator in software (ES256, no attestation) that does what it is told, right or wrong. */
export interface SoftPasskey {
  readonly id: string;
  counter: number;
  register(parts: CeremonyParts): Record<string, unknown>;
  answer(parts: CeremonyParts & { readonly userHandle?: string }): Record<string, unknown>;
}

const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest();
const b64Url = (data: Buffer): string => data.toString('base64url');

export function createSoftPasskey({ aaguid = Buffer.alloc(16), backedUp = false } = {}): SoftPasskey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(24);
  const id = b64Url(credentialId);
  const backUp = backedUp ? flag.mayBeBackedUp | flag.backedUp : 0;

  const authenticatorData = ({ rpId = 'localhost', userVerified = true }: CeremonyParts, attested?: Buffer): Buffer => {
    const flags = flag.userPresent | (userVerified ? flag.userVerified : 0) | backUp | (attested ? flag.hasCredential : 0);
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(passkey.counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), counter, attested ?? Buffer.alloc(0)]);
  };
  const clientData = (type: 'webauthn.create' | 'webauthn.get', { challenge, origin = 'http://localhost:4321' }: CeremonyParts): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

  const passkey: SoftPasskey = {
    id,
    counter: 0,
    register(parts) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credentialId.length);
      const data = authenticatorData(parts, Buffer.concat([aaguid, length, credentialId, coseKey(publicKey)]));
      const client = clientData('webauthn.create', parts);
      const response = { clientDataJSON: b64Url(client), attestationObject: b64Url(withoutAttestation(data)), transports: ['internal'] };
      return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
    },
    answer({ userHandle, ...parts }) {
      const data = authenticatorData(parts);
      const client = clientData('webauthn.get', parts);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey);
      const response = { clientDataJSON: b64Url(client), authenticatorData: b64Url(data), signature: b64Url(signature), userHandle };
      return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
    },
  };
  return passkey;
}

/** The public key in COSE (RFC 9053): EC2, ES256, P-256. */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const begin = Buffer.from('a5010203262001215820', 'hex');
  return Buffer.concat([begin, Buffer.from(x, 'base64url'), Buffer.from('225820', 'hex'), Buffer.from(y, 'base64url')]);
}

/** An attestation object in CBOR with the format `none`. */
function withoutAttestation(data: Buffer): Buffer {
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
  const head = Buffer.concat([Buffer.from([0xa3]), text('fmt'), text('none'), text('attStmt'), Buffer.from([0xa0]), text('authData')]);
  return Buffer.concat([head, Buffer.from([0x58, data.length]), data]);
}
