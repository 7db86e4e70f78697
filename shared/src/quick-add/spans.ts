/** A stretch of a line: from `start` up to but not including `end`, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Whether two stretches share a character. */
export const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

const maskCharacter = '|'; // no pattern reads it, and it ends a word in every one of them

/** The line with the given stretches made unreadable, at the same length so that positions stay true. */
export function maskSpans(line: string, spans: readonly Span[]): string {
  let masked = line;
  for (const { start, end } of spans) masked = masked.slice(0, start) + maskCharacter.repeat(Math.max(0, end - start)) + masked.slice(end);
  return masked;
}

/** The line without the given stretches; where one is taken out, one space joins what is left. */
export function withoutSpans(line: string, spans: readonly Span[]): string {
  const ordered = spans.toSorted((a, b) => a.start - b.start);
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of ordered) {
    pieces.push(line.slice(from, start).trim());
    from = Math.max(from, end);
  }
  pieces.push(line.slice(from).trim());
  return pieces.filter((piece) => piece !== '').join(' ');
}

/** Where stretches of a line lie after the line was edited; those that the edit touched are gone. */
export function moveSpans(spans: readonly Span[], before: string, after: string): readonly Span[] {
  const shorter = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < shorter && before[prefix] === after[prefix]) prefix++;
  let suffix = 0;
  while (suffix < shorter - prefix && before[before.length - 1 - suffix] === after[after.length - 1 - suffix]) suffix++;
  const editEnd = before.length - suffix;
  const shift = after.length - before.length;
  return spans.flatMap((span) => {
    if (span.end <= prefix) return [span];
    return span.start >= editEnd ? [{ start: span.start + shift, end: span.end + shift }] : [];
  });
}
