/** The simulation script: what the shop adds to a lead, and how its people behave. */
import type { Calendar } from '../../../schemas/calendar.ts';
import type { SimulationScript } from '../../../schemas/simulation.ts';
import { within } from '../hours.ts';
import type { Person } from '../people.ts';

/**
 * Each person calls in their own hours; lunch, free days and leave do not count. Most calls are made soon, some have to wait. How long it
 * takes does not depend on how much somebody has to do.
 */
export function scriptOf(start: string, seed: number, people: readonly Person[], days: readonly string[]): SimulationScript {
  return {
    note: 'A shop for welding equipment: how its people answer. Its leads are in events.jsonl.',
    start,
    seed,
    entities: { lead: { fields: { answer_by: { type: 'date_time', title: 'First answer by' } } } },
    behaviour: people.map((person) => {
      const hours = withoutLeave(person, days);
      return {
        note: person.name,
        on: { task: { kind: 'call', owner: `@${person.as}` } },
        do: [
          { complete: true, p: 0.95, after: ['PT1M', 'PT20M'], spread: 'log', hours, data: { outcome: 'Reached' } },
          { complete: true, after: ['PT30M', 'PT5H'], hours, data: { outcome: 'Reached at last' } },
        ],
      };
    }),
  };
}

/** A script has no leave; its days are holidays of that person. */
function withoutLeave({ calendar, leave }: Person, days: readonly string[]): Calendar {
  const away = leave ? days.filter((day) => within(leave, day)) : [];
  return { ...calendar, holidays: [...(calendar.holidays ?? []), ...away] };
}
