import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Author } from '../../engine/store/schema.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { openTerminal, type Terminal } from './support.ts';

const BOSS: Author = { kind: 'person', id: 'boss' };
const OFFICE = [
  ['09:00', '13:00'],
  ['14:00', '18:00'],
];

let terminal: Terminal;
let olga: string;
const takt = (...argv: string[]) => terminal.takt(...argv);

async function create(entity: string, data: JsonObject): Promise<string> {
  const done = await terminal.bench.engine.intake.submitOne({ kind: 'create', entity, data, onExisting: 'error' }, BOSS);
  if (done.kind !== 'record') throw new Error('It is no record.');
  return done.record.id;
}

beforeAll(async () => {
  terminal = await openTerminal();
  const russia = await create('calendar', {
    name: 'Russia',
    key: 'ru',
    hours: {
      holidays: ['2027-03-08'],
      special_days: { '2027-03-05': { shorter: 60 }, '2027-03-13': { like: 'mon' } },
    },
  });
  const sales = await create('calendar', {
    name: 'Sales',
    key: 'sales',
    based_on: russia,
    hours: {
      timezone: 'Europe/Moscow',
      days: { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: [['10:00', '15:00']] },
      special_days: { '2027-03-31': [['09:00', '12:30']] },
    },
  });
  olga = await create('user', { name: 'Olga', key: 'olga', time_zone: 'Asia/Vladivostok' });
  await create('user', { name: 'Ivan', key: 'ivan' });
  await create('team', { name: 'Sales', members: [olga], calendar: sales });
});
afterAll(() => terminal.close());

describe('takt calendar show', () => {
  it('tells where the hours come from, the week, and why days are not as their weekday', async () => {
    const { code, out } = await takt('calendar', 'show', 'sales', '--month', '2027-03');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^hours +Sales \(sales\)\nbased on +Russia\nzone +Europe\/Moscow\nweek +Mon–Fri 09:00–13:00, 14:00–18:00; Sat 10:00–15:00\n/,
    );
    expect(out).toContain('2027-03: 26 working days, 193 h 30 min');
    expect(out).toMatch(/Fri +2027-03-05 +09:00–13:00, 14:00–17:00 +7 h +60 min shorter \(Russia\)/);
    expect(out).toMatch(/Mon +2027-03-08 +– +holiday \(Russia\)/);
    expect(out).toMatch(/Sat +2027-03-13 +09:00–13:00, 14:00–18:00 +8 h +as a Mon \(Russia\)/);
    expect(out).toMatch(/Wed +2027-03-31 +09:00–12:30 +3 h 30 min +hours of its own \(Sales\)/);
    expect(out).toMatch(/Sun +2027-03-14 +–\n/);
  });

  it('finds the hours of a person by key or id, on the clock of their own zone, or another that is asked for', async () => {
    for (const which of ['olga', olga]) {
      const { out } = await takt('calendar', 'show', which, '--month', '2027-03', '--json');
      expect(JSON.parse(out)).toMatchObject({
        by: 'team',
        user: { name: 'Olga', key: 'olga' },
        team: { name: 'Sales' },
        calendars: [{ name: 'Sales' }, { name: 'Russia' }],
        zone: 'Asia/Vladivostok',
        zoneFrom: 'person',
        workingDays: 26,
        workingMinutes: 11_610,
      });
    }
    const { out } = await takt('calendar', 'show', 'olga', '--zone', 'Asia/Kolkata');
    expect(out).toMatch(/^person +Olga\nhours +Sales \(sales\), the calendar of the team Sales\n/);
    expect(out).toContain('Asia/Kolkata, as asked');
  });

  it('says that there is none for whom office hours count', async () => {
    expect((await takt('calendar', 'show', 'ivan')).out).toMatch(
      /office hours: neither the person nor a team nor the company has a calendar\n/,
    );
    expect((await takt('calendar', 'show', 'company')).out).toMatch(/office hours: the company has no calendar\nzone +UTC here;/);
  });

  it('refuses what is no calendar, no month and no zone', async () => {
    const unknown = await takt('calendar', 'show', 'nights');
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('[CALENDAR_UNKNOWN]')]);
    expect(unknown.err).not.toContain('/params');
    expect((await takt('calendar', 'show', 'sales', '--month', '2027-13')).code).toBe(2);
    expect((await takt('calendar', 'show', 'sales', '--zone', 'Mars/Base')).err).toContain('[TIMEZONE_UNKNOWN]');
  });
});

describe('takt calendar holidays', () => {
  const calendar = async (key: string) => (await terminal.bench.engine.records.byKey('calendar', key)) ?? {};

  it('writes them into a calendar that is made for them, once', async () => {
    const dry = await takt('calendar', 'holidays', 'IN', '--year', '2027', '--dry-run');
    expect(dry.out).toContain('The calendar India (in) would be made: 6 new, 0 there already, 0 that special days overrule.');
    expect(await calendar('in')).toEqual({});
    const { code, out } = await takt('calendar', 'holidays', 'in', '--year', '2027');
    expect(code).toBe(0);
    expect(out).toMatch(/2027-01-26 +Tue +Republic Day +new\n/);
    expect(out).toContain('The calendar India (in) is made: 6 new');
    const made = await calendar('in');
    expect(made).toMatchObject({ name: 'India', version: 1 });
    expect(made).toHaveProperty('hours.holidays.length', 6);
    expect((await takt('calendar', 'holidays', 'in', '--year', '2027')).out).toContain('stays as it is: 0 new, 6 there already');
    expect(await calendar('in')).toEqual(made);
  });

  it('adds to a calendar, keeps what an admin has put there, and says which days it overrules', async () => {
    const { out } = await takt('calendar', 'holidays', 'ru', '--year', '2027', '--into', 'sales', '--language', 'ru', '--json');
    expect(JSON.parse(out)).toMatchObject({ place: 'Russia', written: true, op: 'updated', name: 'Sales' });
    expect(JSON.parse(out).days[0]).toEqual({ date: '2027-01-01', name: 'Новый год', state: 'new' });
    expect(await calendar('sales')).toMatchObject({
      hours: { timezone: 'Europe/Moscow', days: { sat: [['10:00', '15:00']] }, special_days: { '2027-03-31': [['09:00', '12:30']] } },
    });
    await create('calendar', { name: 'Own', key: 'own', hours: { special_days: { '2027-02-23': [['10:00', '14:00']] } } });
    const own = await takt('calendar', 'holidays', 'ru', '--year', '2027', '--into', 'own');
    expect(own.out).toMatch(/2027-02-23 .* a special day says otherwise\n/);
    expect(own.out).toContain('is changed: 13 new, 0 there already, 1 that special days overrule.');
    expect(own.out).toMatch(/Public data lacks what a government moves for one year.* correct it by hand .*\n$/);
  });

  it('refuses what is no country, and asks for a year', async () => {
    expect((await takt('calendar', 'holidays', 'xx', '--year', '2027')).err).toContain('[HOLIDAYS_PLACE]');
    expect((await takt('calendar', 'holidays', 'russia', '--year', '2027')).code).toBe(2);
    expect((await takt('calendar', 'holidays', 'ru')).code).toBe(2);
  });
});
