import { bytesToB64 } from '@mana/shared/base/bytes';
import { paths } from '@mana/shared/wire/endpoints';
import { spacesAnswerSchema } from '@mana/shared/wire/spaces';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { parse } from 'zod/v4/core';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import type { TestAnswer } from '../testing/test-browser.ts';
import { fieldOf, opOf, pull, push, stampAt } from '../testing/test-ops.ts';
import type { TestPerson } from '../testing/test-person.ts';
import * as sharing from '../testing/test-space.ts';

const { accept, admit, inviteTo, keysFor, makeTestSpace, memberAs, nextStatement, sendStatement } = sharing;

let app: TestApp;
let rosa: sharing.Signer;
let ben: sharing.Signer;
let eve: sharing.Signer;
const send = (request: Request) => app.app.handle(request);

beforeAll(async () => {
  app = await createTestApp();
}, 60_000);
beforeEach(async () => {
  rosa = await sharing.newSigner(send);
  ben = await sharing.newSigner(send);
  eve = await sharing.newSigner(send);
}, 30_000);
afterAll(() => app.close());

const code = ({ json }: TestAnswer) => json['code'];
const spacesOf = async ({ browser }: TestPerson) => parse(spacesAnswerSchema, (await browser.send('GET', paths.spaces)).json).spaces;
const leave = (person: TestPerson, space: string, number: number) =>
  person.browser.send('POST', `${paths.spaces}/${space}/leave`, {
    body: { number, signatureB64: bytesToB64(crypto.getRandomValues(new Uint8Array(64))) },
  });
const note = (person: TestPerson, space: string, epoch = 1) =>
  opOf(person, { title: fieldOf(person, stampAt(app.clock.nowMs()), { epoch }) }, { space });
const results = ({ json }: TestAnswer) =>
  (json['results'] as { status: string; code?: string }[]).map((result) => result.code ?? result.status);

describe('a space', () => {
  test('is made by its first statement, once, and only its members see it', async () => {
    const statement = await makeTestSpace(rosa);
    expect(await spacesOf(rosa)).toMatchObject([{ id: statement.space, type: 'family', statements: [statement], acceptance: null }]);
    expect(await spacesOf(eve)).toEqual([]);
    const again = await rosa.browser.send('POST', paths.spaces, { body: { statement, key: sharing.newSealedKey() } });
    expect(again.status).toBe(204);
    const taken = await sharing.firstStatement(eve, statement.space);
    expect(code(await eve.browser.send('POST', paths.spaces, { body: { statement: taken, key: sharing.newSealedKey() } }))).toBe(
      'CONFLICT',
    );
  });

  test('takes somebody in by an invitation that they took, and by nothing else', async () => {
    const first = await makeTestSpace(rosa);
    const { id, tokenB64 } = await inviteTo(rosa, first.space);
    const looked = await ben.browser.send('POST', paths.lookInvitation, { body: { tokenB64 } });
    expect(looked.json).toMatchObject({ id, space: first.space, state: 'open', inviter: { account: rosa.account.id } });
    const next = await nextStatement(rosa, first, { members: [...first.members, memberAs(ben, 'member')] });
    const keys = [{ account: ben.account.id, ...sharing.newSealedKey() }];
    expect(code(await sendStatement(rosa, next, { keys, admits: id }))).toBe('STATEMENT_REFUSED');
    expect((await accept(ben, tokenB64)).status).toBe(204);
    expect(await spacesOf(ben)).toEqual([]);
    expect(code(await accept(eve, tokenB64))).toBe('INVITATION_OVER');
    expect(code(await sendStatement(rosa, next, { keys }))).toBe('STATEMENT_REFUSED');
    expect(code(await sendStatement(rosa, next, { admits: id }))).toBe('STATEMENT_REFUSED');
    const raised = await nextStatement(rosa, first, { members: [...first.members, memberAs(ben, 'admin')] });
    expect(code(await sendStatement(rosa, raised, { keys, admits: id }))).toBe('STATEMENT_REFUSED');
    expect((await sendStatement(rosa, next, { keys, admits: id })).status).toBe(204);
    expect(await spacesOf(ben)).toMatchObject([{ id: first.space, statements: [first, next], keys: [{ epoch: 1 }], invitations: [] }]);
    expect(code(await ben.browser.send('POST', paths.lookInvitation, { body: { tokenB64 } }))).toBe('NOT_FOUND');
  });

  test('an invitation ends when it expires or is withdrawn, and a member cannot invite', async () => {
    const first = await makeTestSpace(rosa);
    const next = await admit(rosa, first, { person: ben });
    expect(code((await inviteTo(ben, first.space)).answer)).toBe('FORBIDDEN');
    expect(code((await inviteTo(eve, first.space)).answer)).toBe('NOT_FOUND');
    const kept = await inviteTo(rosa, next.space);
    expect(code(await ben.browser.send('DELETE', `${paths.invitations}/${kept.id}`))).toBe('NOT_FOUND');
    expect((await rosa.browser.send('DELETE', `${paths.invitations}/${kept.id}`)).status).toBe(204);
    expect(code(await accept(eve, kept.tokenB64))).toBe('NOT_FOUND');
    const brief = await inviteTo(rosa, next.space, { expiresAt: new Date(app.clock.nowMs() + 1_000).toISOString() });
    app.clock.advance(2_000);
    expect(code(await accept(eve, brief.tokenB64))).toBe('INVITATION_OVER');
    const far = new Date(app.clock.nowMs() + 31 * 86_400_000).toISOString();
    expect(code((await inviteTo(rosa, next.space, { expiresAt: far })).answer)).toBe('VALIDATION');
  });
});

describe('a member', () => {
  test('who only reads is refused each operation, and the rest of the push goes through', async () => {
    const first = await makeTestSpace(rosa);
    await admit(rosa, first, { person: ben, readOnly: true });
    const answer = await push(ben, [note(ben, first.space), note(ben, ben.space)], { n: 1 });
    expect(results(answer)).toEqual(['READ_ONLY', 'applied']);
    expect((await pull(ben, { space: first.space })).status).toBe(200);
  });

  test('who was removed gets nothing new, by no call', async () => {
    const first = await makeTestSpace(rosa);
    const both = await admit(rosa, first, { person: ben });
    expect(results(await push(ben, [note(ben, first.space)], { n: 1 }))).toEqual(['applied']);
    const alone = { members: [memberAs(rosa, 'owner')] };
    const kept = await nextStatement(rosa, both, alone);
    expect(code(await sendStatement(rosa, kept))).toBe('STATEMENT_REFUSED');
    const next = await nextStatement(rosa, both, { ...alone, epoch: 2 });
    expect((await sendStatement(rosa, next, { keys: keysFor(next) })).status).toBe(204);
    expect(results(await push(rosa, [note(rosa, first.space)], { n: 1 }))).toEqual(['epoch']);
    expect(results(await push(rosa, [note(rosa, first.space, 2)], { n: 2 }))).toEqual(['applied']);
    expect(code(await pull(ben, { space: first.space }))).toBe('FORBIDDEN');
    expect(results(await push(ben, [note(ben, first.space, 2)], { n: 2 }))).toEqual(['FOREIGN_SPACE']);
    expect(await spacesOf(ben)).toEqual([]);
    expect(code(await sendStatement(ben, await nextStatement(ben, next, { members: next.members })))).toBe('NOT_FOUND');
    const session = (await ben.browser.send('GET', paths.session)).json['account'] as { spaces: { id: string }[] };
    expect(session.spaces.map(({ id }) => id)).toEqual([ben.space]);
  });

  test('leaves at once, and who owns alone must hand over first', async () => {
    const first = await makeTestSpace(rosa);
    expect(code(await leave(rosa, first.space, 1))).toBe('LAST_OWNER');
    const both = await admit(rosa, first, { person: ben });
    expect(code(await leave(ben, first.space, 1))).toBe('CONFLICT');
    expect((await leave(ben, first.space, 2)).status).toBe(204);
    expect(code(await pull(ben, { space: first.space }))).toBe('FORBIDDEN');
    expect(await spacesOf(rosa)).toMatchObject([{ leaving: [{ account: ben.account.id, number: 2 }] }]);
    const next = await nextStatement(rosa, both, { members: [memberAs(rosa, 'owner')], epoch: 2 });
    expect((await sendStatement(rosa, next, { keys: keysFor(next) })).status).toBe(204);
    expect(await spacesOf(rosa)).toMatchObject([{ leaving: [], statements: [first, both, next] }]);
  });

  test('may seal anew what somebody else wrote, and change nothing of it', async () => {
    const first = await makeTestSpace(rosa);
    const both = await admit(rosa, first, { person: ben });
    const written = note(ben, first.space);
    await push(ben, [written], { n: 1 });
    const next = await nextStatement(rosa, both, { members: both.members, epoch: 2 });
    await sendStatement(rosa, next, { keys: keysFor(next) });
    const { title } = written.fields;
    const anew = (more: object) => ({
      ...written,
      op: crypto.randomUUID(),
      fields: { title: { ...title, ...fieldOf(ben, stampAt(0)), at: title?.at, epoch: 2, ...more } },
    });
    expect(results(await push(rosa, [anew({ at: stampAt(app.clock.nowMs(), 1) })], { n: 1 }))).toEqual(['FOREIGN_ACTOR']);
    expect(results(await push(rosa, [anew({ origin: 'agent' })], { n: 2 }))).toEqual(['FOREIGN_ACTOR']);
    expect(results(await push(rosa, [anew({})], { n: 3 }))).toEqual(['applied']);
  });
});

describe('who leads', () => {
  test('a statement by a member, with a wrong signature, out of order or beyond an admin’s say is refused', async () => {
    const first = await makeTestSpace(rosa);
    const two = await admit(rosa, first, { person: ben });
    const byMember = await nextStatement(ben, two, { members: [memberAs(ben, 'owner'), memberAs(rosa, 'owner')] });
    expect(code(await sendStatement(ben, byMember))).toBe('FORBIDDEN');
    const admin = await nextStatement(rosa, two, { members: [memberAs(rosa, 'owner'), memberAs(ben, 'admin')] });
    const other = { ...admin, signatureB64: first.signatureB64 };
    expect(code(await sendStatement(rosa, other))).toBe('STATEMENT_REFUSED');
    expect((await sendStatement(rosa, admin)).status).toBe(204);
    expect(code(await sendStatement(rosa, admin))).toBe('CONFLICT');
    const coup = await nextStatement(ben, admin, { members: [memberAs(ben, 'owner'), memberAs(rosa, 'owner')] });
    expect(code(await sendStatement(ben, coup))).toBe('FORBIDDEN');
    const ousted = await nextStatement(ben, admin, { members: [memberAs(ben, 'owner')], epoch: 2 });
    expect(code(await sendStatement(ben, ousted, { keys: keysFor(ousted) }))).toBe('FORBIDDEN');
  });
});

test('the personal space takes its next key from its owner, one epoch at a time', async () => {
  const rotate = (person: TestPerson, space: string, epoch: number) =>
    person.browser.send('POST', `${paths.spaces}/${space}/epoch`, { body: { key: sharing.newSealedKey(epoch) } });
  expect(code(await rotate(rosa, rosa.space, 3))).toBe('CONFLICT');
  expect((await rotate(rosa, rosa.space, 2)).status).toBe(204);
  expect(code(await rotate(eve, rosa.space, 3))).toBe('NOT_FOUND');
  expect(results(await push(rosa, [note(rosa, rosa.space, 2)], { n: 1 }))).toEqual(['applied']);
});
