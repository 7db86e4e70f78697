import type { registerFinishRequestSchema } from '@mana/shared/wire/account';
import type { z } from 'zod';
import { become, type Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { makeSingletons } from '../sync/singletons.service.ts';
import { insertPersonalSpace } from '../sync/spaces.queries.ts';
import { insertAccount } from './account.queries.ts';
import { normalisedEmail } from './address.ts';
import { putRecoveryOpener } from './password.queries.ts';
import { noteEvent, originOf } from './security-log.service.ts';

/** All that an account begins with, made on the person's device. */
export type SignUpContent = Omit<z.output<typeof registerFinishRequestSchema>, 'attempt' | 'client'>;

/** Makes an account: password record, wraps, identity, personal space with its singletons. The transaction acts as `auth` afterwards. */
export async function makeAccount(
  deps: Deps,
  transaction: Transaction,
  { id, content, request }: { id: string; content: SignUpContent; request: Request },
): Promise<void> {
  const createdAtMs = deps.clock.nowMs();
  const email = normalisedEmail(content.email);
  const { registrationRecord, wraps, identity, space, recoveryOpenerB64 } = content;
  const name = content.name ?? email.slice(0, email.indexOf('@')).slice(0, 80);
  await become(transaction, { role: 'app', account: id });
  await insertAccount(transaction, { id, email, name, createdAtMs, registrationRecord, wraps, identity });
  if (recoveryOpenerB64 !== undefined) await putRecoveryOpener(transaction, id, recoveryOpenerB64);
  await insertPersonalSpace(transaction, { id: space.id, accountId: id, key: space.key, createdAtMs });
  await makeSingletons(transaction, id, createdAtMs);
  await become(transaction, { role: 'auth' });
  await noteEvent(deps, transaction, { accountId: id, event: 'REGISTER', origin: originOf(request) });
}
