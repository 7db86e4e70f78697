import { err, ok, type Result } from '@mana/shared/base/result';
import { paths } from '@mana/shared/wire/endpoints';
import { meAnswerSchema, onboardingAnswerSchema, profilePatchSchema } from '@mana/shared/wire/profile';
import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { sessionRoute, type Caller, type Reply, type Route } from '../http/route.ts';
import { changeProfile, findPerson, readProfile, setOnboarded } from './profile.queries.ts';

type Answer = Promise<Result<Reply, Failure>>;

/** The signed-in person's own page: profile, and whether the first screens were finished. */
export function profileRoutes(deps: Deps): Route[] {
  const as = <Value>({ accountId }: Caller, work: (transaction: Transaction, accountId: string) => Promise<Value>): Promise<Value> =>
    deps.db.as({ role: 'app', account: accountId }, (transaction) => work(transaction, accountId));
  const answerMe = (caller: Caller): Answer => as(caller, readMe);
  const answerOnboarding = (caller: Caller): Answer =>
    as(caller, async (transaction, accountId) => {
      const { onboardedAt } = await readProfile(transaction, accountId);
      return ok({ json: { completedAt: onboardedAt } });
    });
  return [
    sessionRoute({
      method: 'GET',
      path: paths.me,
      summary: 'Who is signed in',
      answer: meAnswerSchema,
      handle: (_call, caller) => answerMe(caller),
    }),
    sessionRoute({
      method: 'PATCH',
      path: paths.profile,
      summary: 'Change name, photo, or what the community shows',
      body: profilePatchSchema,
      answer: meAnswerSchema,
      handle: async ({ body }, caller) => {
        await as(caller, (transaction, accountId) => changeProfile(transaction, accountId, body));
        return answerMe(caller);
      },
    }),
    sessionRoute({
      method: 'GET',
      path: paths.onboarding,
      summary: 'Whether the first screens were finished',
      answer: onboardingAnswerSchema,
      handle: (_call, caller) => answerOnboarding(caller),
    }),
    sessionRoute({
      method: 'POST',
      path: paths.onboardingComplete,
      summary: 'The first screens are finished; the first time counts',
      answer: onboardingAnswerSchema,
      handle: async (_call, caller) => {
        await as(caller, async (transaction, accountId) => {
          const { onboardedAt } = await readProfile(transaction, accountId);
          if (onboardedAt === null) await setOnboarded(transaction, accountId, deps.clock.nowMs());
        });
        return answerOnboarding(caller);
      },
    }),
    sessionRoute({
      method: 'PATCH',
      path: paths.onboardingReset,
      summary: 'Show the first screens again at the next sign-in',
      answer: onboardingAnswerSchema,
      handle: async (_call, caller) => {
        await as(caller, (transaction, accountId) => setOnboarded(transaction, accountId, null));
        return answerOnboarding(caller);
      },
    }),
  ];
}

async function readMe(transaction: Transaction, accountId: string): Answer {
  const person = await findPerson(transaction, accountId);
  if (!person) return err(failure('UNAUTHORIZED'));
  const { createdAtMs, ...rest } = person;
  const profile = await readProfile(transaction, accountId);
  return ok({ json: { ...rest, createdAt: new Date(createdAtMs).toISOString(), profile } });
}
