/** What an action is worth, which to propose, the queue of a day, and what a policy would bring. Pure: knows nothing of runs or the database. */
export { type Arm, draw, explore } from './explore.ts';
export { gains } from './gains.ts';
export { type Judgement, judgePolicy } from './judge.ts';
export { fixedPolicy, type Log } from './log.ts';
export { type Kept, type Mended, mend } from './mend.ts';
export { CHOICES, type DayCandidates, type DayPlan, type PersonDay, planDay } from './queue.ts';
export { beliefAround, learnSuccess, type Tally, withAction } from './success.ts';
export { type Candidate, type Decision, type Ranked, rank, waitingOf } from './value.ts';
