import { bytesToB64 } from '#base/bytes.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { OpenIdentity } from '#crypto/identity.ts';
import type { SpaceKey } from '#crypto/keyring.ts';
import { believeChain, type ChainFault, type HashedStatement } from '#crypto/space-chain.ts';
import { identityFingerprint, openFromSelf, openSharedKey } from '#crypto/space-sharing.ts';
import type { Account } from '#wire/account.ts';
import { isSameIdentity, memberOf, type SpaceStatement, type StatementMember } from '#wire/space-statement.ts';
import type { SharedSpace } from '#wire/spaces.ts';

/**
 * Why a space is not believed: its chain · it does not name this account · nobody whom this account follows let it in ·
 * a member's identity is another one than before, and nobody confirmed it · the key is missing or not the one that was announced.
 */
export type SpaceTrouble = ChainFault | 'NOT_A_MEMBER' | 'NOT_INVITED' | 'IDENTITY_CHANGED' | 'KEY_IS_WRONG';

/** A shared space whose statements were verified, and how far. */
export interface TrustedSpace {
  readonly told: SharedSpace;
  /** Hash of the last statement. */
  readonly hashB64: string;
  /** Why what came after was not believed. */
  readonly trouble: SpaceTrouble | null;
  /** This account is not in it any more; remembered, should it come back. */
  readonly gone?: true;
}

/** Who judges, and what was believed before. */
export interface Judge {
  readonly account: Account;
  readonly identity: OpenIdentity;
  readonly trusted: readonly TrustedSpace[];
  /** Fingerprints that the person has confirmed, base64. */
  readonly confirmed: readonly string[];
}

/** The statement that counts: the last one. */
export function headOf({ told }: Pick<TrustedSpace, 'told'>): SpaceStatement {
  const head = told.statements.at(-1);
  if (!head) throw new Error('A trusted space has a statement');
  return head;
}

/** The public identity of the judging account. */
export const selfOf = ({ account }: Pick<Judge, 'account'>) => ({
  account: account.id,
  sealingPublicB64: account.identity.sealingPublicB64,
  signingPublicB64: account.identity.signingPublicB64,
});

/**
 * Believes what the server tells of a space, or says why not. Invariant 1: a chain that was believed is continued, never replaced.
 * Invariant 2: a space is entered only where this account made it, or where the person whom its invitation named let it in.
 * Invariant 3: a member's identity that changes waits for a person. Invariant 4: a key counts only if the statement announced it.
 */
export async function believeSpace(judge: Judge, told: SharedSpace): Promise<Result<TrustedSpace, SpaceTrouble>> {
  const before = judge.trusted.find((space) => space.told.id === told.id);
  const pin = before && { number: before.told.statements.length, hashB64: before.hashB64 };
  const chain = await believeChain(told.statements, pin);
  if (!chain.ok) return chain;
  const head = chain.value.at(-1);
  if (!head || !isAbout(head, told)) return err('NOT_NEXT');
  if (!isMemberAs(head, selfOf(judge))) return err('NOT_A_MEMBER');
  const entrance = { told, chain: chain.value, known: pin?.number ?? 0 };
  const refusal = await refusalOf(judge, entrance);
  if (refusal) return err(refusal);
  const trusted = { told, hashB64: head.hashB64, trouble: null };
  const keys = await openKeys(judge, trusted);
  return keys.some(({ epoch }) => epoch === head.statement.epoch) ? ok(trusted) : err('KEY_IS_WRONG');
}

const isAbout = ({ statement }: HashedStatement, { id, type }: SharedSpace): boolean => statement.space === id && statement.type === type;

function isMemberAs({ statement }: HashedStatement, self: ReturnType<typeof selfOf>): boolean {
  const own = memberOf(statement, self.account);
  return own !== undefined && isSameIdentity(own, self);
}

/** Why what a chain tells of its people is not believed. */
async function refusalOf(judge: Judge, entrance: Entrance): Promise<'NOT_INVITED' | 'IDENTITY_CHANGED' | undefined> {
  if (!(await wasLetIn(judge, entrance))) return 'NOT_INVITED';
  return unknownIdentities(judge, entrance).length > 0 ? 'IDENTITY_CHANGED' : undefined;
}

interface Entrance {
  readonly told: SharedSpace;
  readonly chain: readonly HashedStatement[];
  /** Number of the last statement that was believed before. */
  readonly known: number;
}

/** Index of the statement by which an account came in last. */
function entranceOf(chain: readonly HashedStatement[], account: string): number {
  const lacks = ({ statement }: HashedStatement): boolean => memberOf(statement, account) === undefined;
  return chain.findLastIndex((each, index) => !lacks(each) && (index === 0 || lacks(chain[index - 1] ?? each)));
}

/** The statement by which this account came in last must be of whom its own acceptance names. */
async function wasLetIn(judge: Judge, { told, chain, known }: Entrance): Promise<boolean> {
  const { account, ...identity } = selfOf(judge);
  const entrance = entranceOf(chain, account);
  if (entrance < known) return true;
  const signer = memberOf(chain[Math.max(0, entrance - 1)]?.statement, chain[entrance]?.statement.signer ?? '');
  if (!signer) return false;
  if (entrance === 0) return isSameIdentity(signer, identity) && signer.account === account;
  const sealed = told.acceptance;
  const named = sealed && (await openFromSelf(judge.identity, { purpose: 'acceptance', id: told.id }, sealed));
  return named ? bytesToB64(named) === bytesToB64(identityFingerprint(signer)) : false;
}

/** Members whom statements behind the first `known` ones name under other keys than this account knows of them. */
export function unknownIdentities(
  { trusted, confirmed }: Pick<Judge, 'trusted' | 'confirmed'>,
  { told, known }: Pick<Entrance, 'told' | 'known'>,
): readonly StatementMember[] {
  const people = new Map<string, StatementMember>();
  const unknown = new Map<string, StatementMember>();
  for (const member of trusted.flatMap((space) => space.told.statements.flatMap(({ members }) => members)))
    people.set(member.account, member);
  for (const member of told.statements.slice(known).flatMap(({ members }) => members)) {
    const before = people.get(member.account) ?? member;
    if (!isSameIdentity(before, member) && !confirmed.includes(bytesToB64(identityFingerprint(member))))
      unknown.set(member.account, member);
    people.set(member.account, member);
  }
  return [...unknown.values()];
}

/** The keys of a space that its statements announced, in the clear: wipe them after use. */
export async function openKeys({ identity, account }: Pick<Judge, 'identity' | 'account'>, { told }: Pick<TrustedSpace, 'told'>) {
  const checks = new Map(told.statements.map(({ epoch, keyCheckB64 }) => [epoch, keyCheckB64]));
  const opened: SpaceKey[] = [];
  for (const sealed of told.keys) {
    const keyCheckB64 = checks.get(sealed.epoch);
    if (keyCheckB64 === undefined) continue;
    const key = await openSharedKey(identity, { account: account.id, space: told.id, keyCheckB64 }, sealed);
    if (key) opened.push(key);
  }
  return opened;
}
