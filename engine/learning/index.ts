/** Learned probabilities. Knows nothing of records and runs: columns in, probabilities and reasons out. */
export { type ColumnSpec, type Frame, frameOf, rowsOf } from './frame.ts';
export { auc, brier, calibrationError, logLoss, reliability } from './metrics.ts';
export { averageLogOdds, type Contribution, explain, type Model, score } from './model.ts';
export { type TrainOptions, train } from './train.ts';
