import type { InvitationShown, MemberView, SpaceView } from '@mana/shared/session/spaces';
import { m } from '#messages';

/** What a person may do in a space, in words. */
export function roleWords({ role, readOnly }: Pick<MemberView | InvitationShown, 'role' | 'readOnly'>): string {
  if (readOnly) return m.space_role_reader();
  return { owner: m.space_role_owner, admin: m.space_role_admin, member: m.space_role_member }[role]();
}

/** The name of a member; not everybody has said one. */
export const memberName = ({ name }: Pick<MemberView, 'name'>): string => name || m.space_member_nameless();

/** Whether this person may change or remove a member: owners everybody, admins those who do not lead. */
export const mayChange = ({ role }: SpaceView, member: MemberView): boolean =>
  !member.isSelf && (role === 'owner' || (role === 'admin' && member.role === 'member'));
