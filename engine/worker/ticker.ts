import { schedule } from 'node-cron';

/**
 * A tick a second for loops that otherwise wait for hints, which get lost with their connection. The ticks decide nothing about
 * time: due times stand in the database, and their next moments come from croner.
 * @returns the way to stop
 */
export function startTicker(tick: () => void): () => Promise<void> {
  const task = schedule('* * * * * *', tick, { timezone: 'UTC', suppressMissedWarning: true, unref: true });
  return async () => {
    await task.destroy();
  };
}
