import type { Span } from './spans.ts';

/** A word with a sign in front of it: `#tag`, `!priority`, `@place`. */
export type Token = Span &
  (
    | { readonly kind: 'tag'; readonly tag: string }
    | { readonly kind: 'priority'; readonly priority: number }
    | { readonly kind: 'place'; readonly place: string }
  );

const quotePattern = /"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|»[^«]*«/gu;
const quotedPlacePattern = /(?<=^|\s)@"([^"]+)"/gu;
const tagPattern = /(?<=^|\s)#(?=[\p{N}_/-]*\p{L})([\p{L}\p{N}_][\p{L}\p{N}\p{M}_/-]*)/gu;
const placePattern = /(?<=^|\s)@([\p{L}\p{N}][^\s#!@"]*?)(?=[,;.!?]?(?:\s|$))/gu;
const priorityPattern = /(?<=^|\s)(!{1,3}|!\p{L}+|!\d|[pP][123])(?=\s|$)/gu;

/** 0 none, 1 low, 2 medium, 3 high; `!1` and `p1` are the first, so the highest. */
const priorityWords: Readonly<Record<string, number>> = {
  '!': 1,
  '!!': 2,
  '!!!': 3,
  '!1': 3,
  '!2': 2,
  '!3': 1,
  p1: 3,
  p2: 2,
  p3: 1,
  '!hoch': 3,
  '!wichtig': 3,
  '!dringend': 3,
  '!high': 3,
  '!urgent': 3,
  '!important': 3,
  '!mittel': 2,
  '!medium': 2,
  '!normal': 2,
  '!niedrig': 1,
  '!gering': 1,
  '!low': 1,
};

const spanOf = (match: RegExpMatchArray): Span => ({ start: match.index ?? 0, end: (match.index ?? 0) + match[0].length });

/** Stretches in quotation marks: nothing inside is read. A place in quotation marks (`@"Café Central"`) is none. */
export function findQuotes(line: string): readonly Span[] {
  const places = [...line.matchAll(quotedPlacePattern)].map(spanOf);
  return [...line.matchAll(quotePattern)].map(spanOf).filter((quote) => !places.some((place) => quote.start === place.start + 1));
}

/** Every tag, the first priority and the first place of a (masked) line. */
export function findTokens(line: string): readonly Token[] {
  const tags = [...line.matchAll(tagPattern)].map((match): Token => ({
    ...spanOf(match),
    kind: 'tag',
    tag: (match[1] ?? '').normalize('NFC').toLowerCase(),
  }));
  const priorities = [...line.matchAll(priorityPattern)].flatMap((match): Token[] => {
    const priority = priorityWords[match[0].toLowerCase()];
    return priority === undefined ? [] : [{ ...spanOf(match), kind: 'priority', priority }];
  });
  const places = [...line.matchAll(quotedPlacePattern), ...line.matchAll(placePattern)]
    .map((match): Token => ({ ...spanOf(match), kind: 'place', place: (match[1] ?? '').trim() }))
    .filter((token) => token.kind === 'place' && token.place !== '')
    .toSorted((a, b) => a.start - b.start);
  return [...tags, ...priorities.slice(0, 1), ...places.slice(0, 1)];
}
