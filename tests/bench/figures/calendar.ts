/** Moments by working hours, as waits, due dates and assignments ask for them. */
import { readCalendar, type WorkingCalendar } from '../../../engine/time/working-calendar.ts';
import { addWorkingTime } from '../../../engine/time/working-time.ts';
import { type Benchmark, figure, median, times } from '../figure.ts';

const DAY = 86_400_000;
const HALF_HOUR = 1_800_000;
const START = Date.UTC(2026, 0);
const ADDITIONS = 200_000;
/** Two blocks a day, 150 holidays over ten years, and clocks that are moved twice a year. */
const OFFICE: [string, string][] = [
  ['09:00', '13:00'],
  ['14:00', '18:00'],
];
const CALENDAR = {
  timezone: 'Europe/Berlin',
  days: { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE },
  holidays: Array.from({ length: 150 }, (_, i) => new Date(START + i * 24 * DAY).toISOString().slice(0, 10)),
};

/** Additions a second: half an hour to forty hours, from moments all over ten years. */
function rate(working: WorkingCalendar): number {
  let kept = 0;
  const begun = performance.now();
  for (let i = 0; i < ADDITIONS; i++)
    kept += addWorkingTime(working, START + ((i * 7_919) % 3_600) * DAY + i, (1 + (i % 80)) * HALF_HOUR) % 2;
  const ms = performance.now() - begun;
  if (Number.isNaN(kept)) throw new Error('The calendar gave nothing.');
  return (ADDITIONS * 1_000) / ms;
}

export const calendar: readonly Benchmark[] = [
  {
    names: ['calendar_per_s'],
    async run(_bed, { rounds }, say) {
      const working = readCalendar(CALENDAR, 'UTC');
      // The first round is for the compiler.
      const rates = await times(rounds + 1, async () => rate(working));
      const value = median(rates.slice(1));
      say(`${Math.round(value)} additions of working time a second`);
      return [figure('calendar_per_s', value, 'additions/s')];
    },
  },
];
