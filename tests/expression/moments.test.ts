import { expect, test } from 'vitest';
import { compileExpression, type Environment } from '../../engine/expression/index.ts';

const now = Date.parse('2026-03-10T12:00:00Z');
const utc: Environment = { now, random: () => 0 };
const moscow: Environment = { ...utc, timeZone: 'Europe/Moscow' };
const berlin: Environment = { ...utc, timeZone: 'Europe/Berlin' };
const evaluate = (source: string, env = utc, input: unknown = {}): unknown => compileExpression(source).evaluate(input, env);

test.each<[string, unknown]>([
  ['$daysSince("2026-03-10")', 0],
  ['$daysSince("2026-03-09")', 1],
  ['$daysSince("2026-03-09T13:00:00Z")', 0],
  ['$daysSince("2026-03-09T13:00:00+03:00")', 1],
  ['$daysSince("2026-03-09T13:00:00+0300")', 1],
  ['$daysSince("2026-03-09 11:00")', 1],
  ['$daysSince("2026-03-11")', -1],
  ['$hoursSince("2026-03-10T10:30:00Z")', 1],
  ['$hoursSince("2026-03-10")', 12],
  ['$minutesSince("2026-03-10T11:30:30Z")', 29],
  ['$minutesSince("2026-03-10T12:00:30Z")', -1],
  ['$daysUntil("2026-03-20")', 9],
  ['$daysUntil("2026-03-10T12:00:00Z")', 0],
  ['$daysUntil("2026-03-10T11:00:00Z")', -1],
  ['$daysSince(missing)', undefined],
  ['$daysUntil(missing)', undefined],
  ['due.$daysSince()', 9],
])('whole time since or until a moment: %s', (source, result) => {
  expect(evaluate(source, utc, { due: '2026-03-01' })).toBe(result);
});

test('what names no offset is meant in the zone of the environment', () => {
  expect(evaluate('$hoursSince("2026-03-10")', moscow)).toBe(15);
  expect(evaluate('$hoursSince("2026-03-10T12:00")', moscow)).toBe(3);
  expect(evaluate('$hoursSince("2026-03-10T12:00:00Z")', moscow)).toBe(0);
});

test.each<[string, Environment, unknown]>([
  ['$addDays("2026-02-27", 2)', utc, '2026-03-01'],
  ['$addDays("2024-02-28", 1)', utc, '2024-02-29'],
  ['$addDays("2026-03-01", -1)', utc, '2026-02-28'],
  ['$addDays("2026-03-10T09:30:00Z", 1.9)', utc, '2026-03-11T09:30:00.000Z'],
  ['$addDays("2026-03-28T12:00:00Z", 1)', berlin, '2026-03-29T11:00:00.000Z'],
  ['$addDays("2026-03-28T12:00:00Z", 1)', moscow, '2026-03-29T12:00:00.000Z'],
  ['$addDays(missing, 1)', utc, undefined],
  ['$addDays("2026-03-10", missing)', utc, undefined],
])('days are days of the calendar: %s', (source, env, result) => {
  expect(evaluate(source, env)).toBe(result);
});

test.each<[string, Environment, unknown]>([
  ['$startOf("day", "2026-03-10T12:34:56Z")', utc, '2026-03-10T00:00:00.000Z'],
  ['$startOf("day", "2026-03-10T22:00:00Z")', moscow, '2026-03-10T21:00:00.000Z'],
  ['$startOf("week", "2026-03-10T12:00:00Z")', moscow, '2026-03-08T21:00:00.000Z'],
  ['$startOf("week", "2026-03-08")', moscow, '2026-03-02'],
  ['$startOf("month", "2026-03-10T12:00:00Z")', utc, '2026-03-01T00:00:00.000Z'],
  ['$startOf("month", "2026-03-31")', utc, '2026-03-01'],
  ['$startOf("quarter", "2026-06-30")', utc, '2026-04-01'],
  ['$startOf("quarter", "2026-12-01")', utc, '2026-10-01'],
  ['$startOf("year", "2026-12-31T22:00:00Z")', moscow, '2026-12-31T21:00:00.000Z'],
  ['$startOf("day", "2026-03-29T12:00:00Z")', berlin, '2026-03-28T23:00:00.000Z'],
  ['$startOf("day", missing)', utc, undefined],
])('a unit begins in the zone of the environment: %s', (source, env, result) => {
  expect(evaluate(source, env)).toBe(result);
});

test.each<[string, Environment, unknown]>([
  ['$weekday("2026-03-09")', utc, 1],
  ['$weekday("2026-03-08")', utc, 7],
  ['$weekday("2026-03-08T22:00:00Z")', utc, 7],
  ['$weekday("2026-03-08T22:00:00Z")', moscow, 1],
  ['$localTime("2026-03-10T12:05:59Z")', utc, '12:05'],
  ['$localTime("2026-03-10T12:05:59Z")', moscow, '15:05'],
  ['$localTime("2026-03-10T12:05:59Z", "Asia/Kolkata")', moscow, '17:35'],
  ['$localTime("2026-03-10")', moscow, '00:00'],
  ['$localDate("2026-03-10T22:00:00Z")', moscow, '2026-03-11'],
  ['$localDate("2026-03-11T02:00:00Z", "America/New_York")', moscow, '2026-03-10'],
  ['$map(["2026-03-09", "2026-03-10"], $localDate)', moscow, ['2026-03-09', '2026-03-10']],
  ['$weekday(missing)', utc, undefined],
  ['$localTime(missing)', utc, undefined],
  ['$localDate(missing)', utc, undefined],
])('a moment on the calendar and the clock of a zone: %s', (source, env, result) => {
  expect(evaluate(source, env)).toEqual(result);
});

test.each(['yesterday', '2026-13-01', '2026-02-30', '2026-03-10T24:30', '10.03.2026', '', '0000-01-01', '-000001-01-01'])(
  'a text that is no date is an error: %j',
  (text) => {
    expect(() => evaluate('$daysSince(text)', utc, { text })).toThrow('D3110');
    expect(() => evaluate('$localDate(text)', moscow, { text })).toThrow('D3110');
  },
);

test.each<[string, string]>([
  ['$localTime("2026-03-10T12:00:00Z", "Mars/Base")', 'D4001'],
  ['$startOf("decade", "2026-03-10")', 'D4004'],
  ['$startOf("constructor", "2026-03-10")', 'D4004'],
  ['$addDays("2026-03-10", 1e9)', 'D4003'],
  ['$addDays("2026-03-10T12:00:00Z", -1e9)', 'D4003'],
  ['$addDays("0001-01-01", -1)', 'D4003'],
  ['$daysSince(5)', 'T0410'],
])('what cannot be is an error: %s', (source, code) => {
  expect(() => evaluate(source)).toThrow(code);
});

test('a zone of the environment that does not exist is told, not taken for a budget', () => {
  const mars = { ...utc, timeZone: 'Mars/Base' };
  for (const source of ['$daysSince("2026-03-10")', '$weekday("2026-03-10T12:00:00Z")', '$startOf("day", "2026-03-10T12:00:00Z")'])
    expect(() => evaluate(source, mars)).toThrow('D4001: there is no time zone "Mars/Base"');
});
