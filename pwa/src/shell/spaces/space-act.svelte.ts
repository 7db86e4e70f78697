import type { Result } from '@mana/shared/base/result';
import type { FailureCode } from '@mana/shared/wire/failures';
import type { App } from '../app.svelte.ts';
import { failureWords, sentenceOf } from '../failure-messages.ts';

/** Runs acts on a space one at a time, and tells how each ended. */
export function createSpaceActs(app: App) {
  let working = $state(false);
  return {
    get working(): boolean {
      return working;
    },
    /** The value, or undefined when it failed, which was told. */
    async run<Value>(act: () => Promise<Result<Value, FailureCode>>, done?: string): Promise<{ readonly value: Value } | undefined> {
      if (working) return undefined;
      working = true;
      const outcome = await act();
      working = false;
      if (!outcome.ok) {
        app.toasts.problem(sentenceOf(failureWords(outcome.error)));
        return undefined;
      }
      if (done !== undefined) app.toasts.show(done);
      return outcome;
    },
  };
}
