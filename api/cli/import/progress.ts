/** Progress on the terminal: a bar where one can be drawn, a line now and then elsewhere. */
import { SingleBar } from 'cli-progress';
import type { Io } from '../io.ts';
import { count, duration } from '../show.ts';

/** In a log, more lines than one in so many milliseconds say nothing new. */
const LINE_EVERY_MS = 5_000;

export interface Progress {
  /** @param done so much of `total` (bytes, runs); @param items what is counted aloud (rows, runs) */
  update(done: number, items: number, total?: number): void;
  stop(): void;
}

/** @param what a word such as "rows"; @param total in the unit of `update`'s `done` */
export function showProgress(io: Io, what: string, total: number): Progress {
  const started = performance.now();
  const rate = (items: number): string => `${count(Math.round(items / Math.max(0.001, (performance.now() - started) / 1_000)))} ${what}/s`;
  if (!io.bar) {
    let told = started;
    return {
      update(_done, items) {
        if (performance.now() - told < LINE_EVERY_MS) return;
        told = performance.now();
        io.err(`${count(items)} ${what}, ${rate(items)}, ${duration(told - started)}`);
      },
      stop() {},
    };
  }
  const bar = new SingleBar({
    stream: io.bar,
    format: `[{bar}] {percentage}% | {items} ${what} | {rate} | ${'{left}'}`,
    barCompleteChar: '#',
    barIncompleteChar: '-',
    hideCursor: true,
    clearOnComplete: true,
    fps: 5,
  });
  const left = (done: number, all: number): string =>
    done === 0 ? '' : `${duration(((performance.now() - started) / done) * Math.max(0, all - done))} left`;
  bar.start(Math.max(1, total), 0, { items: '0', rate: '', left: '' });
  return {
    update(done, items, all = total) {
      if (all !== bar.getTotal()) bar.setTotal(Math.max(1, all));
      bar.update(done, { items: count(items), rate: rate(items), left: left(done, all) });
    },
    stop: () => bar.stop(),
  };
}
