import type { TestDatabase } from './test-database.ts';
import type { TestPerson } from './test-person.ts';

interface MatrixPeople {
  readonly owner: TestPerson;
  /** Shares the family space with the owner. */
  readonly member: TestPerson;
  /** May only read there. */
  readonly reader: TestPerson;
  /** Id of the space that they share. */
  readonly family: string;
  readonly invitation: { readonly id: string; readonly tokenHash: string };
}

/** Makes rows of every table for a matrix of who may reach them. */
export async function insertMatrixRows(
  database: Pick<TestDatabase, 'asOwner'>,
  { owner, member, reader, family, invitation }: MatrixPeople,
): Promise<void> {
  // The owner's rows of every table, one each: what is looked for, changed, deleted and inserted again.
  const [id, other] = [owner.account.id, member.account.id];
  const invited = (invitationId: string, hash: string, takenBy: string) =>
    `insert into sync.invitations (id, space_id, space_type, token_hash, role, read_only, expires_at_ms, made_by, made_by_name,
       made_by_sealing_b64, made_by_signing_b64, sealed_enc_b64, sealed_ciphertext_b64, taken_by)
     values ('${invitationId}', '${family}', 'family', '${hash}', 'member', false, 1, '${id}', '', '', '', '', '', ${takenBy});`;
  await database.asOwner(`
    delete from sync.records where space_id = '${owner.space}';
    insert into sync.records values ('${owner.space}', 'notes', '${crypto.randomUUID()}', 1, 2, '{}');
    insert into sync.pushes values ('${id}', 'a1b2c3d4e5f60718', 1, 'digest', '{}');
    insert into sync.shared_points values ('${owner.space}', 2, 0);
    insert into auth.passkeys values ('${crypto.randomUUID()}', '${id}', 'credential', 'key', 0, 'name', 'aaguid', '{}', false, 1);
    insert into auth.attempts values ('${crypto.randomUUID()}', 'key', '${id}', 'open', 1, null);
    insert into auth.address_changes values ('${crypto.randomUUID()}', '${id}', 'new', 'hash', 1, null, null, null, 1);
    insert into auth.mails values ('${crypto.randomUUID()}', '${id}', 'waiting', 'sealed', 0, 1, 1, 1, null);
    insert into auth.pending_sign_ups values ('${crypto.randomUUID()}', 'key', 'sealed', 'hash', 1, 1);
    insert into auth.deletions values ('${id}', 1, 2);
    insert into auth.profiles values ('${id}', null, false, 1);
    insert into auth.totps values ('${id}', 'sealed', null, 1);
    insert into auth.backup_codes values ('${id}', 'hash', null);
    insert into auth.throttles values ('key', 0);
    insert into auth.network_limits values ('key', 1, 1);
    insert into sync.spaces (id, type, created_by, epoch, seq, created_at_ms) values ('${family}', 'family', '${id}', 1, 0, 1);
    insert into sync.members (space_id, account_id, role, read_only, founded_by) values ('${family}', '${id}', 'owner', false, '${id}');
    insert into sync.members (space_id, account_id, role, read_only) values ('${family}', '${other}', 'member', false);
    insert into sync.members (space_id, account_id, role, read_only) values ('${family}', '${reader.account.id}', 'member', true);
    insert into sync.records values ('${family}', 'notes', '${crypto.randomUUID()}', 1, 2, '{}');
    insert into sync.shared_points values ('${family}', 2, 0);
    insert into sync.space_keys values ('${family}', '${other}', 1, '', '');
    insert into sync.statements values ('${family}', 1, '${id}', '{}');
    insert into sync.leavings values ('${family}', '${other}', 1, '');
    ${invited(invitation.id, invitation.tokenHash, 'null')} ${invited(crypto.randomUUID(), 'taken', `'${other}'`)}
    update sync.spaces set seq = 1 where id = '${owner.space}'`);
}
