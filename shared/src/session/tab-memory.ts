import type { DeviceWrap } from '#crypto/device-wraps.ts';
import type { CopyMemory } from './held-copies.ts';

type Copies = Readonly<Record<string, DeviceWrap>>;
type Said = { readonly kind: 'ask' } | { readonly kind: 'copies'; readonly copies: Copies };

/** How long a new page waits for the others' answer, in milliseconds: they need a few, and without others it opens locked. */
const answerMs = 250;

const isSaid = (message: unknown): message is Said => typeof message === 'object' && message !== null && 'kind' in message;

/** Memory that the open pages of a browser share by handing it on; empty when the last of them is closed. Sealed copies only. */
export function createTabMemory(channel: BroadcastChannel): CopyMemory {
  let copies: Copies = {};
  let known: Promise<void> | undefined;
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (!isSaid(data)) return;
    if (data.kind === 'copies') copies = data.copies;
    else if (Object.keys(copies).length > 0) channel.postMessage({ kind: 'copies', copies } satisfies Said);
  });
  const ask = (): Promise<void> =>
    new Promise((resolve) => {
      const done = ({ data }: MessageEvent<unknown>): void => {
        if (isSaid(data) && data.kind === 'copies') finish();
      };
      const finish = (): void => {
        clearTimeout(timer);
        channel.removeEventListener('message', done);
        resolve();
      };
      const timer = setTimeout(finish, answerMs);
      channel.addEventListener('message', done);
      channel.postMessage({ kind: 'ask' } satisfies Said);
    });
  return {
    async read() {
      await (known ??= ask());
      return copies;
    },
    async write(next) {
      known ??= Promise.resolve();
      copies = next;
      channel.postMessage({ kind: 'copies', copies } satisfies Said);
    },
  };
}
