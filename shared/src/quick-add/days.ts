import { partOfWord, partPattern } from './time-words.ts';
import type { DateReader } from './date-reader.ts';
import { findWrittenDays, type FoundDay } from './written-dates.ts';

/** Words in front of a day that belong to it: they leave the title together. */
const leadPattern =
  /(?<![\p{L}\p{N}_])(?:bis\s+zum|on\s+the|bis|am|an|zum|ab|für|den|dem|kommende[rns]?|nächste[rns]?|diese[rnms]?|on|by|until|till|due|for|from|next|this|coming)\s+$/iu;
/** Words in front of a day after which it is none: repeats and the past. */
const refusePattern =
  /(?<![\p{L}\p{N}_])(?:letzte[rns]?|vergangene[rns]?|vorige[rns]?|jede[rnms]?|alle|guten?|seit|vor|last|past|every|each|since|good)\s+$/iu;
const shortPattern = /^\p{L}{2,3}\.?$/iu;
const ambiguousAtEnd = /^(?:sun|sat|mar|dec)\.?$/iu;
const germanShort = /^(?:mo|di|mi|do|fr|sa|so)\.?$/iu;
const dayPartWithin = new RegExp(String.raw`\s(?:${partPattern})$`, 'iu');
const dayPartBehind = new RegExp(String.raw`^\s+(?:${partPattern})`, 'iu');
const letter = /[\p{L}\p{N}_]/u;

/** `Do`, `so`, `sun` and `sat` are words too: an abbreviation counts only where a day is meant. */
function isWeekdayAbbreviation(line: string, { start, end }: FoundDay): boolean {
  const word = line.slice(start, end);
  if (germanShort.test(word) && !/^\p{Lu}/u.test(word)) return false;
  const behind = line.slice(end);
  if (/^\.?,?\s*(?:\||\d)/u.test(behind)) return true;
  if (leadPattern.test(line.slice(0, start))) return true;
  return start > 0 && behind.trim() === '' && !ambiguousAtEnd.test(word);
}

function isMeant(line: string, found: FoundDay): boolean {
  const ahead = line.slice(0, found.start);
  if (letter.test(ahead.slice(-1)) || letter.test(line.slice(found.end, found.end + 1))) return false;
  if (refusePattern.test(ahead)) return false;
  return !shortPattern.test(line.slice(found.start, found.end)) || isWeekdayAbbreviation(line, found);
}

function withLead(line: string, found: FoundDay): FoundDay {
  let start = found.start;
  for (let match = leadPattern.exec(line.slice(0, start)); match; match = leadPattern.exec(line.slice(0, start))) start = match.index;
  return { ...found, start };
}

/** The part of the day at the end of the day's words, or right behind them. */
function withPart(line: string, found: FoundDay): FoundDay {
  const within = dayPartWithin.exec(line.slice(found.start, found.end));
  const match = within ?? dayPartBehind.exec(line.slice(found.end));
  const part = match && partOfWord(match[0]);
  if (!part) return found;
  return { ...found, part, end: within ? found.end : found.end + match[0].length };
}

/** The full stop of an abbreviation leaves with it: `Mi. 9:00`. */
const withStop = (line: string, found: FoundDay): FoundDay =>
  germanShort.test(line.slice(found.start, found.end)) && line[found.end] === '.' ? { ...found, end: found.end + 1 } : found;

/** The first day in a (masked) line, with the words in front of it and the part of the day behind it. */
export function findDay(
  line: string,
  { today, language, readDates }: { today: string; language: 'de' | 'en'; readDates?: DateReader | undefined },
): FoundDay | undefined {
  const candidates = [...findWrittenDays(line, today), ...(readDates?.(line, today, language) ?? [])];
  const first = candidates.filter((found) => isMeant(line, found)).toSorted((a, b) => a.start - b.start || b.end - a.end)[0];
  return first && withPart(line, withLead(line, withStop(line, first)));
}
