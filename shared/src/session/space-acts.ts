import { bytesToB64, textToBytes } from '#base/bytes.ts';
import { newId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { KEY_BYTES, wipe } from '#crypto/primitives.ts';
import { signStatement } from '#crypto/space-chain.ts';
import * as sharing from '#crypto/space-sharing.ts';
import type { FailureCode } from '#wire/failures.ts';
import { MAX_INVITATION_MS } from '#wire/limits.ts';
import type { Role, SharedType } from '#wire/space-statement.ts';
import { followSpaces } from './follow-spaces.ts';
import type { SessionCore } from './session-core.ts';
import { atDesk, signNext, spaceOf, type SpaceDesk } from './space-desk.ts';
import type { InvitationOffer } from './spaces.ts';
import { headOf, selfOf, type TrustedSpace } from './trusted-space.ts';

type Outcome<Value> = Promise<Result<Value, FailureCode>>;

/** Does an act at the server and takes over what came of it. */
export async function andFollow<Value>(core: SessionCore, act: (desk: SpaceDesk) => Outcome<Value>): Outcome<Value> {
  const done = await atDesk(core, act);
  if (done.ok || done.error === 'CONFLICT') await followSpaces(core);
  return done;
}

const nothing = (answer: Result<unknown, FailureCode>): Result<void, FailureCode> => (answer.ok ? ok(undefined) : answer);

/** Makes a space, and its name as a record in it. */
export async function makeSpace(core: SessionCore, { type, name }: { type: SharedType; name: string }): Outcome<string> {
  const made = await andFollow(core, async (desk) => {
    const { random, clock } = core.parts;
    const spaceKey = { space: newId({ clock, random }), epoch: 1, key: random.bytes(KEY_BYTES) };
    const self = selfOf(desk);
    const statement = await signStatement(desk.identity.signingPrivate, {
      version: 1,
      space: spaceKey.space,
      type,
      number: 1,
      epoch: 1,
      previousHashB64: '',
      keyCheckB64: await sharing.keyCheck(spaceKey),
      members: [{ ...self, role: 'owner', readOnly: false }],
      signer: self.account,
    });
    const key = await sharing.sealSharedKey(self, spaceKey);
    wipe(spaceKey.key);
    const answer = await desk.api.make({ statement, key });
    return answer.ok ? ok(spaceKey.space) : answer;
  });
  const store = core.openedAccount()?.store;
  if (!made.ok || !store) return made;
  const named = await store.write([{ kind: 'put', table: 'spaceProfiles', id: await profileId(made.value), values: { name } }], {
    space: made.value,
  });
  return named.ok ? made : err('VALIDATION');
}

const profileId = async (space: string): Promise<string> => (await import('#modules/spaces/profile-id.ts')).profileIdOf(space);

/** Makes an invitation and returns what stands behind `#` of its link. */
export const invite = (
  core: SessionCore,
  input: { space: string; name: string; role: 'admin' | 'member'; readOnly: boolean },
): Outcome<string> =>
  andFollow(core, async (desk) => {
    const { random, clock } = core.parts;
    const { space, name, role, readOnly } = input;
    const secret = sharing.newInvitationSecret(random);
    const id = newId({ clock, random });
    const promise = textToBytes(JSON.stringify({ secretB64: bytesToB64(secret), role, readOnly }));
    const time = await desk.api.time();
    if (!time.ok) return time;
    const answer = await desk.api.invite(space, {
      id,
      role,
      readOnly,
      tokenHashB64: sharing.invitationTokenHash(sharing.invitationToken(secret)),
      expiresAt: new Date(time.value.now + MAX_INVITATION_MS).toISOString(),
      sealed: await sharing.sealToSelf(desk.identity, { purpose: 'invitation', id }, promise),
    });
    const fingerprint = sharing.identityFingerprint(selfOf(desk));
    return answer.ok ? ok(sharing.writeInvitationLink({ secret, fingerprint, name })) : answer;
  });

/** Takes an invitation back. */
export const withdraw = (core: SessionCore, invitation: string): Outcome<void> =>
  andFollow(core, async ({ api }) => nothing(await api.withdraw(invitation)));

async function lookWith(desk: SpaceDesk, link: string) {
  const read = sharing.readInvitationLink(link);
  if (!read) return err('TOKEN_INVALID' as const);
  const tokenB64 = bytesToB64(sharing.invitationToken(read.secret));
  const view = await desk.api.look(tokenB64);
  if (!view.ok) return view;
  const isInviter = bytesToB64(sharing.identityFingerprint(view.value.inviter)) === bytesToB64(read.fingerprint);
  return isInviter ? ok({ view: view.value, read, tokenB64 }) : err('SPACE_NOT_TRUSTED' as const);
}

/** What a link is to; nobody but whom it names may stand behind it. */
export const look = (core: SessionCore, link: string): Outcome<InvitationOffer> =>
  atDesk(core, async (desk) => {
    const found = await lookWith(desk, link);
    if (!found.ok) return found;
    const { space, type, role, readOnly, expiresAt, state, inviter } = found.value.view;
    return ok({ space, type, role, readOnly, expiresAt, state, inviter: inviter.name, name: found.value.read.name });
  });

/** Accepts with the own identity, and seals for the own devices whom this account follows into the space. */
export const accept = (core: SessionCore, link: string): Outcome<void> =>
  andFollow(core, async (desk) => {
    const found = await lookWith(desk, link);
    if (!found.ok) return found;
    const { view, read, tokenB64 } = found.value;
    if (view.state !== 'open') return ok(undefined);
    const proofB64 = sharing.invitationProof(read.secret, { invitation: view.id, space: view.space, joiner: selfOf(desk) });
    const acceptance = await sharing.sealToSelf(desk.identity, { purpose: 'acceptance', id: view.space }, read.fingerprint);
    return nothing(await desk.api.accept({ tokenB64, proofB64, acceptance }));
  });

/** Runs an act on a space that is believed now. */
const onSpace = (core: SessionCore, id: string, act: (desk: SpaceDesk, space: TrustedSpace) => Outcome<void>): Outcome<void> =>
  andFollow(core, async (desk) => {
    const space = spaceOf(desk, id);
    if (!space.ok) return space;
    return space.value.trouble === null ? act(desk, space.value) : err('SPACE_NOT_TRUSTED');
  });

/** Changes what a member may do. */
export const changeMember = (core: SessionCore, input: { space: string; account: string; role: Role; readOnly: boolean }): Outcome<void> =>
  onSpace(core, input.space, (desk, space) => {
    const { account, role, readOnly } = input;
    const members = headOf(space).members.map((member) => (member.account === account ? { ...member, role, readOnly } : member));
    return signNext(desk, space, { members, rotates: false });
  });

/** Removes a member; a new epoch begins at once. */
export const removeMember = (core: SessionCore, { space: id, account }: { space: string; account: string }): Outcome<void> =>
  onSpace(core, id, (desk, space) =>
    signNext(desk, space, { members: headOf(space).members.filter((member) => member.account !== account), rotates: true }),
  );

/** Begins a new epoch, of a shared space or of the personal one. */
export async function rotate(core: SessionCore, id: string): Outcome<void> {
  if (core.openedAccount()?.store.homeSpace === id) return (await import('./personal-epochs.ts')).rotatePersonal(core, id);
  return onSpace(core, id, (desk, space) => signNext(desk, space, { members: headOf(space).members, rotates: true }));
}

/** Leaves a space; signed, so that nobody can be said to have left. */
export const leave = (core: SessionCore, id: string): Outcome<void> =>
  onSpace(core, id, async (desk, space) => {
    const { number } = headOf(space);
    const signatureB64 = await sharing.signLeave(desk.identity.signingPrivate, { space: id, account: desk.account.id, number });
    return nothing(await desk.api.leave(id, { number, signatureB64 }));
  });

/** Makes a member an owner and leaves: two statements of the same chain, and where only the first came through, the space has two owners. */
export async function handOver(core: SessionCore, { space, account }: { space: string; account: string }): Outcome<void> {
  const given = await changeMember(core, { space, account, role: 'owner', readOnly: false });
  return given.ok ? leave(core, space) : given;
}

/** Deletes a space in which nobody else is. */
export const deleteSpace = (core: SessionCore, id: string): Outcome<void> =>
  onSpace(core, id, async ({ api }) => nothing(await api.delete(id)));
