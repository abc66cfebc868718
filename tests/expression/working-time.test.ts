import { expect, test } from 'vitest';
import { compileExpression, type Environment } from '../../engine/expression/index.ts';
import { refusal } from '../support/refusal.ts';

const env: Environment = { now: Date.parse('2026-03-10T12:00:00Z'), random: () => 0, timeZone: 'Europe/Moscow' };
const input = {
  shop: {
    timezone: 'Europe/Berlin',
    days: {
      mon: [
        ['09:00', '13:00'],
        ['14:00', '18:00'],
      ],
      tue: [['09:00', '18:00']],
    },
    holidays: ['2026-03-09'],
  },
};
const evaluate = (source: string, surroundings = env): unknown => compileExpression(source).evaluate(input, surroundings);

test.each<[string, unknown]>([
  ['$workingHoursSince("2026-03-10T10:30:00Z")', 1],
  ['$workingMinutesSince("2026-03-10T10:30:00Z")', 90],
  ['$workingHoursSince("2026-03-06T14:00:00Z")', 16],
  ['$workingHoursSince("2026-03-11T12:00:00Z")', -9],
  ['$workingDaysSince("2026-03-06T14:00:00Z")', 2],
  ['$workingDaysSince("2026-03-06")', 2],
  ['$workingDaysSince("2026-03-10")', 0],
  ['$addWorkingHours("2026-03-06T14:00:00Z", 1.5)', '2026-03-09T06:30:00.000Z'],
  ['$addWorkingHours("2026-03-09T06:30:00Z", -1.5)', '2026-03-06T14:00:00.000Z'],
  ['$workingHoursSince(missing)', undefined],
  ['$workingDaysSince(missing)', undefined],
  ['$addWorkingHours("2026-03-06", missing)', undefined],
])('without a calendar it is Monday to Friday, nine to six, in the zone of the environment: %s', (source, result) => {
  expect(evaluate(source)).toBe(result);
});

test.each<[string, unknown]>([
  ['$workingHoursSince("2026-03-09T00:00:00Z", shop)', 4],
  ['$workingDaysSince("2026-03-03", shop)', 1],
  ['$addWorkingHours("2026-03-02T11:30:00Z", 1, shop)', '2026-03-02T13:30:00.000Z'],
  ['$addWorkingHours("2026-03-06T12:00:00Z", 1, shop)', '2026-03-10T09:00:00.000Z'],
  ['$workingHoursSince("2026-03-10T00:00:00", {"timezone": "Asia/Tokyo"})', 9],
  ['$workingHoursSince("2026-03-08T00:00:00Z", {"days": {"sun": [["00:00", "24:00"]]}})', 21],
  ['$map(["2026-03-09", "2026-03-10"], $workingDaysSince)', [1, 0]],
])('a calendar says otherwise: %s', (source, result) => {
  expect(evaluate(source)).toEqual(result);
});

test.each<[string, string]>([
  ['{"days": {}}', 'no working hour'],
  ['{"days": {"mon": [["18:00", "09:00"]]}}', '/days/mon/0'],
  ['{"holidays": ["tomorrow"]}', '/holidays/0'],
  ['{"timezone": "Mars/Base"}', 'Mars/Base'],
  ['{"zone": "UTC"}', '/zone'],
  ['{"days": function() { 1 }}', '/days'],
  ['{"holidays": {"length": 1e9}}', '/holidays'],
])('a calendar that cannot be used is an error that says where: %s', (calendar, words) => {
  const error = refusal(() => evaluate(`$workingHoursSince("2026-03-10T10:30:00Z", ${calendar})`));
  expect(error.code).toBe('EXPR_RUNTIME');
  expect(error.message).toMatch(/^D4002: the calendar given to \$workingHoursSince: /);
  expect(error.message).toContain(words);
  expect(error.cause).toBeInstanceOf(Error);
});

test('a calendar is asked for as an object', () => {
  expect(refusal(() => evaluate('$workingHoursSince("2026-03-10", "office")')).message).toContain('T0410');
});

test('what reaches too far is an error', () => {
  expect(refusal(() => evaluate('$addWorkingHours("2026-03-10", 1e7)')).message).toContain('D4003');
  expect(refusal(() => evaluate('$workingHoursSince("1901-01-01")')).message).toContain('D4003');
});
