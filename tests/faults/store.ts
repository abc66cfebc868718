/** The database as one process sees it: the tables in memory behind a connection that fails as connections do. */
import type { Database, StoreTx } from '../../engine/store/port.ts';
import { connectionLost, serverError, unreachable } from './errors.ts';
import type { Life } from './life.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import type { Weather } from './weather.ts';

export interface Surroundings {
  base: Database;
  timeline: Timeline;
  weather: Weather;
  trace: Trace;
  /** What breaks a rule in a way that the tables at the end do not show. */
  broken(rule: string, detail: string): void;
  /** Transactions under way: their writes are in the tables, and may be taken back yet. */
  underWay: { count: number };
  /** Carried out with the commit of a transaction: what a queue was told in it. */
  onCommit(tx: StoreTx): void;
}

/** The longest that a slow statement takes, and that a process stands still: longer than a dispatcher may be silent. Milliseconds. */
const SLOW_MS = 3_000;
const STILL_MS = 30_000;

/** Queries that pass over rows which others hold, and take at most so many: the second argument. */
const CLAIMS = new Set(['claimRuns', 'claimRunsFairly', 'claimTimers']);
/** More than a world has. */
const ALL_ROWS = 1_000;

/** Queries that write, and those that lock what they read, by their names. */
const WRITES = /^(insert|update|upsert|delete|send|settle|begin|cancel|revive|add|drop|bump)/;
const LOCKS = /^(claim|lock|share)/;

export function faultyDatabase(life: Life, around: Surroundings): Database {
  const { base, timeline, weather, trace } = around;
  const say = (text: string): void => trace.note(`${life.name}: ${text}`);

  async function end(): Promise<never> {
    life.end();
    return life.ended;
  }

  /** It gets its turn, and may have been stopped before it. */
  async function turn(): Promise<void> {
    await timeline.turn();
    life.check();
    if (weather.at('process')) {
      const ms = weather.between(1, STILL_MS);
      say(`fault: stands still for ${ms} ms`);
      life.standStill(ms);
    }
    await life.moving();
    life.check();
  }

  async function transaction<T>(work: (tx: StoreTx) => Promise<T>): Promise<T> {
    await turn();
    const trouble = weather.outage();
    if (trouble === 'connections') throw failure('begin', serverError(trouble));
    if (trouble === 'away') throw failure('begin', weather.mostly() ? unreachable() : serverError('starting'));
    if (weather.at('begin')) throw failure('begin', unreachable());
    let lostAfter = false;
    let endsAfter = false;
    const result = await base.transaction(async (tx) => {
      life.check();
      const session = new Session(tx);
      around.underWay.count++;
      try {
        say('begin');
        const done = await Promise.race([work(session.store), life.ended]);
        if (session.spoilt) throw serverError('aborted');
        const trouble = weather.outage();
        if (trouble === 'away') throw failure('at commit', connectionLost());
        const fault = weather.at('commit');
        if (fault === 'slow') await slow('commit');
        if (fault === 'serialisation') throw failure('at commit', serverError('serialisation'));
        if (fault === 'lost before') throw failure('lost before commit', connectionLost());
        if (fault === 'end before') await end();
        life.check();
        lostAfter = fault === 'lost after';
        endsAfter = fault === 'end after';
        around.onCommit(session.store);
        say('commit');
        return done;
      } finally {
        session.over = true;
        around.underWay.count--;
      }
    });
    if (endsAfter) await end();
    if (lostAfter) throw failure('lost after commit', connectionLost());
    return result;
  }

  /** A statement outside of any transaction. */
  async function read(name: string, statement: () => Promise<unknown>): Promise<unknown> {
    await turn();
    const trouble = troubleWith(name);
    if (trouble) throw failure(name, trouble);
    const fault = weather.at('read');
    if (fault === 'refused') throw failure(name, serverError('refused'));
    if (fault === 'lost before') throw failure(name, connectionLost());
    if (fault === 'end before') await end();
    if (fault === 'slow') await slow(name);
    life.check();
    const result = await statement();
    say(`${name} ${sizeOf(result)}`);
    if (fault === 'end after') await end();
    if (fault === 'lost after') throw failure(`the answer of ${name}`, connectionLost());
    return result;
  }

  /** What an outage has against a statement. */
  function troubleWith(name: string): Error | undefined {
    switch (weather.outage()) {
      case 'away':
        return weather.mostly() ? connectionLost() : serverError('shutdown');
      case 'full':
        return WRITES.test(name) && weather.mostly() ? serverError('full') : undefined;
      case 'read-only':
        return WRITES.test(name) || LOCKS.test(name) ? serverError('read-only') : undefined;
      case 'conflicts':
        return WRITES.test(name) && weather.mostly() ? serverError(weather.mostly() ? 'serialisation' : 'deadlock') : undefined;
      default:
        return undefined;
    }
  }

  function failure(what: string, error: Error): Error {
    say(`fault: ${what}: ${error.message}`);
    return error;
  }

  async function slow(what: string): Promise<void> {
    const ms = weather.between(1, SLOW_MS);
    say(`fault: ${what} takes ${ms} ms`);
    await timeline.sleep(ms);
  }

  class Session {
    readonly store: StoreTx;
    /** The transaction has ended: whoever still asks would write outside of it. */
    over = false;
    /** A statement has failed; until the end of the transaction nothing else is carried out. */
    spoilt = false;

    /** The statement before: a connection carries them out one after the other, however they are sent. */
    #before: Promise<unknown> = Promise.resolve();

    constructor(tx: StoreTx) {
      this.store = intercepted(tx, (name, statement, args) => {
        const answer = this.#before.then(() => life.within(() => this.#statement(name, statement, args)));
        this.#before = answer.catch(() => {}); // Whoever sent it hears of it.
        return answer;
      });
    }

    async #statement(name: string, statement: Statement, args: readonly unknown[]): Promise<unknown> {
      if (this.over) {
        around.broken('a statement belongs to a transaction', `${name} came after the end of its transaction`);
        throw serverError('aborted');
      }
      if (this.spoilt) throw serverError('aborted');
      const trouble = troubleWith(name);
      if (trouble) {
        this.spoilt = true;
        throw failure(name, trouble);
      }
      const fault = weather.at('statement');
      if (fault === 'slow') await slow(name);
      else if (fault === 'end') await end();
      else if (fault !== undefined) {
        this.spoilt = true;
        throw failure(name, fault === 'lost' ? connectionLost() : serverError(fault));
      }
      // It may have ended while a statement was slow, and its transaction was taken back then.
      life.check();
      const seen = await this.#asOthersLeaveIt(name, statement, args).catch((error: unknown) => {
        this.spoilt = true;
        throw error;
      });
      say(`${name} ${sizeOf(seen)}`);
      return seen;
    }

    /** Other transactions hold rows, or have written one since it was read. */
    async #asOthersLeaveIt(name: string, statement: Statement, args: readonly unknown[]): Promise<unknown> {
      const claims = CLAIMS.has(name);
      const passes = claims || (name === 'recordsByIds' && (args[1] === 'skip' || args[1] === 'shareFree'));
      const fault = passes || name === 'updateRecords' ? weather.at('rows') : undefined;
      if (passes && fault === 'held') {
        const [now, limit, ...rest] = args;
        // What comes behind the rows that others hold is given in their place.
        const rows = asRows(await statement(claims ? [now, ALL_ROWS, ...rest] : args));
        return weather.some(rows).slice(0, typeof limit === 'number' ? limit : rows.length);
      }
      const result = await statement();
      return fault === 'conflict' && name === 'updateRecords' ? asRows(result).slice(1) : result;
    }
  }

  return {
    kind: 'memory',
    store: intercepted(base.store, (name, statement) => life.within(() => read(name, statement))),
    transaction: (work) => life.within(() => transaction(work)),
    listen: (channel, heard) =>
      base.listen(channel, (payload) => {
        if (!life.isOver && weather.at('hint') === undefined) heard(payload);
      }),
    close: () => base.close(),
  };
}

/** Carries a statement out, with other arguments than it was called with where they are given. */
type Statement = (args?: readonly unknown[]) => Promise<unknown>;

/** The same store; each of its statements is carried out by `through`. */
export function intercepted(
  store: StoreTx,
  through: (name: string, statement: Statement, args: readonly unknown[]) => Promise<unknown>,
): StoreTx {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => through(String(name), async (other = args) => Reflect.apply(method, target, other), args);
    },
  });
}

const asRows = (result: unknown): unknown[] => (Array.isArray(result) ? result : []);

function sizeOf(result: unknown): string {
  if (Array.isArray(result)) return String(result.length);
  if (result instanceof Set || result instanceof Map) return String(result.size);
  return typeof result === 'number' || typeof result === 'boolean' ? String(result) : '';
}
