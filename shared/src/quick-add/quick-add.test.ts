import { beforeAll, describe, expect, test } from 'bun:test';
import { loadDateReader, type DateReader } from './date-reader.ts';
import { goldenCases } from './quick-add.cases.ts';
import { parseQuickAdd, parseWhen } from './quick-add.ts';
import { moveSpans } from './spans.ts';

let readDates: DateReader;
beforeAll(async () => {
  readDates = await loadDateReader();
});

const nowMs = Date.parse('2026-11-25T09:00:00Z');
const languages = ['de', 'en'] as const;
const whenText = ({ dueDate, dueTime }: { dueDate: string | null; dueTime: string | null }) =>
  [dueDate, dueTime].filter((part) => part !== null).join(' ');

function parse(line: string, options: Partial<Parameters<typeof parseQuickAdd>[1]> = {}) {
  return parseQuickAdd(line, { nowMs, timeZone: 'Europe/Berlin', language: 'de', readDates, ...options });
}

describe('a line typed on Wednesday, 25 November 2026, 10:00 in Berlin', () => {
  for (const [line, title, when, more = {}] of goldenCases) {
    test(`"${line}" is "${title}"${when === '' ? '' : ` on ${when}`}`, () => {
      for (const language of languages) {
        const parsed = parse(line, { language });
        expect({ title: parsed.title, when: whenText(parsed.values) }).toEqual({ title, when });
        expect(parsed.values).toMatchObject({ priority: 0, tags: [], place: '', ...more });
      }
    });
  }
});

describe('a line', () => {
  test('with slashes is read in the order of its language', () => {
    expect(parse('4/5/2027 Fest', { language: 'de' }).values.dueDate).toBe('2027-05-04');
    expect(parse('4/5/2027 party', { language: 'en' }).values.dueDate).toBe('2027-04-05');
  });

  test('gives each understood part as a chip at its place', () => {
    expect(parse('Zahnarzt morgen 14:30 #gesundheit').chips).toEqual([
      { kind: 'date', start: 9, end: 15, text: 'morgen' },
      { kind: 'time', start: 16, end: 21, text: '14:30' },
      { kind: 'tag', start: 22, end: 33, text: '#gesundheit' },
    ]);
  });

  test('keeps as text what was dismissed', () => {
    const parsed = parse('Zahnarzt morgen 14:30', { dismissed: [{ start: 9, end: 15 }] });
    expect(parsed.title).toBe('Zahnarzt morgen');
    expect(whenText(parsed.values)).toBe('2026-11-25 14:30');
  });

  test('is read for signs and times also before the date grammar has loaded', () => {
    const parsed = parse('Arzt 12.12. 14:30 !2 @Praxis #x', { readDates: undefined });
    expect(parsed).toMatchObject({
      title: 'Arzt',
      values: { dueDate: '2026-12-12', dueTime: '14:30', priority: 2, place: 'Praxis', tags: ['x'] },
    });
  });

  test('of a pasted text is not searched for dates', () => {
    expect(parse(`morgen ${'lang '.repeat(300)}`).chips).toEqual([]);
  });
});

describe('on days when the clock changes', () => {
  const springMs = Date.parse('2026-03-29T00:30:00Z'); // 01:30 in Berlin, half an hour before the gap
  const autumnMs = Date.parse('2026-10-25T00:30:00Z'); // 02:30 summer time, before the hour that comes twice

  test('hours count as they pass', () => {
    expect(whenText(parse('in 2 Stunden Tee', { nowMs: springMs }).values)).toBe('2026-03-29 04:30');
    expect(whenText(parse('in 2 hours tea', { nowMs: autumnMs }).values)).toBe('2026-10-25 03:30');
  });

  test('days count as the calendar has them', () => {
    expect(whenText(parse('morgen 9:00', { nowMs: springMs }).values)).toBe('2026-03-30 09:00');
    expect(whenText(parse('in 3 days', { nowMs: autumnMs }).values)).toBe('2026-10-28');
    expect(whenText(parse('heute um 2:30', { nowMs: springMs }).values)).toBe('2026-03-29 02:30');
  });

  test('today is the day of the zone, not of Greenwich', () => {
    const lateMs = Date.parse('2026-11-25T23:30:00Z');
    expect(parse('heute', { nowMs: lateMs }).values.dueDate).toBe('2026-11-26');
    expect(parse('today', { nowMs: lateMs, timeZone: 'America/Los_Angeles' }).values.dueDate).toBe('2026-11-25');
    expect(parse('tomorrow', { nowMs: lateMs, timeZone: 'Pacific/Kiritimati' }).values.dueDate).toBe('2026-11-27');
  });
});

describe('a text that is a date', () => {
  const where = { nowMs, timeZone: 'Europe/Berlin', language: 'en' as const };
  test('is read whole', () => {
    expect(parseWhen('in 5 days', { ...where, readDates })).toEqual({ dueDate: '2026-11-30', dueTime: null });
    expect(parseWhen('4 Jan', { ...where, readDates })).toEqual({ dueDate: '2027-01-04', dueTime: null });
    expect(parseWhen('2016-01-04', { ...where, readDates })).toEqual({ dueDate: '2016-01-04', dueTime: null });
    expect(parseWhen('tomorrow at 10:00', { ...where, readDates })).toEqual({ dueDate: '2026-11-26', dueTime: '10:00' });
  });
  test('is nothing when more is said', () => {
    expect(parseWhen('every day', { ...where, readDates })).toBeUndefined();
    expect(parseWhen('every 3 days starting 4 Jan', { ...where, readDates })).toBeUndefined();
    expect(parseWhen('', { ...where, readDates })).toBeUndefined();
  });
});

test('a dismissed part stays dismissed while the text around it is edited, and not when it is edited itself', () => {
  const spans = [{ start: 5, end: 11 }];
  expect(moveSpans(spans, 'Tee, morgen', 'Kaffee, morgen')).toEqual([{ start: 8, end: 14 }]);
  expect(moveSpans(spans, 'Tee, morgen', 'Tee, morgen!')).toEqual(spans);
  expect(moveSpans(spans, 'Tee, morgen', 'Tee, mogen')).toEqual([]);
});
