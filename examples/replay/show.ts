/** The comparison for a terminal. */
import type { Comparison } from './compare.ts';

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
const minutes = (value: number): string => (value < 120 ? `${value.toFixed(0)} min` : `${(value / 60).toFixed(1)} h`);

export function headline({ tickets, people, groups, visits, seconds }: Comparison): string {
  return (
    `${tickets} tickets, ${people} people, ${groups} groups. ${visits.all} times a ticket came to a group; replayed are the ${visits.replayed} ` +
    `on which the group put a name (${visits.kept} kept an earlier one, ${visits.without_name} got none). ${seconds.toFixed(0)} seconds.\n`
  );
}

export function rows({ real, takt }: Comparison): string[][] {
  const row = (title: string, told: (measures: Comparison['real']) => string): string[] => [title, told(real), told(takt)];
  return [
    row('opened until the first name, median', (one) => minutes(one.opened_median_minutes)),
    row('opened until the first name, 95 of 100', (one) => minutes(one.opened_p95_minutes)),
    row('until a name is on it, median', (one) => minutes(one.wait_median_minutes)),
    row('until a name is on it, 95 of 100', (one) => minutes(one.wait_p95_minutes)),
    row('within a minute', (one) => percent(one.within_minute_share)),
    row('no name ever', (one) => String(one.without_name)),
    row('variation of a group on a day, median', (one) => percent(one.cv_group_day_median)),
    row('variation of a group on a day, mean', (one) => percent(one.cv_group_day_mean)),
    row('variation within a group, median', (one) => percent(one.cv_group_median)),
    row('variation of all people', (one) => percent(one.cv_people)),
    row('passed on to another group', (one) => String(one.passed_on)),
    row('given to somebody else in the group', (one) => String(one.reassigned)),
  ];
}
