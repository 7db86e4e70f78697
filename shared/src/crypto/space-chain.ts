import { sha256 } from '@noble/hashes/sha2.js';
import { b64ToBytes, bytesToB64, concatBytes, textToBytes, type Bytes } from '#base/bytes.ts';
import { err, ok, type Result } from '#base/result.ts';
import {
  memberOf,
  statementBytes,
  statementFault,
  type SpaceStatement,
  type StatementFault,
  type UnsignedStatement,
} from '#wire/space-statement.ts';
import { signEd25519, verifiesEd25519 } from './primitives.ts';

/** Why a chain of statements is not believed: a rule, a signature, or it leaves out or contradicts what was believed before. */
export type ChainFault = StatementFault | 'BAD_SIGNATURE' | 'CHAIN_IS_CUT' | 'CHAIN_IS_FORKED';

/** How far a chain was believed before. */
export interface ChainPin {
  readonly number: number;
  readonly hashB64: string;
}

/** A statement with its hash. */
export interface HashedStatement {
  readonly statement: SpaceStatement;
  readonly hashB64: string;
}

const hashLabel = textToBytes('mana/statement-hash/1\n');

/** SHA-256 of a statement with its signature, base64. */
export const statementHash = (statement: SpaceStatement): string =>
  bytesToB64(sha256(concatBytes(hashLabel, statementBytes(statement), b64ToBytes(statement.signatureB64))));

/** Signs a statement with the private half of its signer's identity. */
export async function signStatement(signingPrivate: Bytes, unsigned: UnsignedStatement): Promise<SpaceStatement> {
  return { ...unsigned, signatureB64: bytesToB64(await signEd25519(signingPrivate, statementBytes(unsigned))) };
}

/** Why a statement is not believed behind another; undefined when it is. */
export async function nextFault(before: HashedStatement | undefined, next: SpaceStatement): Promise<ChainFault | undefined> {
  const fault = statementFault(before, next);
  if (fault) return fault;
  const signer = memberOf(before?.statement ?? next, next.signer);
  if (!signer) return 'NOT_ALLOWED';
  const isSigned = await verifiesEd25519(b64ToBytes(signer.signingPublicB64), b64ToBytes(next.signatureB64), statementBytes(next));
  return isSigned ? undefined : 'BAD_SIGNATURE';
}

/**
 * Believes a chain of statements, or says why not. Invariant 6: what was believed once is part of every chain that is believed later;
 * a shorter or another one is refused. What lies up to `pin` is bound by its hash and not verified again.
 */
export async function believeChain(
  statements: readonly SpaceStatement[],
  pin: ChainPin | undefined,
): Promise<Result<readonly HashedStatement[], ChainFault>> {
  if (statements.length < Math.max(1, pin?.number ?? 0)) return err('CHAIN_IS_CUT');
  const believed: HashedStatement[] = [];
  for (const statement of statements) {
    const hashed = { statement, hashB64: statementHash(statement) };
    const before = believed.at(-1);
    const isKnown = pin !== undefined && believed.length < pin.number;
    const fault = isKnown ? forkFault(before, hashed, pin) : await nextFault(before, statement);
    if (fault) return err(fault);
    believed.push(hashed);
  }
  return ok(believed);
}

function forkFault(before: HashedStatement | undefined, { statement, hashB64 }: HashedStatement, pin: ChainPin): ChainFault | undefined {
  const isNext = statement.number === (before?.statement.number ?? 0) + 1 && statement.previousHashB64 === (before?.hashB64 ?? '');
  return isNext && (statement.number < pin.number || hashB64 === pin.hashB64) ? undefined : 'CHAIN_IS_FORKED';
}
