import { ok } from '#base/result.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import { Exchange, type ExchangeDeps } from '#sync/exchange.ts';
import type { PullDesk } from '#sync/pull-desk.ts';

/** A desk without a worker: the same work on a store of its own, whose messages travel as those of another tab. */
export function createInlineDesk(open: () => Promise<OutboxStore>, deps: Omit<ExchangeDeps, 'store' | 'isStructural'>): PullDesk {
  let isOver = false;
  let exchange: Exchange | undefined;
  const opened = open();
  return {
    async pull(space) {
      const store = await opened;
      if (isOver) return undefined;
      exchange ??= new Exchange({ ...deps, store, isStructural: store.isStructural });
      const pulled = await exchange.pull(space);
      return pulled.ok ? ok({ ...pulled.value, place: store.place() }) : pulled;
    },
    close() {
      isOver = true;
      void opened.then((store) => store.close());
    },
  };
}
