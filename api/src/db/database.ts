import { sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** An open transaction, whichever driver is beneath it. */
export type Transaction = Pick<PgDatabase<PgQueryResultHKT>, 'select' | 'insert' | 'update' | 'delete' | 'execute'>;

/**
 * In whose name a transaction acts: `app` sees the account's rows, `auth` what signing in needs, `live` who is a member of
 * what and where each space stands, `leave` all that goes when an account goes, `nobody` no row at all.
 */
export type Identity = { readonly role: 'app' | 'leave'; readonly account: string } | { readonly role: 'auth' | 'live' | 'nobody' };

/** Receives what other processes on the same database announce. */
export interface Notices {
  publish(payload: string): Promise<void>;
  /** `onGap` is called when the connection was lost and is back: what was announced meanwhile nobody knows. */
  subscribe(listener: (payload: string) => void, onGap: () => void): Promise<void>;
}

export interface Database {
  /** Runs one transaction; throwing rolls it back. */
  as<Value>(identity: Identity, work: (transaction: Transaction) => Promise<Value>): Promise<Value>;
  /** Undefined where the database belongs to this process alone. */
  readonly notices: Notices | undefined;
  /** How many transactions it runs at once. */
  readonly lanes: number;
  close(): Promise<void>;
}

export const roleNames = { app: 'mana_app', auth: 'mana_auth', live: 'mana_live', leave: 'mana_leave', nobody: 'mana_app' } as const;

/** Changes the identity of the running transaction until it ends or changes again. */
export async function become(transaction: Transaction, identity: Identity): Promise<void> {
  const account = 'account' in identity ? identity.account : '';
  const role = roleNames[identity.role];
  await transaction.execute(sql`select set_config('role', ${role}, true), set_config('app.account', ${account}, true)`);
}

/** Rows of a raw statement: one driver answers an array, the other an object around it. */
export function rowsOf<Row>(answer: unknown): Row[] {
  const rows = Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows;
  return [...rows] as Row[];
}
