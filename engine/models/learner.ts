/** Who trains versions: learning takes seconds, and of many fields a minute and more. */
import { type Trained, type TrainVersion, trainVersion } from './judge.ts';

export interface Learner {
  /**
   * As `trainVersion`.
   * @param alive called now and then while it takes long, so that whoever waits with a transaction is not taken for gone
   */
  train(input: TrainVersion, alive: () => Promise<unknown>): Promise<Trained>;
}

/** In the thread that asks: for worlds in virtual time, and tests. */
export const learnHere: Learner = { train: async (input) => trainVersion(input) };
