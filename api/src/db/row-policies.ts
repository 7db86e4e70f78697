import { sql, type SQL } from 'drizzle-orm';
import { pgPolicy, type PgColumn } from 'drizzle-orm/pg-core';
import { appRole, authRole, currentAccount, leaveRole, liveRole } from './roles.ts';

const isOwn = (column: PgColumn): SQL => sql`${column} = ${currentAccount}`;

type Command = 'select' | 'insert' | 'update' | 'delete';

/** What the owner of a row may do with it; `column` names the owner. It is exported with the account, and goes with it. */
export function ownRows(name: string, column: PgColumn, commands: readonly Command[]) {
  const own = commands.map((command) =>
    pgPolicy(`${name}_own_${command}`, {
      for: command,
      to: appRole,
      ...(command === 'insert' ? {} : { using: isOwn(column) }),
      ...(command === 'insert' || command === 'update' ? { withCheck: isOwn(column) } : {}),
    }),
  );
  return [...own, ...leavingRows(name, isOwn(column))];
}

/** What an export reads of the account that leaves, and its deletion deletes. */
export const leavingRows = (name: string, using: SQL) => [pgPolicy(`${name}_leave_all`, { for: 'all', to: leaveRole, using })];

/** What signing in may do with everybody's rows. */
export const authRows = (name: string, commands: readonly (Command | 'all')[]) =>
  commands.map((command) =>
    pgPolicy(`${name}_auth_${command}`, {
      for: command,
      to: authRole,
      ...(command === 'insert' ? {} : { using: sql`true` }),
      ...(command === 'insert' || command === 'update' || command === 'all' ? { withCheck: sql`true` } : {}),
    }),
  );

/** What the live hub may read of everybody's rows; the migration grants it single columns. */
export const liveRows = (name: string) => [pgPolicy(`${name}_live_select`, { for: 'select', to: liveRole, using: sql`true` })];
