import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { loadDateReader } from './date-reader.ts';
import { goldenCases } from './quick-add.cases.ts';
import { parseQuickAdd, type QuickAddPlace } from './quick-add.ts';
import type { Span } from './spans.ts';

const readDates = await loadDateReader();
const words = goldenCases.flatMap(([line]) => line.split(' '));
const line = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4 })), { maxLength: 9 }).map((parts) => parts.join(' ')),
);
const place = fc.record({
  nowMs: fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2060-01-01') }),
  timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati', 'Asia/Kathmandu'),
  language: fc.constantFrom('de' as const, 'en' as const),
});

function dismissAll(text: string, where: QuickAddPlace): string {
  let dismissed: readonly Span[] = [];
  for (let round = 0; round <= text.length; round++) {
    const { title, chips } = parseQuickAdd(text, { ...where, dismissed });
    if (chips.length === 0) return title;
    dismissed = [...dismissed, ...chips];
  }
  throw new Error('chips come back after they were dismissed');
}

test('any line gives a title, and one that is not blank a title that is not empty', () => {
  fc.assert(
    fc.property(line, place, (text, where) => {
      const { title, values } = parseQuickAdd(text, { ...where, readDates });
      expect(title === '').toBe(text.trim() === '');
      expect(values.dueDate === null ? values.dueTime : null).toBeNull();
      if (values.dueDate !== null) expect(values.dueDate).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      if (values.dueTime !== null) expect(values.dueTime).toMatch(/^([01]\d|2[0-3]):[0-5]\d$/);
    }),
    { numRuns: 1_500 },
  );
});

test('dismissing every chip gives the line back as title', () => {
  fc.assert(
    fc.property(line, place, (text, where) => {
      expect(dismissAll(text, { ...where, readDates })).toBe(text.trim());
    }),
    { numRuns: 700 },
  );
});

test('chips lie in the line, hold its text and never overlap', () => {
  fc.assert(
    fc.property(line, place, (text, where) => {
      let reached = 0;
      for (const chip of parseQuickAdd(text, { ...where, readDates }).chips) {
        expect(chip.start).toBeGreaterThanOrEqual(reached);
        expect(chip.text).toBe(text.slice(chip.start, chip.end));
        reached = chip.end;
      }
      expect(reached).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 700 },
  );
});
