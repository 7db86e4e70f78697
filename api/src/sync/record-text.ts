import type { PageRecord } from './sync.queries.ts';

/** Room for what stands around the records of an answer: cursor, counts and time. */
export const pageFrameBytes = 512;

// Ids are UUIDs and names letters and digits: nothing in them needs escaping.
const recordText = (space: string, { id, table, seq, fields }: PageRecord): string =>
  `{"id":"${id}","space":"${space}","table":"${table}","seq":${seq},"fields":${fields}}`;

/** An answer as JSON text: stored fields go out as they lie, unread. */
export const framedRecords = (space: string, records: readonly PageRecord[], frame: object): string =>
  `{"records":[${records.map((record) => recordText(space, record)).join(',')}],${JSON.stringify(frame).slice(1)}`;
