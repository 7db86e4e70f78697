import { unzipSync } from 'fflate';
import { err, ok, type Result } from '#base/result.ts';
import { MAX_IMPORT_FILES, MAX_UNPACKED_BYTES, MAX_ZIP_BYTES, type RefusalCode, type SourceFile } from './import-draft.ts';
import { endingOf, readBytes } from './source-text.ts';

/** Files that systems put beside a person's own. */
export const isSystemFile = (path: string): boolean => /(?:^|\/)(?:\.[^/]|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/u.test(path);

/** Endings of the files that are unpacked; others are only named. */
const textEndings = new Set(['md', 'markdown', 'csv']);

interface Unpacked {
  readonly texts: Readonly<Record<string, Uint8Array>>;
  readonly others: readonly { readonly path: string; readonly sizeBytes: number }[];
}

function unpack(zip: Uint8Array): Result<Unpacked, RefusalCode> {
  const others: { path: string; sizeBytes: number }[] = [];
  let textBytes = 0;
  let count = 0;
  const isWanted = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    if (name.endsWith('/') || isSystemFile(name)) return false;
    count += 1;
    const isText = textEndings.has(endingOf(name));
    if (isText) textBytes += originalSize;
    else others.push({ path: name, sizeBytes: originalSize });
    return isText && textBytes <= MAX_UNPACKED_BYTES && count <= MAX_IMPORT_FILES;
  };
  try {
    const texts = unzipSync(zip, { filter: isWanted });
    if (count > MAX_IMPORT_FILES) return err('TOO_MANY_FILES');
    return textBytes > MAX_UNPACKED_BYTES ? err('FILE_TOO_LARGE') : ok({ texts, others });
  } catch {
    return err('DAMAGED_ZIP');
  }
}

const neverUnpacked = (): Promise<Uint8Array> => Promise.reject(new Error('only texts are unpacked'));

/** The files inside a zip. What it says of its sizes decides before anything is unpacked, and more than it says is never written. */
export async function unpackZip(file: SourceFile): Promise<Result<readonly SourceFile[], RefusalCode>> {
  const zip = await readBytes(file, MAX_ZIP_BYTES);
  if (!zip.ok) return zip;
  const unpacked = unpack(zip.value);
  if (!unpacked.ok) return unpacked;
  const texts = Object.entries(unpacked.value.texts).map(([path, content]) => ({
    path,
    sizeBytes: content.length,
    bytes: () => Promise.resolve(content),
  }));
  return ok([...texts, ...unpacked.value.others.map((other) => ({ ...other, bytes: neverUnpacked }))]);
}
