import { bytesToB64 } from '#base/bytes.ts';
import { err, ok, type Result } from '#base/result.ts';
import { safetyNumber } from '#crypto/safety-number.ts';
import { identityFingerprint, type PublicIdentity } from '#crypto/space-sharing.ts';
import type { FailureCode } from '#wire/failures.ts';
import { memberOf } from '#wire/space-statement.ts';
import type { SessionCore } from './session-core.ts';
import { andFollow } from './space-acts.ts';
import { atDesk, spaceOf, type SpaceDesk } from './space-desk.ts';
import type { ChangedIdentity } from './spaces.ts';
import { believeSpace, headOf, selfOf, unknownIdentities } from './trusted-space.ts';
import { withEntry } from './vault-entries.ts';

type Outcome<Value> = Promise<Result<Value, FailureCode>>;

const comparable = async (desk: SpaceDesk, member: PublicIdentity, names: Readonly<Record<string, string>>): Promise<ChangedIdentity> => ({
  account: member.account,
  name: names[member.account] ?? '',
  words: await safetyNumber(selfOf(desk), member),
  fingerprintB64: bytesToB64(identityFingerprint(member)),
});

/** The safety number of this person and a member, as this device knows both. */
export const safetyNumberWith = (core: SessionCore, id: string, account: string): Outcome<ChangedIdentity> =>
  atDesk(core, async (desk) => {
    const space = spaceOf(desk, id);
    const member = space.ok ? memberOf(headOf(space.value), account) : undefined;
    return space.ok && member ? ok(await comparable(desk, member, space.value.told.names)) : err('NOT_FOUND');
  });

/** Members of a space's newest word who come under other keys than this device knows, where everything else of that word is proven. */
export const changedIdentities = (core: SessionCore, id: string): Outcome<readonly ChangedIdentity[]> =>
  atDesk(core, async (desk) => {
    const answer = await desk.api.list();
    if (!answer.ok) return answer;
    const told = answer.value.spaces.find((space) => space.id === id);
    const believed = told && (await believeSpace(desk, told));
    if (!told || !believed) return err('NOT_FOUND');
    if (believed.ok) return ok([]);
    if (believed.error !== 'IDENTITY_CHANGED') return err('SPACE_NOT_TRUSTED');
    const known = desk.trusted.find((space) => space.told.id === id)?.told.statements.length ?? 0;
    const changed = [];
    for (const member of unknownIdentities(desk, { told, known })) changed.push(await comparable(desk, member, told.names));
    return ok(changed);
  });

/** Remembers identities that a person has compared, and takes over what waited for that. */
export const confirm = (core: SessionCore, fingerprintsB64: readonly string[]): Outcome<void> =>
  andFollow(core, async ({ account, confirmed }) => {
    const all = [...new Set([...confirmed, ...fingerprintsB64])];
    await core.parts.platform.vault.update((state) => withEntry(state, account.id, (entry) => ({ ...entry, confirmed: all })));
    return ok(undefined);
  });
