import type { OutboxStore } from '#store/outbox-store.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import { MAX_NEWEST_RECORDS } from '#wire/limits.ts';
import type { WireRecord } from '#wire/record.ts';
import type { NewestAnswer, NewestRequest } from '#wire/sync.ts';
import type { ExchangeDeps } from './exchange.ts';

// [Note: head start] A download goes by the cursor, oldest first: the only order in which nothing can be left out unnoticed. What a
// person has before their eyes is fetched ahead of it. It moves no cursor and only raises fields, so the download does not know of it;
// and the download cannot end below what came ahead, or the server has kept something back.

/** Records of a table that are fetched ahead: what a person may look at while the rest comes. */
const wantedRows = MAX_NEWEST_RECORDS;
/** Answers that are asked for at most, for one table: the newest may all be deleted. */
const maxAnswers = 5;

/** Parts of a head start. */
export type HeadStartDeps = Pick<ExchangeDeps, 'transport' | 'warn'> & {
  readonly store: Pick<OutboxStore, 'place' | 'openTables'>;
  /** Takes in records, as those of a page. */
  readonly take: (space: string, records: readonly WireRecord[]) => Promise<{ readonly ok: boolean }>;
};

/** Fetches the newest records of the tables that are open, ahead of a first download. */
export class HeadStart {
  readonly #deps: HeadStartDeps;
  /** Tables that have had theirs, by space. */
  readonly #served = new Set<string>();
  /** Greatest sequence number that came ahead, by space: the download cannot end below it. */
  readonly #highest = new Map<string, number>();
  readonly #lookedAgain = new Set<string>();

  #generation: number | undefined;

  constructor(deps: HeadStartDeps) {
    this.#deps = deps;
  }

  /** Gives each open table of a space its head start, the one that was opened last first. What fails is left to the download. */
  async give(space: string): Promise<void> {
    this.#check();
    for (const table of this.#deps.store.openTables(space)) {
      const scope = `${space}/${table}`;
      if (this.#served.has(scope)) continue;
      this.#served.add(scope);
      await this.#giveTable(space, table);
    }
  }

  /**
   * The download is at its end. `again`: something came ahead of where it ends; the last page may have been asked for before that was
   * written. `withheld`: after another look it still ends below.
   */
  atEnd(space: string): 'whole' | 'again' | 'withheld' {
    this.#check();
    const isSecondLook = this.#lookedAgain.delete(space);
    const isWhole = (this.#highest.get(space) ?? 0) <= (this.#deps.store.place().cursors[space] ?? 0);
    if (isWhole || isSecondLook) this.#highest.delete(space);
    else this.#lookedAgain.add(space);
    return isWhole ? 'whole' : isSecondLook ? 'withheld' : 'again';
  }

  /** Where the server lives another life, what came ahead belongs to the old one. */
  #check(): void {
    const { generation } = this.#deps.store.place();
    if (generation === this.#generation) return;
    this.#generation = generation;
    this.#served.clear();
    this.#highest.clear();
    this.#lookedAgain.clear();
  }

  async #giveTable(space: string, table: string): Promise<void> {
    let before: number | undefined;
    let rows = 0;
    for (let answers = 0; answers < maxAnswers && rows < wantedRows; answers += 1) {
      const answer = await this.#ask({ space, table, limit: wantedRows, ...(before === undefined ? {} : { before }) });
      if (!answer || !(await this.#take(space, answer.records)) || !answer.more) return;
      rows += answer.records.filter(isLive).length;
      before = answer.records.at(-1)?.seq;
    }
  }

  /** The answer, where it is one to use: there are records in it, in order, of this generation. */
  async #ask(request: NewestRequest): Promise<NewestAnswer | undefined> {
    const { transport, store, warn } = this.#deps;
    const answer = await transport.newest(request);
    if (!answer.ok || answer.value.generation !== store.place().generation || answer.value.records.length === 0) return undefined;
    if (isInOrder(answer.value, request)) return answer.value;
    warn('HEAD_START_IS_MALFORMED');
    return undefined;
  }

  async #take(space: string, records: readonly WireRecord[]): Promise<boolean> {
    const taken = await this.#deps.take(space, records);
    if (!taken.ok) return false;
    this.#highest.set(space, Math.max(this.#highest.get(space) ?? 0, ...records.map(({ seq }) => seq)));
    return true;
  }
}

const isLive = ({ fields }: WireRecord): boolean => typeof fields[DELETED_AT]?.v !== 'string';

/** Whether an answer holds what was asked for: records of that table, each below the one before it. */
const isInOrder = ({ records }: NewestAnswer, { space, table, limit, before = Infinity }: NewestRequest): boolean =>
  records.length <= limit &&
  records.every((record, index) => record.space === space && record.table === table && record.seq < (records[index - 1]?.seq ?? before));
