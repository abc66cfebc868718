/** What nodes are made with: the public face for `nodes/` and for packages of third parties. */
export { Type } from 'typebox';
export { AIMS, type Aim, type Figures, GROUPINGS } from './assignments/measures.ts';
export type { AssignmentReport, PromiseEntity } from './assignments/report.ts';
export {
  type Arm,
  beliefAround,
  type Candidate,
  CHOICES,
  type Decision,
  draw,
  explore,
  type Kept,
  type Mended,
  mend,
  type PersonDay,
  planDay,
  type Ranked,
  rank,
} from './deciding/index.ts';
export { findLikes, type Like, mergeRecords, type Reason, reasonInWords } from './duplicates/index.ts';
export { asTaktError, type ErrorCode, TaktError } from './errors/index.ts';
export { chooseArm, stickyShare } from './experiment/share.ts';
export { channelPotential, type Plan, plansOf } from './forecast/index.ts';
export type { TeamEntity } from './forecasting/gather.ts';
export type { MonthsAnswer } from './forecasting/months.ts';
export type { ReceivedAnswer } from './forecasting/received.ts';
export type { Prediction } from './models/live.ts';
export { type AggregateQuery, type AggregateResult, aggregateRecords, type Measure, type MeasureValues } from './node/aggregate.ts';
export {
  acquire,
  findRecords,
  forecastFor,
  loadRecord,
  loadRecords,
  measureAssignments,
  type NewRecord,
  ownerLoads,
  type ReadingContext,
  type RecordChange,
  type RecordView,
  readMark,
  receivedIn,
  release,
  type StepContext,
  takePointer,
} from './node/context.ts';
export { defineNode, defineTrigger } from './node/define.ts';
export {
  type ActionDefinition,
  type ActionSpec,
  type DataRequest,
  type EffectRequest,
  type EventSubscription,
  type EventView,
  type ExperimentSpec,
  type FindQuery,
  type LoadMeasure,
  type NodeDefinition,
  type NodeResult,
  type NodeRun,
  type PastEvents,
  type Subscription,
  TIMER_FIRED,
  type TimerChange,
  type TimerContext,
  type TriggerDefinition,
  type TriggerPlace,
  type TriggerSpec,
  type WaitRequest,
  type Wake,
} from './node/definition.ts';
export { type Ask, Condition, HtmlTemplate, Template, Value } from './node/params.ts';
export type { Schedule } from './node/schedule.ts';
export type { Connector, Delivery } from './outbox/connector.ts';
export { contactInWords, noPersonInWords, policyOf } from './policies/policy.ts';
export type { EntityRegistry } from './records/index.ts';
export { checker } from './schema/checker.ts';
export type { NewFile } from './services/files.ts';
export type { SimulatedConnector } from './simulate/outside.ts';
export type { TaskEntity } from './simulate/tasks.ts';
export { parsePhoneNumber } from './text/phones.ts';
export { type DailyWindow, nextAllowed, nextTimeOfDay, withinDaily } from './time/daily.ts';
export { parseDuration, parseSignedDuration } from './time/duration.ts';
export { type DateOffset, isoOf, momentOf, offsetDate, yearlyNext } from './time/moment.ts';
export { readCalendar, type WorkingCalendar } from './time/working-calendar.ts';
export { isWorking, leftUntilBreak, nextWorking, onWorkingDay } from './time/working-hours.ts';
export { addWorkingTime, workingTimeBetween } from './time/working-time.ts';
