import type { Json } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import { readCalendar } from '../time/working-calendar.ts';
import { refuse, type Site } from './site.ts';
import { structured } from './structured.ts';

/** Working hours that can be used: see `readCalendar`. */
export function calendar(value: Json, site: Site): Json | undefined {
  const kept = structured(value, site);
  if (kept === undefined) return undefined;
  try {
    readCalendar(kept, 'UTC');
    return kept;
  } catch (thrown) {
    if (!(thrown instanceof TaktError)) throw thrown;
    return refuse({ ...site, pointer: site.pointer + (thrown.place.pointer ?? '') }, thrown.message, thrown.hint, 'CALENDAR_INVALID');
  }
}
