import type { Calendar } from '../../../schemas/calendar.ts';
import { asTaktError, type TaktError } from '../../errors/index.ts';
import type { Random } from '../../ports/random.ts';
import { parseDuration } from '../../time/duration.ts';
import { readCalendar, type WorkingCalendar } from '../../time/working-calendar.ts';
import { addWorkingTime } from '../../time/working-time.ts';
import { under } from '../place.ts';

export interface WrittenDelay {
  after?: string | [string, string];
  spread?: 'even' | 'log';
  hours?: Calendar;
}

/** The moment after a drawn delay, milliseconds since the epoch. */
export type Delay = (from: number, random: Random) => number;

/** @param problems gets what is wrong with the calendar */
export function compileDelay({ after = 'PT0S', spread = 'even', hours }: WrittenDelay, pointer: string, problems: TaktError[]): Delay {
  const [least, most] = (typeof after === 'string' ? [after, after] : after).map(parseDuration).sort((a, b) => a - b);
  const calendar = hours && compileHours(hours, `${pointer}/hours`, problems);
  return (from, random) => {
    const delay = draw(least ?? 0, most ?? 0, spread, random.next());
    return calendar ? addWorkingTime(calendar, from, delay) : from + delay;
  };
}

/** On the logarithmic scale nothing can be shorter than a second: it has no zero. */
function draw(least: number, most: number, spread: 'even' | 'log', chance: number): number {
  if (spread === 'even') return Math.round(least + (most - least) * chance);
  const [low, high] = [Math.max(1_000, least), Math.max(1_000, most)];
  return Math.round(low * (high / low) ** chance);
}

/** Working hours; without a zone they are meant in UTC. */
export function compileHours(hours: Calendar, pointer: string, problems: TaktError[]): WorkingCalendar | undefined {
  try {
    return readCalendar(hours, 'UTC');
  } catch (error) {
    problems.push(under(pointer, asTaktError(error)));
    return undefined;
  }
}
