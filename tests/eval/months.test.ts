import { expect, test } from 'vitest';
import { monthsOf } from './months.ts';

test('a month begins where its name changes, a year where it goes back', () => {
  expect(monthsOf(['nov', 'nov', 'dec', 'mar', 'mar', 'mar', 'feb'], 2008)).toEqual([
    { name: '2008-11', from: 0, to: 2 },
    { name: '2008-12', from: 2, to: 3 },
    { name: '2009-03', from: 3, to: 6 },
    { name: '2010-02', from: 6, to: 7 },
  ]);
  expect(monthsOf([], 2008)).toEqual([]);
});

test('another name is told with its row', () => {
  expect(() => monthsOf(['nov', 'Nov.'], 2008)).toThrow('"Nov." in row 2 is no month.');
});
