/** Raw bytes over a plain ArrayBuffer, as WebCrypto and IndexedDB take them. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 bytes of a text. */
export const textToBytes = (text: string): Bytes => encoder.encode(text);

/** Text of UTF-8 bytes; throws a TypeError when they are not UTF-8. */
export const bytesToText = (bytes: Uint8Array): string => decoder.decode(bytes);

const chunkBytes = 0x8000; // String.fromCharCode takes its arguments on the stack

function bytesToB64Slowly(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    binary += String.fromCharCode(...bytes.subarray(start, start + chunkBytes));
  }
  return btoa(binary);
}

function b64ToBytesSlowly(b64: string): Bytes {
  const binary = atob(b64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

// Engines of 2025 and later do it themselves, many times faster; a first download goes through it 800,000 times.
const isNative = 'fromBase64' in Uint8Array && 'toBase64' in Uint8Array.prototype;

/** Standard base64 with padding. */
export const bytesToB64 = (bytes: Uint8Array): string => (isNative ? bytes.toBase64() : bytesToB64Slowly(bytes));

/** Bytes of standard base64; throws when it is malformed. */
export const b64ToBytes = (b64: string): Bytes => (isNative ? Uint8Array.fromBase64(b64) : b64ToBytesSlowly(b64));

/** Base64 for URLs and cookies: `-` and `_`, no padding. */
export const bytesToB64Url = (bytes: Uint8Array): string => bytesToB64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** Bytes of URL base64; throws a DOMException when it is malformed. */
export const b64UrlToBytes = (b64Url: string): Bytes => b64ToBytes(b64Url.replaceAll('-', '+').replaceAll('_', '/'));

/** Lower-case hexadecimal, two digits a byte. */
export const bytesToHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The given pieces, one after the other. */
export function concatBytes(...pieces: Uint8Array[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

const prefixBytes = 4;
const maxUtf8BytesPerUnit = 3; // of a UTF-16 code unit

/** Writes a text as UTF-8 and returns where it ends. Names and ids are ASCII: a loop over them costs a tenth of an encoder's call. */
function writeText(target: Uint8Array, start: number, text: string): number {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return start + encoder.encodeInto(text, target.subarray(start)).written;
    target[start + index] = unit;
  }
  return start + text.length;
}

/** Joins texts so that no two different lists give the same bytes: each part behind its length (4 bytes, big-endian). */
export function lengthPrefixed(parts: readonly string[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + prefixBytes + part.length * maxUtf8BytesPerUnit, 0));
  const view = new DataView(whole.buffer);
  let offset = 0;
  for (const part of parts) {
    const end = writeText(whole, offset + prefixBytes, part);
    view.setUint32(offset, end - offset - prefixBytes);
    offset = end;
  }
  return whole.slice(0, offset);
}
