/** A fault that a test plants into a copy of the product's code while it is loaded. */
export interface PlantedFault {
  readonly name: string;
  /** File, from `shared/src`. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/** One fault in each of the places where an edit could get lost. */
export const plantedFaults: readonly PlantedFault[] = [
  {
    name: 'the merge rule lets what comes last win',
    file: 'wire/merge.ts',
    find: 'if (order < 0) return',
    put: 'if (order > 1) return',
  },
  {
    name: 'the outbox forgets an edit that was made while the one before it was under way',
    file: 'store/push-answer.ts',
    find: '.filter((waiting) => Object.keys(waiting.fields).length > 0);\n  settling.state = { ...state, acked, pending };',
    put: '.filter((_, place) => place < index);\n  settling.state = { ...state, acked, pending };',
  },
  {
    name: 'the cursor moves over a gap',
    file: 'sync/exchange.ts',
    find: 'return at >= before && at < seq',
    put: 'return at < seq',
  },
  {
    name: 'the bin is emptied before its time',
    file: 'store/empty-bin.ts',
    find: 'isOlder(mark, now, BIN_KEPT_MS)',
    put: 'isOlder(mark, now, 0)',
  },
];
