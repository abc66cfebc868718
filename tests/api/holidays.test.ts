/** Holidays of years that are fixed: the data come with the package, nothing is asked of the network. */
import { describe, expect, it, test } from 'vitest';
import { type HolidayPlace, publicHolidays } from '../../api/calendars/holidays.ts';

const datesOf = async (place: HolidayPlace, year: number, years = 1): Promise<string[]> =>
  (await publicHolidays(place, [year, years])).days.map(({ date }) => date);

test('the holidays of a country are all their days, in order, named in its language or another', async () => {
  const russia = await publicHolidays({ country: 'ru' }, [2027, 1]);
  expect(russia.place).toBe('Russia');
  expect(russia.days.map(({ date }) => date)).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((day) => `2027-01-0${day}`),
    '2027-02-23',
    '2027-03-08',
    '2027-05-01',
    '2027-05-09',
    '2027-06-12',
    '2027-11-04',
  ]);
  expect(russia.days[0]?.name).toBe('Новый год');
  const english = await publicHolidays({ country: 'RU', language: 'en' }, [2027, 1]);
  expect(english.days[8]?.name).toBe('Defender of the Fatherland Day');
});

test('a region has more of them than its country', async () => {
  const [germany, bavaria] = [await datesOf({ country: 'de' }, 2027), await datesOf({ country: 'de', region: 'by' }, 2027)];
  expect(bavaria.filter((date) => !germany.includes(date))).toEqual(['2027-01-06', '2027-05-27', '2027-11-01']);
  expect(await datesOf({ country: 'de', region: 'by-a' }, 2027)).toContain('2027-08-08');
  expect((await publicHolidays({ country: 'de', region: 'BY-A' }, [2027, 1])).place).toBe('Germany, Bayern, Stadt Augsburg');
});

test('feasts that begin with the evening before are their days, several that last for days all of them', async () => {
  const turkey = await datesOf({ country: 'tr' }, 2027);
  expect(turkey.filter((date) => date.startsWith('2027-03'))).toEqual(['2027-03-09', '2027-03-10', '2027-03-11']);
  expect(turkey.filter((date) => date.startsWith('2027-05'))).toEqual([
    '2027-05-01',
    '2027-05-16',
    '2027-05-17',
    '2027-05-18',
    '2027-05-19',
  ]);
});

test('several years come one after the other', async () => {
  const dates = await datesOf({ country: 'in' }, 2027, 3);
  expect(dates.filter((date) => date.endsWith('-08-15'))).toEqual(['2027-08-15', '2028-08-15', '2029-08-15']);
  expect(dates).toEqual([...dates].sort());
});

describe('what is not there', () => {
  it.each<[string, HolidayPlace, string, string]>([
    ['a country', { country: 'xx' }, 'HOLIDAYS_PLACE', 'There is no country "xx".'],
    ['a region', { country: 'de', region: 'zz' }, 'HOLIDAYS_PLACE', 'There is no region of DE "zz".'],
    ['a region of a country without any', { country: 'ru', region: 'mow' }, 'HOLIDAYS_PLACE', 'There is no region of RU "mow".'],
    ['a language', { country: 'de', language: 'ru' }, 'HOLIDAYS_LANGUAGE', 'The holidays of DE have no names in "ru".'],
  ])('%s is told with what there is', async (_, place, code, message) => {
    await expect(publicHolidays(place, [2027, 1])).rejects.toMatchObject({
      code,
      message,
      hint: expect.stringMatching(/^(There are|Leave)/),
    });
  });
});
