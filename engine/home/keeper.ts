/** Looks after the embedded PostgreSQL while Takt runs: one that has ended – killed, or by a disk that was full – is started again. */
import { asTaktError, TaktError } from '../errors/index.ts';
import type { Vitals } from '../health/vitals.ts';
import type { Home } from './home.ts';

/** How often it is asked whether the database is away, milliseconds. */
const LOOK_MS = 2_000;

/**
 * @param vitals knows whether the database is away, and is told what keeps it from starting
 * @returns the way to stop it, to be taken before the home is closed
 */
export function keepHome(home: Pick<Home, 'revive'>, vitals: Vitals): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let wasAway = false;

  async function look(): Promise<number> {
    // Away twice in a row: connections that are only cut come back by themselves.
    const away = vitals.databaseIsAway;
    const revive = away && wasAway;
    wasAway = away;
    if (!away) vitals.worked('home');
    if (!revive) return LOOK_MS;
    try {
      await home.revive();
      return LOOK_MS;
    } catch (error) {
      return LOOK_MS + vitals.failed('home', explained(error));
    }
  }

  function next(ms: number): void {
    if (stopped) return;
    timer = setTimeout(() => {
      looking = look().then(next);
    }, ms);
    timer.unref();
  }

  next(LOOK_MS);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await looking;
  };
}

/** A PostgreSQL that has no room to recover says so in its log only, with which HOME_START_FAILED ends. */
function explained(error: unknown): TaktError {
  const known = asTaktError(error);
  return /No space left on device/.test(known.message) ? new TaktError('DATABASE_FULL', { cause: error, transient: true }) : known;
}
