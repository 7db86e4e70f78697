/**
 * A word as search compares it: lower case, without accents, and with one spelling for umlauts,
 * so that `Müller`, `Mueller` and `Muller` are one word, and `Straße` and `Strasse`.
 */
export const foldTerm = (term: string): string =>
  term
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([aou])e/gu, '$1');

const wordPattern = /[\p{L}\p{N}\p{M}]+/gu;

/** Words of a text in their order. */
export const wordsOf = (text: string): string[] => text.match(wordPattern) ?? [];

/** A piece of a text, and whether it was looked for. */
export interface Highlight {
  readonly text: string;
  readonly hit: boolean;
}

/** A text cut where words begin or end that matched; `terms` are folded words as a search gives them. */
export function highlight(text: string, terms: readonly string[]): readonly Highlight[] {
  const wanted = new Set(terms);
  const pieces: Highlight[] = [];
  let from = 0;
  for (const match of text.matchAll(wordPattern)) {
    if (!wanted.has(foldTerm(match[0]))) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), hit: false });
    pieces.push({ text: match[0], hit: true });
    from = match.index + match[0].length;
  }
  return from < text.length ? [...pieces, { text: text.slice(from), hit: false }] : pieces;
}

/** A stretch of a long text around the first word that matched, at most about `length` characters, with dots where it was cut. */
export function excerptAround(text: string, terms: readonly string[], length: number): string {
  const wanted = new Set(terms);
  let at = 0;
  for (const match of text.matchAll(wordPattern)) {
    if (!wanted.has(foldTerm(match[0]))) continue;
    at = match.index;
    break;
  }
  const start = at < length * 0.7 ? 0 : at - Math.floor(length / 3);
  const piece = text
    .slice(start, start + length)
    .replaceAll(/\s+/gu, ' ')
    .trim();
  return `${start > 0 ? '…' : ''}${piece}${start + length < text.length ? '…' : ''}`;
}
