import { err, ok, type Result } from '@mana/shared/base/result';
import { createHmac } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import type { Caller } from '../http/route.ts';
import { findEmail } from './password.queries.ts';
import { openText, sealText } from './sealed-text.ts';
import {
  confirmTotp,
  countUnusedBackupCodes,
  deleteTotp,
  findTotp,
  putTotpDraft,
  spendBackupCode,
  spendStep,
} from './second-factor.queries.ts';
import { noteEvent, originOf } from './security-log.service.ts';

const secretBytes = 20; // RFC 4226: as long as SHA-1's output
const periodSec = 30;
const driftSteps = 1; // clocks differ, and a code is typed while it changes
const backupCodeCount = 10;
const backupCodeLength = 10; // letters of 5 bits each
const codeLetters = 'abcdefghjkmnpqrstuvwxyz23456789'; // none that looks like another

const secretSchema = z.object({ secret: z.string() });

const generatorOf = (secretB32: string, label: string) =>
  new TOTP({ issuer: 'Mana', label, algorithm: 'SHA1', digits: 6, period: periodSec, secret: Secret.fromBase32(secretB32) });

/** Codes as they are compared: apps and people group them differently. */
const plainCode = (typed: string): string => typed.toLowerCase().replaceAll(/[\s-]/g, '');

const hashOfCode = ({ secrets }: Pick<Deps, 'secrets'>, accountId: string, code: string): string =>
  createHmac('sha256', Buffer.from(secrets.addressKeyB64Url, 'base64url')).update(`backup\0${accountId}\0${code}`).digest('base64url');

/** Whether the account has a second step, and how many back-up codes are left. */
export async function describeTotp(deps: Deps, accountId: string) {
  return deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    const totp = await findTotp(transaction, accountId);
    const enabled = totp !== undefined && totp.confirmedAtMs !== null;
    return { enabled, backupCodesLeft: enabled ? await countUnusedBackupCodes(transaction, accountId) : 0 };
  });
}

/** Makes a secret; it counts once a code has shown that the person's app has it. */
export async function enableTotp(deps: Deps, { accountId }: Caller): Promise<Result<{ secretB32: string; uri: string }, Failure>> {
  const secretB32 = new Secret({ buffer: deps.random.bytes(secretBytes).buffer }).base32;
  const sealed = await sealText(deps, 'totp', { secret: secretB32 });
  return deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    const email = await findEmail(transaction, accountId);
    if (!(await putTotpDraft(transaction, accountId, sealed))) return err(failure('CONFLICT'));
    return ok({ secretB32, uri: generatorOf(secretB32, email ?? '').toString() });
  });
}

/** The first code switches the second step on, and brings ten back-up codes. */
export async function confirmEnabledTotp(
  deps: Deps,
  { accountId }: Caller,
  { code, request }: { code: string; request: Request },
): Promise<Result<{ backupCodes: string[] }, Failure>> {
  const codes = Array.from({ length: backupCodeCount }, () => newBackupCode(deps));
  const codeHashes = codes.map((each) => hashOfCode(deps, accountId, plainCode(each)));
  return deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    const totp = await findTotp(transaction, accountId);
    if (!totp || totp.confirmedAtMs !== null) return err(failure('CONFLICT'));
    if (!(await acceptsCode(deps, transaction, { accountId, sealedSecret: totp.sealedSecret, code })))
      return err(failure('TWO_FACTOR_FAILED'));
    await confirmTotp(transaction, accountId, { codeHashes, nowMs: deps.clock.nowMs() });
    await noteEvent(deps, transaction, { accountId, event: 'TOTP_ENABLED', origin: originOf(request) });
    return ok({ backupCodes: codes });
  });
}

export async function disableTotp(deps: Deps, { accountId }: Caller, request: Request): Promise<Result<void, Failure>> {
  return deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    if (!(await deleteTotp(transaction, accountId))) return err(failure('NOT_FOUND'));
    await noteEvent(deps, transaction, { accountId, event: 'TOTP_DISABLED', origin: originOf(request) });
    return ok(undefined);
  });
}

export type SecondStep = 'passed' | 'TWO_FACTOR_REQUIRED' | 'TWO_FACTOR_FAILED';

/** Asks for the account's second step in the running transaction, which acts as `auth`; what counts once is spent. */
export async function takeSecondStep(
  deps: Deps,
  transaction: Transaction,
  { accountId, code, request }: { accountId: string; code: string | undefined; request: Request },
): Promise<SecondStep> {
  const totp = await findTotp(transaction, accountId);
  if (!totp || totp.confirmedAtMs === null) return 'passed';
  if (code === undefined) return 'TWO_FACTOR_REQUIRED';
  if (await acceptsCode(deps, transaction, { accountId, sealedSecret: totp.sealedSecret, code })) return 'passed';
  const codeHash = hashOfCode(deps, accountId, plainCode(code));
  if (!(await spendBackupCode(transaction, { accountId, codeHash, nowMs: deps.clock.nowMs() }))) return 'TWO_FACTOR_FAILED';
  await noteEvent(deps, transaction, { accountId, event: 'BACKUP_CODE_USED', origin: originOf(request) });
  return 'passed';
}

async function acceptsCode(
  deps: Deps,
  transaction: Transaction,
  { accountId, sealedSecret, code }: { accountId: string; sealedSecret: string; code: string },
): Promise<boolean> {
  const opened = secretSchema.safeParse(await openText(deps.secrets, 'totp', sealedSecret));
  if (!opened.success) return false;
  const nowMs = deps.clock.nowMs();
  const delta = generatorOf(opened.data.secret, '').validate({ token: plainCode(code), timestamp: nowMs, window: driftSteps });
  if (delta === null) return false;
  return spendStep(transaction, accountId, Math.floor(nowMs / 1_000 / periodSec) + delta);
}

function newBackupCode({ random }: Pick<Deps, 'random'>): string {
  let code = '';
  while (code.length < backupCodeLength) {
    const byte = random.bytes(1)[0] ?? 0;
    if (byte < 256 - (256 % codeLetters.length)) code += codeLetters[byte % codeLetters.length];
  }
  return `${code.slice(0, backupCodeLength / 2)}-${code.slice(backupCodeLength / 2)}`;
}
