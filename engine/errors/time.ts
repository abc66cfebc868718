import type { ErrorEntry } from './types.ts';

export const timeErrors = {
  CALENDAR_INVALID: {
    status: 422,
    title: 'The calendar of working time cannot be used',
    hint: 'Write { "timezone": "Europe/Moscow", "days": { "mon": [["09:00", "18:00"]] }, "holidays": ["2027-01-01"] }.',
  },
  CALENDAR_UNKNOWN: {
    status: 422,
    title: 'There is no such calendar',
    hint: 'Give the key or id of a calendar, the id of a user, `owner` or `company`.',
  },
  CALENDAR_CIRCLE: {
    status: 422,
    title: 'A calendar is based on itself',
    hint: 'Change what it, or one of those that it is based on, says in `based_on`.',
  },
  CALENDAR_WITHOUT_HOURS: {
    status: 422,
    title: 'The calendar has no working hour within a year',
    hint: 'Give one of its weekdays hours, or correct its special days; see what it says with `takt calendar show`.',
  },
  WORKING_TIME_FAR: {
    status: 422,
    title: 'The working time reaches too far',
    hint: 'Working time is counted over at most 100 years, between 1900 and 9999; check the dates and the holidays.',
  },
  TIMER_INVALID: {
    status: 500,
    title: 'A timer does not say what is to be done when it is due',
    hint: 'Pause its workflow and let it go on: that makes its timers anew.',
  },
} as const satisfies Record<string, ErrorEntry>;
