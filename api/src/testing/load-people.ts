import { createHash } from 'node:crypto';

/** A signed-in person with a personal space, as the load programs need one: no password was ever set. */
export interface LoadPerson {
  readonly accountId: string;
  readonly space: string;
  readonly cookie: string;
}

const monthMs = 30 * 86_400_000;
const token = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');

/** Writes people straight into the database: signing a thousand of them up would measure something else. */
export async function seedPeople(asOwner: (statements: string) => Promise<unknown>, count: number): Promise<LoadPerson[]> {
  const nowMs = Date.now();
  const people = Array.from({ length: count }, () => ({ accountId: crypto.randomUUID(), space: crypto.randomUUID(), token: token() }));
  const rows = (row: (person: (typeof people)[number]) => string): string => people.map((person) => `(${row(person)})`).join(',');
  const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
  await asOwner(`
    insert into auth.accounts (id, email, name, created_at_ms) values ${rows(({ accountId }) => `'${accountId}', '${accountId}@example.org', 'Load', ${nowMs}`)};
    insert into auth.sessions (id, account_id, token_hash, client, device, network, created_at_ms, last_used_at_ms, expires_at_ms)
      values ${rows(({ accountId, token: text }) => `'${crypto.randomUUID()}', '${accountId}', '${hashOf(text)}', 'web', 'Load', 'x', ${nowMs}, ${nowMs}, ${nowMs + monthMs}`)};
    insert into sync.spaces (id, type, created_by, epoch, seq, created_at_ms) values ${rows(({ accountId, space }) => `'${space}', 'personal', '${accountId}', 1, 0, ${nowMs}`)};
    insert into sync.members (space_id, account_id, role, read_only, founded_by) values ${rows(({ accountId, space }) => `'${space}', '${accountId}', 'owner', false, '${accountId}'`)}`);
  return people.map(({ accountId, space, token: text }) => ({ accountId, space, cookie: `mana-session-${accountId}=${text}` }));
}
