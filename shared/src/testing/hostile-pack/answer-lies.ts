import { DELETED_AT } from '#wire/deletion.ts';
import type { RejectionCode } from '#wire/failures.ts';
import type { WireField } from '#wire/record.ts';
import { NO_OP_ID, type PushAnswer, type PushRequest, type PushResult } from '#wire/sync.ts';
import { act, type HostileAct } from './hostile-act.ts';

const tenYearsMs = 315_360_000_000;

/** Says the same of every field of a push. */
const verdict =
  (change: (result: PushResult, sent: WireField | undefined) => PushResult) =>
  (answer: PushAnswer, request: PushRequest): PushAnswer => ({
    ...answer,
    results: request.ops.flatMap(({ op, fields }) =>
      Object.entries(fields).map(([field, sent]) => change({ op, field, status: 'applied', seq: 1 }, sent)),
    ),
  });

const whole =
  (status: PushAnswer['status'], more: Partial<PushAnswer> = {}) =>
  (answer: PushAnswer): PushAnswer => ({
    ...answer,
    status,
    results: [],
    spaces: {},
    ...more,
  });

const older = (sent: WireField): WireField => ({ ...sent, at: `2001${sent.at.slice(4)}` as WireField['at'] });
const deletion = (sent: WireField, v: WireField['v']): PushResult['winner'] => ({
  ...sent,
  at: `2034${sent.at.slice(4)}` as WireField['at'],
  v,
  field: DELETED_AT,
});

function growing(): (answer: PushAnswer) => PushAnswer {
  let generation = 1;
  return (answer) => ({ ...answer, status: 'reset', results: [], spaces: {}, generation: ++generation, shared: {} });
}

/** Lies about what became of a device's own edits. */
export const answerLies: readonly HostileAct[] = [
  act('false verdict', 'an edit is said to have lost, to nothing', {
    expects: 'told',
    answer: verdict((result) => ({ ...result, status: 'superseded' })),
  }),
  act('false verdict', 'an edit is said to have lost to an older value', {
    expects: 'refused',
    answer: verdict((result, sent) =>
      sent ? { ...result, status: 'superseded', winner: { ...older(sent), field: result.field ?? '' } } : result,
    ),
  }),
  act('false verdict', 'an edit is said to have lost to itself', {
    expects: 'told',
    answer: verdict((result, sent) =>
      sent ? { ...result, status: 'superseded', winner: { ...sent, field: result.field ?? '' } } : result,
    ),
  }),
  act('false verdict', 'a record is said to be deleted, without a tombstone', {
    expects: 'told',
    answer: verdict((result) => ({ ...result, status: 'deleted' })),
  }),
  act('false verdict', 'a record is said to be deleted by its restoration', {
    expects: 'told',
    answer: verdict((result, sent) => ({ ...result, status: 'deleted', winner: sent && deletion(sent, null) })),
  }),
  act('false verdict', 'every edit is rejected', {
    expects: 'told',
    answer: verdict((result) => ({ ...result, status: 'rejected', code: 'FOREIGN_SPACE' })),
  }),
  act('false verdict', 'an edit is rejected for a reason that there is not', {
    expects: 'told',
    answer: verdict((result) => ({ ...result, status: 'rejected', code: 'BECAUSE' as RejectionCode })),
  }),
  act('false verdict', 'no edit is mentioned', { expects: 'told', answer: (answer) => ({ ...answer, results: [], spaces: {} }) }),
  act('false verdict', 'edits are mentioned that nobody made', {
    expects: 'told',
    answer: verdict((result) => ({ ...result, op: NO_OP_ID })),
  }),
  act('false verdict', 'every edit is held, and nothing is wrong', {
    expects: 'told',
    answer: verdict((result) => ({ ...result, status: 'held' })),
  }),
  act('false verdict', 'every push is said to be old', { expects: 'told', answer: whole('stale') }),
  act('false verdict', 'every push is said to be under an old key', { expects: 'told', answer: whole('epoch') }),
  act('false verdict', 'every push is told to start over', { expects: 'told', answer: whole('reset', { shared: {} }) }),
  { kind: 'false verdict', name: 'every push meets another generation', expects: 'told', lie: () => ({ answer: growing() }) },
  act('clock', 'every push is said to come from the future', { expects: 'told', answer: whole('clock') }),
  act('clock', 'the clock is called wrong, and the right time is ten years on', {
    expects: 'told',
    answer: whole('clock'),
    now: (nowMs) => nowMs + tenYearsMs,
  }),
  act('clock', 'the time of an answer is no time', { expects: 'told', answer: (answer) => ({ ...answer, now: 1e300 }) }),
  act('truncate', 'the numbers of a push hide what others wrote', {
    expects: 'ignored',
    answer: (answer) => ({
      ...answer,
      spaces: Object.fromEntries(Object.entries(answer.spaces).map(([space, { before }]) => [space, { before, after: before + 1_000 }])),
    }),
  }),
  act('parser', 'an answer is no answer', { expects: 'told', answer: () => 'thanks' as unknown as PushAnswer }),
];
