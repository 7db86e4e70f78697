import { err, ok, type Result } from '#base/result.ts';
import type { RefusalCode, SourceFile } from './import-draft.ts';

function decoderFor(bytes: Uint8Array): TextDecoder {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true });
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be', { fatal: true });
  return new TextDecoder('utf-8', { fatal: true });
}

/** Text of bytes in UTF-8 or, by their mark, UTF-16; without the mark, with `\n` as line end. A text holds no zero. */
export function decodeText(bytes: Uint8Array): Result<string, 'NOT_TEXT'> {
  try {
    const text = decoderFor(bytes).decode(bytes);
    return text.includes('\0') ? err('NOT_TEXT') : ok(text.replace(/^\uFEFF/u, '').replaceAll(/\r\n?/gu, '\n'));
  } catch {
    return err('NOT_TEXT');
  }
}

/** Bytes of a file that is not larger than `maxBytes`; a larger one is not even read. */
export async function readBytes(file: SourceFile, maxBytes: number): Promise<Result<Uint8Array, RefusalCode>> {
  if (file.sizeBytes > maxBytes) return err('FILE_TOO_LARGE');
  try {
    const bytes = await file.bytes();
    return bytes.length > maxBytes ? err('FILE_TOO_LARGE') : ok(bytes);
  } catch {
    return err('UNREADABLE_FILE');
  }
}

/** Text of a file that is not larger than `maxBytes`. */
export async function readText(file: SourceFile, maxBytes: number): Promise<Result<string, RefusalCode>> {
  const bytes = await readBytes(file, maxBytes);
  return bytes.ok ? decodeText(bytes.value) : bytes;
}

/** Ending of a path in lower case, without the dot; empty when there is none. */
export const endingOf = (path: string): string => /[^/]\.([^./]+)$/u.exec(path)?.[1]?.toLowerCase() ?? '';

/** Name of a file without folders and ending, composed (NFC) as other systems write it. */
export const nameOf = (path: string): string =>
  path
    .replace(/^.*\//u, '')
    .replace(/\.[^.]+$/u, '')
    .normalize('NFC')
    .trim();
