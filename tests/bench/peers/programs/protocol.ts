/** How the benchmark speaks with a contestant, which is a process of its own: one question at a time, over the channel of `fork`. */

/** Ways of working that are measured by their rate; see `Contestant`. */
export const WAYS = ['workflows', 'lean', 'atomic', 'jobs'] as const;
export type Way = (typeof WAYS)[number];

/** What a contestant is asked to do. */
export type Work = Way | 'first' | 'memory';

/** One question. `count` is how many workflows or jobs; for `first`, at most how many samples. */
export interface Ask {
  work: Work;
  count: number;
}

/** `ready` once after the start; after that an answer to each question: a rate a second, milliseconds of each sample, or bytes. */
export type Answer = { ready: true } | { values: number[] } | { error: string };

/** A contestant, started and ready for work. */
export interface Contestant {
  /** Posts so many events, each of which starts a workflow of five saved steps; resolves when all of them have ended durably. */
  workflows(count: number): Promise<void>;
  /** The same work with only those steps saved that write. Absent where every step is saved anyway. */
  lean?(count: number): Promise<void>;
  /** The same work with every step saved, in one transaction for all steps of a workflow. Absent where there is no such way. */
  atomic?(count: number): Promise<void>;
  /** Jobs of one step, which updates a lead. Absent where there is no such thing. */
  jobs?(count: number): Promise<void>;
  /** Posts one event on a quiet system; milliseconds until its first step is saved. Resolves when its workflow has ended. */
  first(): Promise<number>;
  /** Memory of processes other than this one, bytes. */
  memoryBeside?(): Promise<number>;
  stop(): Promise<void>;
}

/** Where a contestant works. */
export interface Place {
  /** A PostgreSQL database of its own. */
  url: string;
  /** A folder of its own for what it writes beside. */
  folder: string;
}

/** Between two samples of latency, so that everything sleeps again, milliseconds. */
const PAUSE_MS = 20;
/** No more samples are begun after so long: one of a peer that polls takes up to a second. */
const SAMPLING_MS = 5_000;

async function samples(contestant: Contestant, count: number): Promise<number[]> {
  const waited: number[] = [];
  const end = performance.now() + SAMPLING_MS;
  while (waited.length < count && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    waited.push(await contestant.first());
  }
  return waited;
}

async function answer(contestant: Contestant, { work, count }: Ask): Promise<number[]> {
  if (work === 'memory') return [process.memoryUsage().rss + ((await contestant.memoryBeside?.()) ?? 0)];
  if (work === 'first') return samples(contestant, count);
  const done = contestant[work];
  if (!done) return [];
  const begun = performance.now();
  await done(count);
  return [(count / (performance.now() - begun)) * 1_000];
}

const told = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Starts a contestant in this process and answers until the other side hangs up. The place is given as arguments: url, folder. */
export async function serve(start: (place: Place) => Promise<Contestant>): Promise<void> {
  const [url, folder] = process.argv.slice(2);
  const reply = (text: Answer): void => void process.send?.(text);
  if (url === undefined || folder === undefined || !process.send) throw new Error('This program is started by `npm run bench:peers`.');
  const contestant = await start({ url, folder });
  process.on('message', (ask: Ask) => {
    answer(contestant, ask).then(
      (values) => reply({ values }),
      (error: unknown) => reply({ error: told(error) }),
    );
  });
  process.once('disconnect', () => {
    contestant.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${told(error)}\n`);
        process.exit(1);
      },
    );
  });
  reply({ ready: true });
}

/** Calls for every item, at most so many at once. */
export async function inFlight<T>(items: readonly T[], limit: number, call: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await call(item);
  };
  await Promise.all(Array.from({ length: limit }, lane));
}

/** Looks every 10 ms; resolves as soon as the condition holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Counts calls that have ended, so that the database need not be asked while work is under way: its table of jobs may have no index for that. */
export interface Counter {
  counted<T, R>(call: (item: T) => Promise<R>): (item: T) => Promise<R>;
  /** Resolves when so many more have ended than when it was asked. The same call may end twice: ask the database afterwards. */
  more(count: number): Promise<void>;
}

export function counter(): Counter {
  let ended = 0;
  return {
    counted: (call) => async (item) => {
      const result = await call(item);
      ended++;
      return result;
    },
    more(count) {
      const enough = ended + count;
      return until(() => ended >= enough);
    },
  };
}
