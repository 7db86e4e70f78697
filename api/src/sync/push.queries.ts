import type { WireFields } from '@mana/shared/wire/record';
import { sql } from 'drizzle-orm';
import { rowsOf, type Transaction } from '../db/database.ts';
import { recordKey, type ChangedRecord, type PushSpace, type StoredRecord } from './decide-push.ts';

export interface RecordName {
  readonly space: string;
  readonly table: string;
  readonly id: string;
}

/** What must be known to decide a push. */
export interface PushQuestion {
  readonly accountId: string;
  readonly device: string;
  readonly n: number;
  readonly digest: string;
  readonly spaces: readonly string[];
  readonly records: readonly RecordName[];
}

/** What a push meets. Its device's row and its spaces' rows are held until the transaction ends. */
export interface OpenedPush {
  /** Number of the device's last push; 0 before the first. */
  readonly lastN: number;
  /** Answer to the last push, where this is its repeat. */
  readonly outcome: string | undefined;
  /** Those of the spaces that the account is a member of. */
  readonly spaces: ReadonlyMap<string, PushSpace>;
  readonly records: ReadonlyMap<string, StoredRecord>;
}

type Numeric = string | number;

interface OpenedRow {
  readonly place: number;
  readonly n: Numeric | null;
  readonly outcome: string | null;
  readonly space: string;
  readonly seq: Numeric;
  readonly epoch: number | null;
  readonly readOnly: boolean;
  readonly table: string;
  readonly id: string;
  readonly fields: string;
}

interface Opening {
  lastN: number;
  outcome: string | undefined;
  readonly spaces: Map<string, PushSpace>;
  readonly records: Map<string, StoredRecord>;
}

/** Opens pushes, none of which may share a device or a space with another, each in its own account's name, in one call. */
export async function openPushes(transaction: Transaction, questions: readonly PushQuestion[]): Promise<OpenedPush[]> {
  const arrived = questions.map(({ accountId, ...question }, place) => ({ place, account: accountId, ...question }));
  const rows = rowsOf<OpenedRow>(
    await transaction.execute(sql`
      select place, n, outcome, space, seq, epoch, read_only as "readOnly", table_name as "table", id, fields
      from sync.open_pushes(${JSON.stringify(arrived)}::text::jsonb)`),
  );
  const opened = questions.map((): Opening => ({ lastN: 0, outcome: undefined, spaces: new Map(), records: new Map() }));
  for (const row of rows) {
    const opening = opened[row.place];
    if (opening) takeRow(opening, row);
  }
  return opened;
}

function takeRow(opening: Opening, row: OpenedRow): void {
  if (row.n !== null) {
    opening.lastN = Number(row.n);
    opening.outcome = row.outcome ?? undefined;
  } else if (row.epoch !== null) {
    opening.spaces.set(row.space, { seq: Number(row.seq), epoch: row.epoch, readOnly: row.readOnly });
  } else {
    opening.records.set(recordKey(row), { seq: Number(row.seq), fields: JSON.parse(row.fields) as WireFields });
  }
}

export interface DecidedPush {
  readonly accountId: string;
  readonly device: string;
  readonly n: number;
  readonly digest: string;
  readonly outcome: string;
  readonly changed: readonly ChangedRecord[];
  /** New sequence number of each changed space. */
  readonly seqs: ReadonlyMap<string, number>;
}

/** Writes all that was decided in one call: records whole, the spaces' sequence numbers, the devices' answers. */
export async function writePushes(transaction: Transaction, pushes: readonly DecidedPush[]): Promise<void> {
  const decided = pushes.map(({ accountId, changed, seqs, ...push }) => ({
    ...push,
    account: accountId,
    records: changed.map(withBytes),
    moves: [...seqs].map(([id, seq]) => ({ id, seq })),
  }));
  await transaction.execute(sql`select sync.write_pushes(${JSON.stringify(decided)}::text::jsonb)`);
}

function withBytes({ fields, ...name }: ChangedRecord) {
  const text = JSON.stringify(fields);
  return { ...name, bytes: text.length, fields: text };
}
