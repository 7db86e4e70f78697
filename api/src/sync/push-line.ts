import { classify, databaseCause } from '../http/classify.ts';

/** What a piece of work must have for itself while it runs, and how large it is. */
export interface Claim {
  readonly names: readonly string[];
  readonly weight: number;
}

interface Waiting<Work, Answer> {
  readonly work: Work;
  resolve(answer: Answer): void;
  reject(thrown: unknown): void;
}

interface LineRules<Work, Answer> {
  /** How many groups run at once. */
  readonly lanes: number;
  /** Most that a group weighs; a single piece of work may weigh more. */
  readonly maxWeight: number;
  /** Does all of a group or nothing of it; its answers in the group's order. */
  runGroup(group: readonly Work[]): Promise<readonly Answer[]>;
}

/**
 * Runs work in groups: what arrives while a group runs forms the next one, so that one caller waits for nobody and twenty at once
 * share one commit. Work whose claims overlap is never in one group, nor in two that run at once, and keeps its order of arrival.
 */
export function createPushLine<Work extends Claim, Answer>(rules: LineRules<Work, Answer>): (work: Work) => Promise<Answer> {
  const running = new Set<string>();
  let waiting: Waiting<Work, Answer>[] = [];
  let lanesFree = rules.lanes;

  const start = (): void => {
    while (lanesFree > 0 && waiting.length > 0) {
      const { group, rest } = takeGroup(waiting, running, rules.maxWeight);
      if (group.length === 0) return;
      waiting = rest;
      void run(group);
    }
  };
  const run = async (group: readonly Waiting<Work, Answer>[]): Promise<void> => {
    const names = group.flatMap(({ work }) => work.names);
    for (const name of names) running.add(name);
    lanesFree -= 1;
    await answerGroup(group, rules.runGroup);
    lanesFree += 1;
    for (const name of names) running.delete(name);
    start();
  };
  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push({ work, resolve, reject });
      start();
    });
}

function takeGroup<Work extends Claim, Answer>(waiting: readonly Waiting<Work, Answer>[], running: ReadonlySet<string>, maxWeight: number) {
  const claimed = new Set(running);
  const group: Waiting<Work, Answer>[] = [];
  const rest: Waiting<Work, Answer>[] = [];
  let weight = 0;
  for (const each of waiting) {
    const { names, weight: own } = each.work;
    const hasRoom = group.length === 0 || weight + own <= maxWeight;
    const goes = hasRoom && names.every((name) => !claimed.has(name));
    (goes ? group : rest).push(each);
    if (goes) weight += own;
    // What stays behind keeps its turn: later work on the same names waits for it.
    for (const name of names) claimed.add(name);
  }
  return { group, rest };
}

async function answerGroup<Work, Answer>(
  group: readonly Waiting<Work, Answer>[],
  runGroup: LineRules<Work, Answer>['runGroup'],
): Promise<void> {
  try {
    const answers = await runGroup(group.map(({ work }) => work));
    for (const [place, { resolve }] of group.entries()) resolve(answers[place] as Answer);
  } catch (thrown) {
    if (group.length > 1 && isOfOne(thrown)) for (const each of group) await answerGroup([each], runGroup);
    else for (const { reject } of group) reject(thrown);
  }
}

/** Whether one piece of work may be the reason: then the others go on without it. A database that is gone is gone for all. */
function isOfOne(thrown: unknown): boolean {
  return classify(thrown).code !== 'SERVICE_UNAVAILABLE' || /^2[23]/.test(databaseCause(thrown)?.sqlState ?? '');
}
