/** Training in a thread of its own. */
import { describe, expect, it } from 'vitest';
import type { TrainVersion } from '../../engine/models/judge.ts';
import { learnHere } from '../../engine/models/learner.ts';
import { learnInThread } from '../../engine/models/learner-thread.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import { BEGIN, DAY, WON } from './support.ts';

const fields = WON.fields.slice(0, 2);
const alive = async () => undefined;

function inputOf(count: number): TrainVersion {
  const random = seededRandom(1);
  const rows = Array.from({ length: count }, (_, i) => {
    const referral = random.next() < 0.5;
    const success = random.next() < (referral ? 0.7 : 0.2) ? (1 as const) : (0 as const);
    return { at: BEGIN + i * DAY, success, values: [referral ? 'referral' : 'ads', 100 * random.next()] };
  });
  return {
    definition: { ...WON, fields },
    gathered: fields,
    set: { rows, filled: {}, left: {}, currencies: {} },
    live: undefined,
    seed: 1,
  };
}

describe('a thread that learns', () => {
  it('learns what would be learned here, and what goes on here goes on', async () => {
    const order: string[] = [];
    const learning = learnInThread.train(inputOf(600), alive).then((trained) => {
      order.push('learned');
      return trained;
    });
    setImmediate(() => order.push('something else'));
    const there = await learning;
    expect(order).toEqual(['something else', 'learned']);
    expect(there).toEqual(await learnHere.train(inputOf(600), alive));
  });

  it('tells what is wrong by the same code, hint and numbers', async () => {
    const refused = await learnHere.train(inputOf(50), alive).catch((error: unknown) => error);
    await expect(learnInThread.train(inputOf(50), alive)).rejects.toMatchObject({
      code: 'TOO_LITTLE_TO_LEARN',
      message: refused instanceof Error ? refused.message : '',
    });
  });
});
