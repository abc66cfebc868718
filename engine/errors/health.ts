import type { ErrorEntry } from './types.ts';

/** What `/health` says of work that is late or stands still. What is wrong with the database is among the codes of the store. */
export const healthErrors = {
  RUNS_LATE: {
    status: 503,
    title: 'Runs wait longer than they should',
    hint: 'If the number falls, wait. If not, see which workflow they are of (takt runs --status active), pause it, or start more servers on the same DATABASE_URL.',
  },
  WORKER_MISSING: {
    status: 503,
    title: 'Runs are late, and this process carries none out',
    hint: 'No worker runs on this database, or too few do: start one (takt worker).',
  },
  EFFECTS_LATE: {
    status: 503,
    title: 'Effects wait longer than they should',
    hint: 'See takt effects and the log for what keeps the dispatcher; start a server where none runs.',
  },
  PART_STUCK: {
    status: 503,
    title: 'A part of the server stands still',
    hint: 'See what it waits for: select pid, state, wait_event, query from pg_stat_activity. A restart of Takt loses nothing.',
  },
  PART_FAILING: {
    status: 503,
    title: 'A part of the server fails again and again',
    hint: 'See the log for the cause. Nothing is lost; what is due stays due.',
  },
} as const satisfies Record<string, ErrorEntry>;
