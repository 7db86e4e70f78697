import { bytesToB64 } from '#base/bytes.ts';
import { ok, type Result } from '#base/result.ts';
import { identityFingerprint } from '#crypto/space-sharing.ts';
import type { FailureCode } from '#wire/failures.ts';
import { memberOf } from '#wire/space-statement.ts';
import type { SharedSpace } from '#wire/spaces.ts';
import type { SessionCore } from './session-core.ts';
import { atDesk, type SpaceDesk } from './space-desk.ts';
import { doDuties } from './space-duties.ts';
import type { SpaceView } from './spaces.ts';
import { believeSpace, headOf, openKeys, type TrustedSpace } from './trusted-space.ts';
import { withEntry } from './vault-entries.ts';

/** Statements signed in one go; whatever is left is done at the next contact. */
const maxDuties = 20;

/** Reads the shared spaces anew: what is proven is taken over, what waits for this account is done. */
export async function followSpaces(core: SessionCore): Promise<Result<void, FailureCode>> {
  const opened = core.openedAccount();
  if (!opened) return ok(undefined);
  return core.parts.platform.exclusive(`mana-spaces-${opened.accountId}`, async () => {
    for (let duties = 0; duties < maxDuties; duties++) {
      const done = await atDesk(core, readOnce);
      if (!done.ok) return done;
      if (!done.value) break;
    }
    core.parts.platform.line.post();
    return ok(undefined);
  });
}

/** Takes over what this device already believes, without asking anybody. */
export const showKnownSpaces = (core: SessionCore): Promise<Result<void, FailureCode>> =>
  atDesk(core, async (desk) => {
    await takeOver(desk, desk.trusted);
    return ok(undefined);
  });

async function readOnce(desk: SpaceDesk): Promise<Result<boolean, FailureCode>> {
  const answer = await desk.api.list();
  if (!answer.ok) return answer;
  const believed: TrustedSpace[] = [];
  for (const told of answer.value.spaces) believed.push(...(await judged(desk, told)));
  const present = new Set(answer.value.spaces.map(({ id }) => id));
  const gone = desk.trusted.filter(({ told }) => !present.has(told.id)).map((space) => ({ ...space, gone: true as const }));
  const shared = [...believed, ...gone];
  await desk.core.parts.platform.vault.update((state) => withEntry(state, desk.account.id, (entry) => ({ ...entry, shared })));
  await takeOver(desk, shared);
  const now = { ...desk, trusted: shared };
  let hasSigned = false;
  for (const space of believed.filter(({ trouble }) => trouble === null)) hasSigned = (await doDuties(now, space)) || hasSigned;
  return ok(hasSigned);
}

/** What to keep of a space: the new word, or, where it is not believed, the old one with the reason. */
async function judged(desk: SpaceDesk, told: SharedSpace): Promise<TrustedSpace[]> {
  const result = await believeSpace(desk, told);
  if (result.ok) return [result.value];
  desk.core.parts.warn(`SPACE_${result.error}`);
  return desk.trusted.filter((space) => space.told.id === told.id).map((space) => ({ ...space, trouble: result.error }));
}

async function takeOver(desk: SpaceDesk, trusted: readonly TrustedSpace[]): Promise<void> {
  const { core, vault } = desk;
  if (core.openedAccount()?.store !== vault.store) return;
  const before = [...vault.followed.keys()];
  const present = trusted.filter(({ gone }) => !gone);
  for (const space of present) for (const key of await openKeys(desk, space)) await vault.keyring.addSpaceKey(key);
  vault.followed.clear();
  const views = present.map((space) => viewOf(space, desk));
  for (const { id, readOnly } of views) vault.followed.set(id, { readOnly });
  core.showSpaces(views);
  if (before.length !== present.length || before.some((id) => !vault.followed.has(id))) void vault.sync.syncNow();
}

function viewOf(space: TrustedSpace, { account: { id: self }, confirmed }: SpaceDesk): SpaceView {
  const head = headOf(space);
  const own = memberOf(head, self);
  const { names, invitations } = space.told;
  return {
    id: head.space,
    type: head.type,
    epoch: head.epoch,
    role: own?.role ?? 'member',
    readOnly: own?.readOnly ?? true,
    members: head.members.map((member) => ({
      account: member.account,
      role: member.role,
      readOnly: member.readOnly,
      name: names[member.account] ?? '',
      isSelf: member.account === self,
      confirmed: confirmed.includes(bytesToB64(identityFingerprint(member))),
    })),
    invitations: invitations.map(({ id, role, readOnly, expiresAt, taken }) => ({
      id,
      role,
      readOnly,
      expiresAt,
      takenBy: taken?.name ?? null,
    })),
    trouble: space.trouble,
  };
}
