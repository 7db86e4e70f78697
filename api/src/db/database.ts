import { sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** An open transaction, whichever driver is beneath it. */
export type Transaction = Pick<PgDatabase<PgQueryResultHKT>, 'select' | 'insert' | 'update' | 'delete' | 'execute'>;

/** In whose name a transaction acts: `app` sees the account's rows, `auth` what signing in needs, `nobody` no row at all. */
export type Identity = { readonly role: 'app'; readonly account: string } | { readonly role: 'auth' } | { readonly role: 'nobody' };

/** Receives what other processes on the same database announce. */
export interface Notices {
  publish(payload: string): Promise<void>;
  subscribe(listener: (payload: string) => void): Promise<void>;
}

export interface Database {
  /** Runs one transaction; throwing rolls it back. */
  as<Value>(identity: Identity, work: (transaction: Transaction) => Promise<Value>): Promise<Value>;
  /** Undefined where the database belongs to this process alone. */
  readonly notices: Notices | undefined;
  close(): Promise<void>;
}

/** Changes the identity of the running transaction until it ends or changes again. */
export async function become(transaction: Transaction, identity: Identity): Promise<void> {
  const account = identity.role === 'app' ? identity.account : '';
  const role = identity.role === 'auth' ? 'mana_auth' : 'mana_app';
  await transaction.execute(sql`select set_config('role', ${role}, true), set_config('app.account', ${account}, true)`);
}

/** Rows of a raw statement: one driver answers an array, the other an object around it. */
export function rowsOf<Row>(answer: unknown): Row[] {
  const rows = Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows;
  return [...rows] as Row[];
}
