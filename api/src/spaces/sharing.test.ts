import type { Result } from '@mana/shared/base/result';
import { spaceProfiles } from '@mana/shared/modules/spaces/spaces';
import { statementHash } from '@mana/shared/crypto/space-chain';
import { paths } from '@mana/shared/wire/endpoints';
import type { SharedSpace } from '@mana/shared/wire/spaces';
import { tasks } from '@mana/shared/modules/todo/todo';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createSharingDevice, type SharingDevice } from '../testing/sharing-device.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

const slowMs = 120_000; // Argon2id and real keys on a busy machine

let app: TestApp;
let rosa: SharingDevice;
let ben: SharingDevice;
let family: string;

beforeAll(async () => {
  app = await createTestApp();
  rosa = await createSharingDevice(app, 'Rosa');
  ben = await createSharingDevice(app, 'Ben');
  family = valueOf(await rosa.session.spaces.make({ type: 'family', name: 'Familie Öz' }));
}, slowMs);
afterAll(() => app.close());

function valueOf<Value>(result: Result<Value, unknown>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const invite = async (more: { readOnly?: boolean } = {}) =>
  valueOf(await rosa.session.spaces.invite({ space: family, name: 'Familie Öz', role: 'member', readOnly: false, ...more }));

async function titlesAt(device: SharingDevice, done = false): Promise<string[]> {
  await device.catchUp();
  await device.store().whenComplete(tasks, family);
  const shown = device.store().table(tasks, family).all();
  return shown
    .filter(({ values }) => Boolean(values.completedAt) === done)
    .map(({ values }) => values.title)
    .toSorted();
}

const addTask = async (device: SharingDevice, title: string) => {
  valueOf(await device.store().write([{ kind: 'put', table: 'tasks', values: { title } }], { space: family }));
  await device.sync().syncNow();
};
const spaceAt = (device: SharingDevice) => device.session.spaces.list().find(({ id }) => id === family);
const accountOf = ({ session }: SharingDevice): string => {
  const state = session.state();
  return state.kind === 'open' ? (state.account?.id ?? '') : '';
};

/** Ben comes by a link; Rosa's device lets him in at its next contact. */
async function letIn(more: { readOnly?: boolean } = {}): Promise<void> {
  valueOf(await ben.session.spaces.accept(await invite(more)));
  await rosa.catchUp();
  await ben.catchUp();
}

describe('two people and one space', () => {
  test('a link says to whom it leads, and a server that puts somebody else there is found out', async () => {
    const link = await invite();
    expect(valueOf(await ben.session.spaces.look(link))).toMatchObject({
      name: 'Familie Öz',
      inviter: 'Rosa',
      state: 'open',
      type: 'family',
    });
    const stranger = `${'A'.repeat(43)}=`;
    ben.lie = (path, text) =>
      path === paths.lookInvitation ? text.replace(/"sealingPublicB64":"[^"]+"/, `"sealingPublicB64":"${stranger}"`) : text;
    expect(await ben.session.spaces.look(link)).toEqual({ ok: false, error: 'SPACE_NOT_TRUSTED' });
    expect(await ben.session.spaces.accept(link)).toEqual({ ok: false, error: 'SPACE_NOT_TRUSTED' });
    ben.lie = (_, text) => text;
    expect(await ben.session.spaces.look(`${link.slice(0, 60)}`)).toEqual({ ok: false, error: 'TOKEN_INVALID' });
  });

  test('a task that one adds the other ticks, and both read the name of the space', async () => {
    await addTask(rosa, 'Brot kaufen');
    await letIn();
    expect(spaceAt(ben)).toMatchObject({ role: 'member', readOnly: false, epoch: 1, trouble: null });
    expect(await titlesAt(ben)).toEqual(['Brot kaufen']);
    await ben.store().whenComplete(spaceProfiles, family);
    expect(ben.store().table(spaceProfiles, family).all()).toMatchObject([{ values: { name: 'Familie Öz' } }]);
    const [task] = ben.store().table(tasks, family).all();
    const completedAt = '2026-11-25T09:00:00.000Z';
    valueOf(await ben.store().write([{ kind: 'patch', table: 'tasks', id: task?.id ?? '', values: { completedAt } }], { space: family }));
    await ben.sync().syncNow();
    expect(await titlesAt(rosa, true)).toEqual(['Brot kaufen']);
    const [ticked] = rosa.store().table(tasks, family).all();
    expect(ticked?.stamps['completedAt']?.actor).toBe(`user:${accountOf(ben)}`);
    const [seenByRosa, seenByBen] = [
      valueOf(await rosa.session.spaces.safetyNumber(family, accountOf(ben))),
      valueOf(await ben.session.spaces.safetyNumber(family, accountOf(rosa))),
    ];
    expect([seenByRosa.name, seenByBen.name, seenByRosa.words]).toEqual(['Ben', 'Rosa', seenByBen.words]);
    const isConfirmed = () =>
      spaceAt(rosa)
        ?.members.map(({ name, confirmed }) => [name, confirmed])
        .toSorted();
    expect(isConfirmed()).toEqual([
      ['Ben', false],
      ['Rosa', false],
    ]);
    valueOf(await rosa.session.spaces.confirm([seenByRosa.fingerprintB64]));
    expect(isConfirmed()).toEqual([
      ['Ben', true],
      ['Rosa', false],
    ]);
  });

  test('a member, a key, a role or an old word that the server makes up is refused, told, and changes nothing', async () => {
    const before = spaceAt(ben);
    const lies: Record<string, (space: SharedSpace) => unknown> = {
      CHAIN_IS_CUT: (space) => ({ ...space, statements: space.statements.slice(0, 1) }),
      NOT_NEXT: (space) => ({ ...space, statements: [...space.statements, space.statements[1]] }),
      BAD_SIGNATURE: (space) => withHead(space, ({ members }) => ({ members: members.map((member) => ({ ...member, readOnly: false })) })),
      NOT_ALLOWED: (space) => withHead(space, () => ({ signer: accountOf(ben) })),
      EPOCH_MISSING: (space) =>
        withHead(space, ({ members }) => ({ members: members.filter(({ account }) => account !== accountOf(ben)) })),
      KEY_CHANGED: (space) =>
        withHead(space, ({ keyCheckB64 }) => ({ keyCheckB64: `${keyCheckB64.startsWith('A') ? 'B' : 'A'}${keyCheckB64.slice(1)}` })),
      KEY_IS_WRONG: (space) => ({ ...space, keys: space.keys.map((key) => ({ ...key, encB64: key.ciphertextB64.slice(0, 43) + '=' })) }),
    };
    for (const [fault, lie] of Object.entries(lies)) {
      ben.lie = (path, text) => {
        if (path !== paths.spaces) return text;
        const { spaces } = JSON.parse(text) as { spaces: SharedSpace[] };
        return JSON.stringify({ spaces: spaces.map(lie) });
      };
      await ben.catchUp();
      expect([fault, ben.warnings.at(-1)]).toEqual([fault, `SPACE_${fault}`]);
      expect(spaceAt(ben)).toEqual({ ...(before ?? raise()), trouble: fault as never });
    }
    ben.lie = (_, text) => text;
    await ben.catchUp();
    expect(spaceAt(ben)).toEqual(before ?? raise());
  });

  test('a removed member gets nothing new, and what they still write waits where they see it', async () => {
    valueOf(await rosa.session.spaces.remove({ space: family, account: accountOf(ben) }));
    expect(spaceAt(rosa)).toMatchObject({ epoch: 2, members: [{ name: 'Rosa' }] });
    await addTask(rosa, 'Geheimnis');
    expect(await titlesAt(rosa)).toEqual(['Geheimnis']);
    await addTask(ben, 'zu spät');
    await ben.catchUp();
    expect(spaceAt(ben)).toBeUndefined();
    expect(
      ben
        .store()
        .table(tasks, family)
        .all()
        .map(({ values }) => values.title),
    ).not.toContain('Geheimnis');
    expect((await ben.store().quarantined()).map(({ code }) => code)).toEqual(['FOREIGN_SPACE']);
    const direct = await ben.call('GET', `${paths.pull}?space=${family}`);
    expect([direct.status, direct.text.includes('enc:1:')]).toEqual([403, false]);
    expect(await titlesAt(rosa)).toEqual(['Geheimnis']);
  });

  test('who comes back only to read reads the new epoch too, and a push of theirs is refused by itself', async () => {
    await letIn({ readOnly: true });
    expect(spaceAt(ben)).toMatchObject({ readOnly: true, epoch: 2 });
    expect(await titlesAt(ben)).toContain('Geheimnis');
    const waiting = (await ben.store().quarantined()).length;
    await addTask(ben, 'darf ich nicht');
    expect((await ben.store().quarantined()).map(({ code }) => code)).toContain('READ_ONLY');
    expect((await ben.store().quarantined()).length).toBe(waiting + 1);
    expect(await titlesAt(rosa)).toEqual(['Geheimnis']);
  });

  test('whoever leaves is gone at once, and the next contact of who leads begins a new epoch', async () => {
    expect(await rosa.session.spaces.leave(family)).toEqual({ ok: false, error: 'LAST_OWNER' });
    valueOf(await ben.session.spaces.leave(family));
    expect(spaceAt(ben)).toBeUndefined();
    await rosa.catchUp();
    expect(spaceAt(rosa)).toMatchObject({ epoch: 3, members: [{ name: 'Rosa' }] });
  });

  test('the last owner hands the space over and goes; whoever has it then reads and writes on', async () => {
    await letIn();
    expect(await rosa.session.spaces.delete(family)).toEqual({ ok: false, error: 'CONFLICT' });
    expect(await ben.session.spaces.delete(family)).toEqual({ ok: false, error: 'FORBIDDEN' });
    valueOf(await rosa.session.spaces.handOver({ space: family, account: accountOf(ben) }));
    expect(spaceAt(rosa)).toBeUndefined();
    await ben.catchUp();
    expect(spaceAt(ben)).toMatchObject({ role: 'owner', members: [{ name: 'Ben' }], epoch: 4 });
    await addTask(ben, 'weiter');
    expect(await titlesAt(ben)).toContain('weiter');
  });

  test('an owner who is alone deletes the space, also one that somebody else has founded, and no row of it stays', async () => {
    const own = valueOf(await ben.session.spaces.make({ type: 'club', name: 'Verein' }));
    for (const space of [family, own]) {
      expect((await rosa.call('DELETE', `${paths.spaces}/${space}`)).status).toBe(404);
      valueOf(await ben.session.spaces.delete(space));
      await ben.catchUp();
      expect(ben.session.spaces.list().map(({ id }) => id)).not.toContain(space);
      expect(await rowsOf(space)).toEqual([]);
      expect((await ben.call('GET', `${paths.pull}?space=${space}`)).status).toBe(403);
    }
    const { homeSpace } = ben.store();
    expect((await ben.call('DELETE', `${paths.spaces}/${homeSpace}`)).status).toBe(403);
    expect(await rowsOf(homeSpace)).toContain('sync.members');
  });
});

/** Tables that hold a row of a space. */
async function rowsOf(space: string): Promise<string[]> {
  const columns = await app.database.asOwner(
    `select table_schema || '.' || table_name as name from information_schema.columns where column_name = 'space_id' and table_schema = 'sync'`,
  );
  const held: string[] = [];
  for (const { name } of [...columns, { name: 'sync.spaces' }]) {
    const column = name === 'sync.spaces' ? 'id' : 'space_id';
    const rows = await app.database.asOwner(`select 1 from ${String(name)} where ${column} = '${space}' limit 1`);
    if (rows.length > 0) held.push(String(name));
  }
  return held;
}

const raise = (): never => {
  throw new Error('There is no space');
};

const withHead = (
  space: SharedSpace,
  change: (head: SharedSpace['statements'][number]) => Partial<SharedSpace['statements'][number]>,
): SharedSpace => {
  const head = space.statements.at(-1) ?? raise();
  const forged = { ...head, number: head.number + 1, previousHashB64: statementHash(head), ...change(head) };
  return { ...space, statements: [...space.statements, forged] };
};
