/** How long learning a regression and scoring take: rows with many columns of which few say something each. Generated, the same every time. */
import { type Frame, type Model, score, train } from '../../../engine/learning/index.ts';
import { seededRandom } from '../../../engine/ports/random.ts';
import { atLeast, atMost, type Evaluation, type Figure, figure } from '../figure.ts';

const ROWS = 58_000;
const COLUMNS = 300;
/** Share of the rows in which a column holds something. */
const HELD = 0.03;
/** Columns that have a part in the outcome. */
const TELLING = 40;
const ROUNDS = 3;
/** Nothing is measured again once so much time has gone by. */
const LONG_S = 20;

/** Columns of zeros and a few ones, and outcomes of which about a quarter succeed. */
export function sparseRows(rows: number, columns: number, seed: number): { frame: Frame; outcomes: Uint8Array } {
  const random = seededRandom(seed);
  const logOdds = new Float64Array(rows).fill(-1.2);
  const built = Array.from({ length: columns }, (_, c) => {
    const effect = c < TELLING ? random.next() * 3 - 1.5 : 0;
    const values = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      if (random.next() >= HELD) continue;
      values[row] = 1;
      logOdds[row] = (logOdds[row] ?? 0) + effect;
    }
    return { kind: 'number', name: `c${c}`, values } as const;
  });
  const outcomes = Uint8Array.from(logOdds, (z) => Number(random.next() < 1 / (1 + Math.exp(-z))));
  return { frame: { size: rows, columns: built }, outcomes };
}

export const speed: Evaluation = {
  names: ['train_s', 'score_per_s'],
  async run(_dir, say): Promise<Figure[]> {
    const { frame, outcomes } = sparseRows(ROWS, COLUMNS, 1);
    const trained: number[] = [];
    const scored: number[] = [];
    let model: Model | undefined;
    for (let round = 0; round < ROUNDS && trained.reduce((a, b) => a + b, 0) < LONG_S; round++) {
      const begun = performance.now();
      model = train(frame, outcomes, { seed: 1, kind: 'regression' });
      const learned = performance.now();
      score(model, frame);
      const done = performance.now();
      trained.push((learned - begun) / 1_000);
      scored.push((ROWS * 1_000) / (done - learned));
      say(`round ${round + 1} of ${ROUNDS}: ${((learned - begun) / 1_000).toFixed(2)} s`);
    }
    return [figure('train_s', middle(trained), atMost(2)), figure('score_per_s', middle(scored), atLeast(100_000))];
  },
};

const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
