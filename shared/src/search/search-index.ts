import MiniSearch, { type Query, type SearchOptions, type SearchResult } from 'minisearch';
import type { Clock } from '#base/clock.ts';
import type { Table } from '#modules/define-module.ts';
import type { OpenRecord, Store } from '#store/store.ts';
import { foldTerm, wordsOf } from './fold.ts';
import { followTables, type FollowedTable } from './follow-tables.ts';

/** A record that matches, best first. */
export interface SearchHit {
  readonly record: OpenRecord;
  /** Folded words of the record that matched, for `highlight`. */
  readonly terms: readonly string[];
}

/** Full-text search over every searchable field of one space. It lives in memory and is gone with the vault. */
export interface SearchIndex {
  /** Whether everything that the tables hold has been read. */
  readonly complete: boolean;
  /** Records that match every word, the last one also by its beginning; with few of them also near misses, with none what has one of the words. */
  search(query: string, limit?: number): readonly SearchHit[];
  /** Calls `listener` when results may have changed. */
  subscribe(listener: () => void): () => void;
  /** Stops following the tables and forgets everything. */
  stop(): void;
}

/** What an index needs. */
export interface SearchDeps {
  readonly store: Pick<Store, 'table'>;
  readonly tables: readonly Table[];
  readonly space?: string;
  readonly clock: Clock;
  /** Gives the thread to the screen and comes back. */
  readonly pause: () => Promise<void>;
}

/** Most characters of one field that are indexed: a long note, not a pasted book. */
const MAX_INDEXED_LENGTH = 50_000;
/** Below so many hits, near misses are added. */
const FEW_HITS = 8;
/** Hits that are ranked by recency too: the best by text. */
const RANKED_HITS = 400;
const defaultLimit = 50;
const recencyDays = 30; // after which the bonus of a fresh record has fallen to a third
const dayMs = 86_400_000;
const isoLength = 24; // a stamp begins with an ISO time

/** Fields of the index: a record's searchable fields by their place in the declaration. */
const places = ['first', 'second', 'third', 'rest'] as const;
const placeBoosts = { first: 4, second: 2.5, third: 1.2, rest: 1 };

interface Entry {
  readonly id: string;
  readonly record: OpenRecord;
  readonly table: Table;
}

const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value.slice(0, MAX_INDEXED_LENGTH) : '';

function extractField(entry: Entry, field: string): string {
  if (field === 'id') return entry.id;
  const index = places.findIndex((place) => place === field);
  const names = field === 'rest' ? entry.table.searchable.slice(index) : entry.table.searchable.slice(index, index + 1);
  return names.map((name) => textOf(entry.record.values[name])).join('\n');
}

/** Beginnings up to this length fit too many words: they are looked for in the first two fields only. */
const SHORT_LENGTH = 3;

/** The last word is still being typed: its beginning is enough. */
function lastWord(word: string, options: SearchOptions): Query {
  if (word.length < 2) return { queries: [word], ...options };
  if (word.length > SHORT_LENGTH) return { queries: [word], ...options, prefix: true };
  return {
    combineWith: 'OR',
    queries: [
      { queries: [word], ...options },
      { queries: [word], ...options, prefix: true, fields: places.slice(0, 2) },
    ],
  };
}

const exact: SearchOptions = { boost: placeBoosts };
const near: SearchOptions = {
  ...exact,
  fuzzy: (term) => (term.length > SHORT_LENGTH ? 0.25 : false),
  weights: { fuzzy: 0.3, prefix: 0.6 },
};

/** Every word in any order, or at least one of them. */
function wordsQuery(words: readonly string[], options: SearchOptions, combineWith: 'AND' | 'OR' = 'AND'): Query {
  const last = words.at(-1) ?? '';
  return { combineWith, queries: [...words.slice(0, -1).map((word) => ({ queries: [word], ...options })), lastWord(last, options)] };
}

/** A word that occurs more often is one like `und`: reading all of its places takes longer than a person waits, and tells nothing. */
const COMMON_OCCURRENCES = 5_000;

/** Records of the index, and the index kept alike. */
function createEntries() {
  const occurrences = new Map<string, number>();
  function readTerm(term: string): string | null {
    const folded = foldTerm(term);
    occurrences.set(folded, (occurrences.get(folded) ?? 0) + 1);
    return folded === '' ? null : folded;
  }
  const index = new MiniSearch<Entry>({
    fields: [...places],
    extractField,
    processTerm: readTerm,
    tokenize: wordsOf,
    searchOptions: { processTerm: (term) => foldTerm(term) || null },
  });
  const entries = new Map<string, Entry>();
  return {
    index,
    recordOf: (result: SearchResult): OpenRecord | undefined => entries.get(String(result.id))?.record,
    isCommon: (word: string): boolean => (occurrences.get(foldTerm(word)) ?? 0) > COMMON_OCCURRENCES,
    /** Some records with a common word: as many as are ranked. */
    withCommon(word: string): readonly SearchResult[] {
      const term = foldTerm(word);
      const found: SearchResult[] = [];
      for (const entry of entries.values()) {
        const hasTerm = places.some((place) => wordsOf(extractField(entry, place)).some((other) => foldTerm(other) === term));
        if (hasTerm) found.push({ id: entry.id, score: 1, terms: [term], queryTerms: [term], match: {} });
        if (found.length === RANKED_HITS) break;
      }
      return found;
    },
    put(table: Table, record: OpenRecord): void {
      const id = `${table.name}/${record.id}`;
      const known = entries.get(id);
      if (known?.record === record) return;
      const entry = { id, record, table };
      entries.set(id, entry);
      if (known === undefined) index.add(entry);
      else index.replace(entry);
    },
    drop(table: Table, recordId: string): void {
      const id = `${table.name}/${recordId}`;
      if (entries.delete(id)) index.discard(id);
    },
    clear(): void {
      entries.clear();
      occurrences.clear();
      index.removeAll();
    },
  };
}

type Entries = ReturnType<typeof createEntries>;

/** The best by words, then ordered by how fresh they are too. */
function rank(
  results: readonly SearchResult[],
  entries: Entries,
  { nowMs, limit }: { nowMs: number; limit: number },
): readonly SearchHit[] {
  return results
    .slice(0, RANKED_HITS)
    .flatMap((result) => {
      const record = entries.recordOf(result);
      if (record === undefined) return [];
      const ageDays = Math.max(0, nowMs - Date.parse(record.updatedAt.slice(0, isoLength))) / dayMs;
      return [{ record, terms: result.terms, score: result.score * (1 + Math.exp(-ageDays / recencyDays)) }];
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ record, terms }) => ({ record, terms }));
}

function searchIn(entries: Entries, query: string, ranking: { nowMs: number; limit: number }): readonly SearchHit[] {
  const typed = wordsOf(query);
  const words = typed.filter((word) => !entries.isCommon(word));
  const [common] = typed.filter((word) => entries.isCommon(word));
  const commonHits = () => (common === undefined ? [] : rank(entries.withCommon(common), entries, ranking));
  if (words.length === 0) return commonHits();
  const find = (options: SearchOptions, combineWith?: 'OR') => entries.index.search(wordsQuery(words, options, combineWith));
  const results = find(exact);
  if (results.length >= FEW_HITS) return rank(results, entries, ranking);
  const found = new Set(results.map(({ id }) => String(id)));
  const nearMisses = find(near).filter(({ id }) => !found.has(String(id)));
  const hits = [...rank(results, entries, ranking), ...rank(nearMisses, entries, ranking)].slice(0, ranking.limit);
  if (hits.length > 0) return hits;
  return words.length > 1 ? rank(find(near, 'OR'), entries, ranking) : commonHits();
}

/** Builds the index of one space in slices and follows its tables. */
export function createSearchIndex({ store, tables, space, clock, pause }: SearchDeps): SearchIndex {
  const entries = createEntries();
  const listeners = new Set<() => void>();
  const followed = tables
    .filter((table) => table.searchable.length > 0)
    .map((table): FollowedTable => ({ table, view: store.table(table, space) as FollowedTable['view'] }));
  const settled = () => {
    for (const listener of listeners) listener();
  };
  const following = followTables(followed, { ...entries, settled }, { clock, pause });

  return {
    get complete() {
      return following.upToDate() && followed.every(({ view }) => view.complete);
    },
    search: (query, limit = defaultLimit) => searchIn(entries, query, { nowMs: clock.nowMs(), limit }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      following.stop();
      listeners.clear();
      entries.clear();
    },
  };
}
