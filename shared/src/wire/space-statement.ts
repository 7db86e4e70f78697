import * as z from 'zod/mini';
import { lengthPrefixed, type Bytes } from '../base/bytes.ts';
import { MAX_SPACE_MEMBERS } from './limits.ts';
import { uuidSchema } from './record.ts';

/** 32 bytes in base64. */
export const key32Schema = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64'));

/** 64 bytes in base64: an Ed25519 signature. */
export const signatureSchema = z.string().check(z.regex(/^[A-Za-z0-9+/]{86}==$/, 'must be 64 bytes in base64'));

/** What a member may do: an owner everything, an admin with members, a member with records. */
export const roleSchema = z.enum(['owner', 'admin', 'member']);
/** What a member may do. */
export type Role = z.infer<typeof roleSchema>;

/** Types of spaces that people make. */
export const sharedTypeSchema = z.enum(['brand', 'club', 'family', 'team', 'practice']);
/** Type of a space that people make. */
export type SharedType = z.infer<typeof sharedTypeSchema>;

/** A member as a statement names it: role, and the public keys of the identity that this role belongs to. */
export const statementMemberSchema = z.strictObject({
  account: uuidSchema,
  role: roleSchema,
  readOnly: z.boolean(),
  sealingPublicB64: key32Schema,
  signingPublicB64: key32Schema,
});
/** A member as a statement names it. */
export type StatementMember = z.infer<typeof statementMemberSchema>;

/**
 * What an owner or admin declares of a space, signed: who is in it, as what, with which keys, and which space key counts from here.
 * Members accept a space key, a member or a role by no other word.
 */
export const spaceStatementSchema = z.strictObject({
  version: z.literal(1),
  space: uuidSchema,
  type: sharedTypeSchema,
  /** Counts the statements of a space from 1. */
  number: z.int().check(z.minimum(1)),
  /** Epoch of the space key that counts from here: the one before, or the next. */
  epoch: z.int().check(z.minimum(1)),
  /** Hash of the statement before; empty in the first. */
  previousHashB64: z.union([z.literal(''), key32Schema]),
  /** What only the epoch's space key gives: a key that does not is refused. */
  keyCheckB64: key32Schema,
  /** In the order of their account ids. */
  members: z.array(statementMemberSchema).check(z.minLength(1), z.maxLength(MAX_SPACE_MEMBERS)),
  signer: uuidSchema,
  signatureB64: signatureSchema,
});
/** What an owner or admin declares of a space, signed. */
export type SpaceStatement = z.infer<typeof spaceStatementSchema>;

/** A statement before it is signed. */
export type UnsignedStatement = Omit<SpaceStatement, 'signatureB64'>;

/** The bytes that are signed: every part behind its length, so that no two statements give the same. */
export function statementBytes(statement: UnsignedStatement): Bytes {
  const { version, space, type, number, epoch, previousHashB64, keyCheckB64, members, signer } = statement;
  const people = members.flatMap((member) => [
    member.account,
    member.role,
    member.readOnly ? 'reads' : 'writes',
    member.sealingPublicB64,
    member.signingPublicB64,
  ]);
  const head = [`mana/statement/${version}`, space, type, String(number), String(epoch), previousHashB64, keyCheckB64, signer];
  return lengthPrefixed([...head, String(members.length), ...people]);
}

/**
 * Why a statement does not follow: it is not the next one · its list is malformed · its signer may not do this ·
 * somebody is gone and the key stayed · the key changed and the epoch stayed.
 */
export type StatementFault = 'NOT_NEXT' | 'MALFORMED' | 'NOT_ALLOWED' | 'EPOCH_MISSING' | 'KEY_CHANGED';

/** A member of a statement by account. */
export const memberOf = (statement: Pick<SpaceStatement, 'members'> | undefined, account: string): StatementMember | undefined =>
  statement?.members.find((member) => member.account === account);

/** Whether two entries name the same identity. */
export const isSameIdentity = (
  a: Pick<StatementMember, 'sealingPublicB64' | 'signingPublicB64'>,
  b: Pick<StatementMember, 'sealingPublicB64' | 'signingPublicB64'>,
): boolean => a.sealingPublicB64 === b.sealingPublicB64 && a.signingPublicB64 === b.signingPublicB64;

/** Accounts that the first statement names and the second does not, or under another identity: what they know must not open what comes. */
export const goneBetween = (before: SpaceStatement, after: SpaceStatement): string[] =>
  before.members
    .filter((member) => {
      const still = memberOf(after, member.account);
      return !still || !isSameIdentity(member, still);
    })
    .map(({ account }) => account);

function isWellFormed({ members }: SpaceStatement): boolean {
  const accounts = members.map(({ account }) => account);
  const isSorted = accounts.every((account, index) => index === 0 || account > (accounts[index - 1] ?? ''));
  return isSorted && members.some(({ role }) => role === 'owner') && members.every(({ role, readOnly }) => role === 'member' || !readOnly);
}

/** An admin has a say over members only: owners and admins are made, changed and removed by owners. */
function mayDo(role: Role | undefined, before: SpaceStatement, after: SpaceStatement): boolean {
  if (role === 'owner') return true;
  if (role !== 'admin') return false;
  const accounts = new Set([...before.members, ...after.members].map(({ account }) => account));
  return [...accounts].every((account) => {
    const [was, is] = [memberOf(before, account), memberOf(after, account)];
    if (was && is && was.role === is.role && isSameIdentity(was, is)) return true;
    return (was?.role ?? 'member') === 'member' && (is?.role ?? 'member') === 'member';
  });
}

const isFirst = ({ number, epoch, previousHashB64, members, signer }: SpaceStatement): boolean =>
  number === 1 && epoch === 1 && previousHashB64 === '' && members.length === 1 && members[0]?.account === signer;

/**
 * Whether a statement may follow another (none: it is a space's first); its signature is checked elsewhere.
 * Invariant 1: it names the same space and type, the next number, and the hash of the one before. Invariant 2: there is always an owner,
 * and who leads can write. Invariant 3: it is signed by an owner, or by an admin who touches members only, as the statement *before*
 * names them. Invariant 4: whoever is gone, or has another identity, is followed by a new epoch. Invariant 5: an epoch has one key.
 */
export function statementFault(
  before: { readonly statement: SpaceStatement; readonly hashB64: string } | undefined,
  next: SpaceStatement,
): StatementFault | undefined {
  if (!isWellFormed(next)) return 'MALFORMED';
  if (!before) return isFirst(next) ? undefined : 'NOT_NEXT';
  const { statement, hashB64 } = before;
  const isNext = next.number === statement.number + 1 && next.previousHashB64 === hashB64;
  if (!isNext || next.space !== statement.space || next.type !== statement.type) return 'NOT_NEXT';
  if (!mayDo(memberOf(statement, next.signer)?.role, statement, next)) return 'NOT_ALLOWED';
  return epochFault(statement, next);
}

function epochFault(before: SpaceStatement, next: SpaceStatement): StatementFault | undefined {
  if (next.epoch === before.epoch + 1) return next.keyCheckB64 === before.keyCheckB64 ? 'KEY_CHANGED' : undefined;
  if (next.epoch !== before.epoch) return 'NOT_NEXT';
  if (goneBetween(before, next).length > 0) return 'EPOCH_MISSING';
  return next.keyCheckB64 === before.keyCheckB64 ? undefined : 'KEY_CHANGED';
}
