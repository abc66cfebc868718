/** The parts of a moment, all in UTC, named by the letters of date pictures. */

export const DAYS = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const DAY = 86_400_000;
const WEEK = 7 * DAY;

/** Monday is 1, Sunday 7. */
function weekday(millis: number): number {
  return new Date(millis).getUTCDay() || 7;
}

/** The Monday of week 1 of a month or, with month 0, of a year: the week that has the first Thursday (ISO 8601). Months may run over. */
function firstWeek(year: number, month: number): number {
  const first = Date.UTC(year, month);
  const day = weekday(first);
  return day > 4 ? first + (8 - day) * DAY : first - (day - 1) * DAY;
}

/** The number of the week that a day is in, where weeks begin at `start` and the next count at `next`. */
function weekNumber(day: number, previous: number, start: number, next: number): number {
  if (day < start) return Math.floor((day - previous) / WEEK) + 1;
  return day >= next ? 1 : Math.floor((day - start) / WEEK) + 1;
}

/** A numeric part: Y M D d F W w X x H h m s f; P is 0 for am and 1 for pm. Undefined for letters without a number. */
export function partOf(date: Date, component: string): number | undefined {
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  const day = Date.UTC(year, month, date.getUTCDate());
  switch (component) {
    case 'Y':
      return year;
    case 'M':
      return month + 1;
    case 'D':
      return date.getUTCDate();
    case 'd':
      return (day - Date.UTC(year, 0)) / DAY + 1;
    case 'F':
      return weekday(day);
    case 'W':
      return weekNumber(day, firstWeek(year - 1, 0), firstWeek(year, 0), firstWeek(year + 1, 0));
    case 'w':
      return weekNumber(day, firstWeek(year, month - 1), firstWeek(year, month), firstWeek(year, month + 1));
    case 'X':
      return day < firstWeek(year, 0) ? year - 1 : day >= firstWeek(year + 1, 0) ? year + 1 : year;
    case 'x':
      return ((day < firstWeek(year, month) ? month + 11 : day >= firstWeek(year, month + 1) ? month + 1 : month) % 12) + 1;
    case 'H':
      return date.getUTCHours();
    case 'h':
      return date.getUTCHours() % 12 || 12;
    case 'P':
      return date.getUTCHours() >= 12 ? 1 : 0;
    case 'm':
      return date.getUTCMinutes();
    case 's':
      return date.getUTCSeconds();
    case 'f':
      return date.getUTCMilliseconds();
    default:
      return undefined;
  }
}
