/** Who converts, who wins: judged on rows that the model has not seen, five parts by chance. */
import { randomFolds } from '../../../engine/learning/folds.ts';
import { auc, calibrationError, logLoss, score, train } from '../../../engine/learning/index.ts';
import { judged } from '../../../engine/learning/judging.ts';
import { dataSet } from '../data.ts';
import { atLeast, atMost, type Evaluation, type Figure, figure } from '../figure.ts';

const FOLDS = 5;
const SEED = 1;

/** Out-of-fold probabilities of all rows, together. */
async function foretold(dir: string, name: string, say: (text: string) => void): Promise<{ scores: Float64Array; outcomes: Uint8Array }> {
  const { frame, outcomes } = await dataSet(dir, name);
  let fold = 0;
  const scores = judged(
    (known, came) => {
      say(`fold ${++fold} of ${FOLDS}: ${known.size} rows`);
      const model = train(known, came, { seed: SEED });
      say(`  ${model.learned.forest === undefined ? 'regression' : 'regression and trees'}`);
      return (rows) => score(model, rows);
    },
    frame,
    outcomes,
    randomFolds(outcomes, FOLDS, SEED),
  );
  return { scores, outcomes };
}

export const xEducation: Evaluation = {
  names: ['xeducation_auc', 'xeducation_logloss', 'xeducation_ece'],
  async run(dir, say): Promise<Figure[]> {
    const { scores, outcomes } = await foretold(dir, 'leads-x-education', say);
    return [
      figure('xeducation_auc', auc(scores, outcomes), atLeast(0.875)),
      figure('xeducation_logloss', logLoss(scores, outcomes), atMost(0.43)),
      figure('xeducation_ece', calibrationError(scores, outcomes), atMost(0.02)),
    ];
  },
};

export const winLoss: Evaluation = {
  names: ['winloss_auc'],
  async run(dir, say): Promise<Figure[]> {
    const { scores, outcomes } = await foretold(dir, 'opportunities-win-loss', say);
    return [figure('winloss_auc', auc(scores, outcomes), atLeast(0.735))];
  },
};
