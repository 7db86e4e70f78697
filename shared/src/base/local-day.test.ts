import { expect, test } from 'bun:test';
import { addDays, dayOf, daysBetween, localMoment, weekdayOf } from './local-day.ts';

test('a moment has the day and time of its zone', () => {
  const nowMs = Date.parse('2026-11-25T23:30:00Z');
  expect(localMoment(nowMs, 'Europe/Berlin')).toEqual({ day: '2026-11-26', time: '00:30' });
  expect(localMoment(nowMs, 'America/Los_Angeles')).toEqual({ day: '2026-11-25', time: '15:30' });
  expect(localMoment(Date.parse('2026-11-25T23:00:00Z'), 'Europe/Berlin').time).toBe('00:00');
});

test('days are counted on the calendar, across clock changes, months and leap days', () => {
  expect(addDays('2026-03-28', 1)).toBe('2026-03-29');
  expect(addDays('2026-03-29', 1)).toBe('2026-03-30');
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
  expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
  expect(daysBetween('2027-01-01', '2026-12-31')).toBe(-1);
});

test('weeks begin on Monday', () => {
  expect(weekdayOf('2026-11-23')).toBe(0);
  expect(weekdayOf('2026-11-29')).toBe(6);
});

test('a date that no calendar has is none', () => {
  expect(dayOf(2026, 2, 29)).toBeUndefined();
  expect(dayOf(2028, 2, 29)).toBe('2028-02-29');
  expect(dayOf(2026, 13, 1)).toBeUndefined();
});
