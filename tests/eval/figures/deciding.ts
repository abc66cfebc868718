/** How long it takes to say what is to be done: gains of many actions, and the day's plan. Generated, the same every time. */
import { gains, planDay } from '../../../engine/deciding/index.ts';
import { seededRandom } from '../../../engine/ports/random.ts';
import { atMost, type Evaluation, figure } from '../figure.ts';

const RECORDS = 10_000;
const ACTIONS = 8;
const PEOPLE = 50;
const ROUNDS = 5;

export const deciding: Evaluation = {
  names: ['recommend_s'],
  async run(_dir, say) {
    const { next } = seededRandom(1);
    const rows = RECORDS * ACTIONS;
    const record = Int32Array.from({ length: rows }, (_, i) => Math.floor(i / ACTIONS));
    const person = record.map((one) => one % PEOPLE);
    const probability = Float64Array.from({ length: rows }, next);
    const minutes = Float64Array.from({ length: rows }, () => 5 + Math.floor(next() * 56));
    const records = {
      worth: Float64Array.from({ length: RECORDS }, () => next() * 100_000),
      nothing: Float64Array.from({ length: RECORDS }, () => next() * 0.2),
    };
    const people = Array.from({ length: PEOPLE }, () => ({
      minutes: 120 + Math.floor(next() * 300),
      longest: 30 + Math.floor(next() * 90),
    }));
    const times = Array.from({ length: ROUNDS }, () => {
      const begun = performance.now();
      const gain = gains({ record, probability, minutes }, records, 20);
      planDay({ record, person, minutes, gain }, people);
      return (performance.now() - begun) / 1_000;
    });
    say(`${rows} actions, ${PEOPLE} people: ${times.map((s) => s.toFixed(2)).join(', ')} s`);
    return [figure('recommend_s', times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN, atMost(1))];
  },
};
