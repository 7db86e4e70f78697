import type { Result } from '#base/result.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { Role, SharedType } from '#wire/space-statement.ts';
import type { SpaceTrouble } from './trusted-space.ts';

/** A member as screens show them. */
export interface MemberView {
  readonly account: string;
  readonly name: string;
  readonly role: Role;
  readonly readOnly: boolean;
  readonly isSelf: boolean;
  /** Whether this person has compared the safety number, and it was the same. */
  readonly confirmed: boolean;
}

/** A member whose identity is another one than before, with what to compare: six words, and what they stand for. */
export interface ChangedIdentity {
  readonly account: string;
  readonly name: string;
  readonly words: readonly string[];
  /** Base64 of the new identity's fingerprint. */
  readonly fingerprintB64: string;
}

/** An open invitation as screens show it. */
export interface InvitationShown {
  readonly id: string;
  readonly role: Role;
  readonly readOnly: boolean;
  readonly expiresAt: string;
  /** Who has accepted, and waits for the inviter's device; null while nobody has. */
  readonly takenBy: string | null;
}

/** A shared space as its statements prove it. */
export interface SpaceView {
  readonly id: string;
  readonly type: SharedType;
  readonly epoch: number;
  readonly role: Role;
  readonly readOnly: boolean;
  readonly members: readonly MemberView[];
  readonly invitations: readonly InvitationShown[];
  /** Why the newest word of the server was not believed; null when it was. */
  readonly trouble: SpaceTrouble | null;
}

/** What an invitation link is to. */
export interface InvitationOffer {
  readonly space: string;
  readonly name: string;
  readonly type: SharedType;
  readonly role: Role;
  readonly readOnly: boolean;
  readonly inviter: string;
  readonly expiresAt: string;
  readonly state: 'open' | 'taken' | 'member';
}

/** A failure has a code. */
type Outcome<Value> = Promise<Result<Value, FailureCode>>;

/** Shared spaces of the open account. */
export interface Spaces {
  list(): readonly SpaceView[];
  /** Whether `list` says all that this device knows; before, the device is being read. */
  known(): boolean;
  /** Makes a space; its name is a record in it, which the server cannot read. */
  make(input: { type: SharedType; name: string }): Outcome<string>;
  /** Makes an invitation; resolves with the text behind `#` of its link. */
  invite(input: { space: string; name: string; role: 'admin' | 'member'; readOnly: boolean }): Outcome<string>;
  withdraw(invitation: string): Outcome<void>;
  /** What a link is to. `SPACE_NOT_TRUSTED`: the server put somebody else in the inviter's place. */
  look(link: string): Outcome<InvitationOffer>;
  /** Accepts; the space opens when the inviter's device has let the newcomer in. */
  accept(link: string): Outcome<void>;
  change(input: { space: string; account: string; role: Role; readOnly: boolean }): Outcome<void>;
  /** Removes a member and begins a new epoch: what is written from then on they cannot read. */
  remove(input: { space: string; account: string }): Outcome<void>;
  leave(space: string): Outcome<void>;
  /** Makes a member an owner, and leaves. */
  handOver(input: { space: string; account: string }): Outcome<void>;
  /** Deletes a space with all that is in it, everywhere. `CONFLICT`: somebody else is in it. */
  delete(space: string): Outcome<void>;
  /** Begins a new epoch, of a shared space or of the personal one; what older keys sealed is sealed anew in the background. */
  rotate(space: string): Outcome<void>;
  /** Six words that this person and a member see alike, and the member's fingerprint, to be confirmed. */
  safetyNumber(space: string, account: string): Outcome<ChangedIdentity>;
  /** Members of a space's newest word whose identity is another one than this device knows: nothing of it counts before they are confirmed. */
  changedIdentities(space: string): Outcome<readonly ChangedIdentity[]>;
  /** Takes these identities for those of the people they name: their six words were compared. What the server says meanwhile is not among them. */
  confirm(fingerprintsB64: readonly string[]): Outcome<void>;
}
