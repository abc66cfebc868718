/** What an action is worth, which to propose, the queue of a day, and what a policy would bring. Pure: knows nothing of runs or the database. */
export type { Estimate, EstimateOptions } from './estimates.ts';
export { type Arm, draw, EXPLORED_SHARE, type Exploration, explore } from './explore.ts';
export { type ActionColumns, gains, type RecordColumns } from './gains.ts';
export { type Judgement, type JudgeOptions, judgePolicy, type Weakness } from './judge.ts';
export { fixedPolicy, type Log, type Policy } from './log.ts';
export { CHOICES, type Choice, type DayCandidates, type DayPlan, MOST_A_DAY, type PersonDay, planDay } from './queue.ts';
export { learnSuccess, type SuccessOptions, type SuccessRate, type SuccessRates, type Tally, withAction } from './success.ts';
export { type Candidate, type Decision, type Ranked, type Ranking, rank, type Waiting, waitingOf } from './value.ts';
export type { Money, Worth } from './worth.ts';
