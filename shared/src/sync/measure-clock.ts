import type { Clock } from '#base/clock.ts';
import { ok, type Result } from '#base/result.ts';
import type { DeviceClock } from '#store/device-clock.ts';
import type { Transport, TransportFailure } from './transport.ts';

/** A round trip this quick says the time well enough, in milliseconds: people's edits on two devices lie further apart. */
const quickMs = 100;
/** Most questions in a row: each costs a round trip before the first push. */
const maxQuestions = 4;

interface Told {
  readonly serverMs: number;
  readonly monotonicMs: number;
  readonly roundTripMs: number;
}

/**
 * Asks for the server's time until an answer comes quickly, and takes over the quickest one. Somewhere within its round trip the server read
 * its clock: on a busy device or a slow network that is seconds, and the middle of it is a guess.
 */
export async function measureClock(
  deviceClock: DeviceClock,
  { transport, clock }: { readonly transport: Pick<Transport, 'time'>; readonly clock: Clock },
): Promise<Result<void, TransportFailure>> {
  let best: Told | undefined;
  for (let asked = 0; asked < maxQuestions && !isQuick(best); asked++) {
    const answer = await askOnce(transport, clock);
    if (!answer.ok && !best) return answer;
    if (!answer.ok) break;
    best = quickerOf(best, answer.value);
  }
  if (best) deviceClock.measured(best, best.roundTripMs / 2);
  return ok(undefined);
}

const isQuick = (told: Told | undefined): boolean => told !== undefined && told.roundTripMs <= quickMs;

const quickerOf = (best: Told | undefined, told: Told): Told => (best && best.roundTripMs <= told.roundTripMs ? best : told);

async function askOnce(transport: Pick<Transport, 'time'>, clock: Clock): Promise<Result<Told, TransportFailure>> {
  const startMs = clock.monotonicMs();
  const answer = await transport.time();
  const endMs = clock.monotonicMs();
  if (!answer.ok) return answer;
  return ok({ serverMs: answer.value, monotonicMs: (startMs + endMs) / 2, roundTripMs: endMs - startMs });
}
