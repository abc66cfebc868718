/** Moments that a trigger makes itself. They are kept as the data of its timer, and read from there when it is due. */
import { type Static, Type } from 'typebox';
import type { JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import { checker } from '../schema/checker.ts';
import { Recurrence } from '../time/recurrence.ts';

export const Schedule = Type.Union([
  Type.Object({
    kind: Type.Literal('recurrence'),
    recurrence: Recurrence,
    missed: Type.Union([Type.Literal('once'), Type.Literal('never')]),
  }),
  /** As soon as that workflow has started no run for so long, milliseconds. */
  Type.Object({ kind: Type.Literal('idle'), workflow: Type.String(), forMs: Type.Number() }),
]);

/** Each of its moments becomes an event `schedule.fired` on the topic `workflow/node`. */
export type Schedule = Static<typeof Schedule>;

const fits = checker<Schedule>(() => Schedule, { allErrors: false });

/** The schedule that the data of a timer hold. Throws TaktError TIMER_INVALID. */
export function readSchedule(data: JsonObject): Schedule {
  if (fits(data)) return data;
  const [problem] = fits.problems();
  throw new TaktError('TIMER_INVALID', { message: `The data of the timer: ${problem?.pointer || '/'} ${problem?.message}` });
}
