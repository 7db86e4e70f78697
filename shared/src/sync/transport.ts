import type { DeviceId } from '#base/hybrid-clock.ts';
import type { Result } from '#base/result.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { LiveMessage, NewestAnswer, NewestRequest, PullAnswer, PushAnswer, PushRequest } from '#wire/sync.ts';

/** Why a request brought no answer. */
export interface TransportFailure {
  /** `OFFLINE`: the network failed or was silent · `MALFORMED_ANSWER`: an answer that this version does not understand. */
  readonly code: FailureCode | 'OFFLINE' | 'MALFORMED_ANSWER';
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** What a live connection tells. */
export interface LiveListener {
  onMessage(message: LiveMessage): void;
  /** Called once, also when it never opened. */
  onClose(): void;
}

/** The way to the server; every answer is validated. */
export interface Transport {
  /** The server's time, in milliseconds since 1970. */
  time(): Promise<Result<number, TransportFailure>>;
  push(request: PushRequest): Promise<Result<PushAnswer, TransportFailure>>;
  pull(request: { readonly space: string; readonly cursor: string }): Promise<Result<PullAnswer, TransportFailure>>;
  /** The records of a table that changed last, ahead of the cursor. */
  newest(request: NewestRequest): Promise<Result<NewestAnswer, TransportFailure>>;
  /** Opens the live connection. Returns the way to close it. */
  listen(device: DeviceId, listener: LiveListener): () => void;
}
