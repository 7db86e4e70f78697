import * as z from 'zod/mini';
import { b64ToBytes, bytesToText } from '#base/bytes.ts';
import { invitationProof, isSignedLeave, openFromSelf } from '#crypto/space-sharing.ts';
import { memberOf, type StatementMember } from '#wire/space-statement.ts';
import type { Invitation } from '#wire/spaces.ts';
import { signNext, type SpaceDesk } from './space-desk.ts';
import { headOf, type TrustedSpace } from './trusted-space.ts';

/** What an inviter seals for their own devices: the link's secret, and what was promised by it. */
export const promiseSchema = z.object({ secretB64: z.string(), role: z.enum(['admin', 'member']), readOnly: z.boolean() });

/** Does what waits for somebody who leads: lets in who proved the link's secret, answers who signed that they leave. True when something was signed. */
export async function doDuties(desk: SpaceDesk, space: TrustedSpace): Promise<boolean> {
  const head = headOf(space);
  const role = memberOf(head, desk.account.id)?.role;
  if (role !== 'owner' && role !== 'admin') return false;
  for (const invitation of space.told.invitations) {
    const newcomer = await newcomerOf(desk, space, invitation);
    if (newcomer) return (await signNext(desk, space, { members: [...head.members, newcomer], rotates: false, admits: invitation.id })).ok;
  }
  return answerLeavers(desk, space, role);
}

/** Lets the first go who may be let go by this role. */
async function answerLeavers(desk: SpaceDesk, space: TrustedSpace, role: 'owner' | 'admin'): Promise<boolean> {
  const head = headOf(space);
  for (const { account, number, signatureB64 } of space.told.leaving) {
    const member = memberOf(head, account);
    const isAllowed = member && (role === 'owner' || member.role === 'member');
    const leave = { space: head.space, account, number };
    if (!isAllowed || !(await isSignedLeave(member.signingPublicB64, leave, signatureB64))) continue;
    return (await signNext(desk, space, { members: head.members.filter((other) => other !== member), rotates: true })).ok;
  }
  return false;
}

/** Who took an invitation of this account, as it promised; undefined where nobody did, or without the proof. */
async function newcomerOf(desk: SpaceDesk, space: TrustedSpace, invitation: Invitation): Promise<StatementMember | undefined> {
  const { id, taken, madeBy, sealed } = invitation;
  if (!taken || madeBy !== desk.account.id || memberOf(headOf(space), taken.account)) return undefined;
  const opened = await openFromSelf(desk.identity, { purpose: 'invitation', id }, sealed);
  const promise = opened && z.safeParse(promiseSchema, JSON.parse(bytesToText(opened)));
  if (!promise?.success) return undefined;
  const { account, sealingPublicB64, signingPublicB64 } = taken;
  const joiner = { account, sealingPublicB64, signingPublicB64 };
  const proof = invitationProof(b64ToBytes(promise.data.secretB64), { invitation: id, space: headOf(space).space, joiner });
  if (proof !== taken.proofB64) {
    desk.core.parts.warn('INVITATION_WITHOUT_PROOF');
    return undefined;
  }
  return { ...joiner, role: promise.data.role, readOnly: promise.data.readOnly };
}
