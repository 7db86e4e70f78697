import { newNote } from '#modules/notes/note-rules.ts';
import { newTask } from '#modules/todo/task-rules.ts';
import type { OpenRecord } from '#store/store.ts';

const vocabularySize = 30_000;
const minuteMs = 60_000;

/** Numbers below 1 that are the same in every run. */
function createSeries(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Words as a language has them: made of syllables, few of them common, most of them rare (Zipf). */
function createLanguage(seed: number) {
  const next = createSeries(seed);
  const pick = (letters: string): string => letters[Math.floor(next() * letters.length)] ?? '';
  const syllable = () => pick('bdfghjklmnprstvwz') + pick('aeiou') + (next() < 0.3 ? pick('lmnrst') : '');
  const vocabulary = Array.from({ length: vocabularySize }, (_, rank) =>
    Array.from({ length: rank < 200 ? 1 + Math.floor(next() * 2) : 2 + Math.floor(next() * 3) }, syllable).join(''),
  );
  const wordAt = (rank: number): string => vocabulary[rank] ?? '';
  return { wordAt, text: (length: number) => Array.from({ length }, () => wordAt(Math.floor(vocabularySize ** next()) - 1)).join(' ') };
}

function madeUpRecord(language: ReturnType<typeof createLanguage>, index: number): OpenRecord {
  const isTask = index % 2 === 0;
  const values = isTask
    ? newTask({ title: language.text(4), notes: language.text(8) })
    : newNote({ title: language.text(3), body: language.text(30) });
  const at = new Date(Date.UTC(2026, 0, 1) + index * minuteMs).toISOString();
  return {
    id: String(index),
    space: 's',
    table: isTask ? 'tasks' : 'notes',
    values,
    stamps: {},
    createdAt: at,
    deletedAt: null,
    updatedAt: at,
    pending: false,
    seed: false,
  };
}

/** Tasks and notes in a made-up language, the same in every run, and what somebody types to find some of them: rare and common words, beginnings, typos, nothing. */
export function madeUpRecords(count: number): { records: OpenRecord[]; queries: string[]; commonWord: string } {
  const language = createLanguage(7);
  const { wordAt } = language;
  const typed = [wordAt(300), wordAt(4_000), wordAt(20_000)].flatMap((word) => [
    word.slice(0, 2),
    word.slice(0, 3),
    word.slice(0, 4),
    word,
  ]);
  const queries = [
    ...typed,
    wordAt(0),
    `${wordAt(0)} ${wordAt(1)}`,
    `${wordAt(50)} ${wordAt(900).slice(0, 3)}`,
    `x${wordAt(9_000)}`,
    'qqqqqq',
    `${wordAt(3)} qqqqqq`,
  ];
  return { records: Array.from({ length: count }, (_, index) => madeUpRecord(language, index)), queries, commonWord: wordAt(0) };
}
