import { bytesToText, concatBytes, type Bytes } from '@mana/shared/base/bytes';
import { err, ok, type Result } from '@mana/shared/base/result';
import { MAX_BODY_BYTES } from '@mana/shared/wire/limits';
import { failure, type Failure } from './failure.ts';

export interface JsonBody {
  readonly bytes: Bytes;
  readonly json: unknown;
}

const jsonType = /^application\/json(\s*;|$)/i;

/** Reads a JSON body up to the limit, without trusting what the request says about its length. */
export async function readJsonBody(request: Request): Promise<Result<JsonBody, Failure>> {
  if (!jsonType.test(request.headers.get('content-type') ?? '')) return malformed('content-type', 'must be application/json');
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return err(failure('PAYLOAD_TOO_LARGE'));
  const bytes = await readBytes(request);
  if (!bytes) return err(failure('PAYLOAD_TOO_LARGE'));
  try {
    return ok({ bytes, json: JSON.parse(bytesToText(bytes)) });
  } catch {
    return malformed('', 'must be JSON in UTF-8');
  }
}

async function readBytes(request: Request): Promise<Bytes | undefined> {
  if (!request.body) return new Uint8Array(0);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request.body) {
    length += piece.length;
    if (length > MAX_BODY_BYTES) return undefined;
    pieces.push(piece);
  }
  return concatBytes(...pieces);
}

const malformed = (path: string, message: string) => err(failure('VALIDATION', { issues: [{ path, message }] }));
