/** The built-in nodes and the connectors that send for them. */
import type { NodeDefinition } from '../engine/sdk.ts';
import { creditNode } from './assign/credit.ts';
import { ownerNode } from './assign/owner.ts';
import { setNode } from './data/set.ts';
import { pdfNode } from './document/pdf.ts';
import { callNode } from './flow/call.ts';
import { cancelNode } from './flow/cancel.ts';
import { compensateNode } from './flow/compensate.ts';
import { eachNode } from './flow/each.ts';
import { endNode } from './flow/end.ts';
import { ifNode } from './flow/if.ts';
import { joinNode } from './flow/join.ts';
import { lockNode, unlockNode } from './flow/lock.ts';
import { milestoneNode } from './flow/milestone.ts';
import { splitNode, successNode } from './flow/split.ts';
import { switchNode } from './flow/switch.ts';
import { throttleNode } from './flow/throttle.ts';
import { waitNode } from './flow/wait.ts';
import { waitEventNode } from './flow/wait-event.ts';
import { waitUntilNode } from './flow/wait-until.ts';
import { channelsNode } from './forecast/channels.ts';
import { monthNode } from './forecast/month.ts';
import { plansNode } from './forecast/plans.ts';
import { requestNode } from './http/request.ts';
import { sendNode } from './message/send.ts';
import { autopilotNode } from './nba/autopilot.ts';
import { outcomeNode } from './nba/outcome.ts';
import { queueNode } from './nba/queue.ts';
import { recommendNode } from './nba/recommend.ts';
import { createNode } from './record/create.ts';
import { duplicatesNode } from './record/duplicates.ts';
import { findNode } from './record/find.ts';
import { mergeNode } from './record/merge.ts';
import { undoNode } from './record/undo.ts';
import { updateNode } from './record/update.ts';
import { assignmentsNode } from './report/assignments.ts';
import { statisticsNode } from './report/statistics.ts';
import { cancelRunsNode } from './run/cancel.ts';
import { modelNode } from './score/model.ts';
import { pointsNode } from './score/points.ts';
import { completeTaskNode } from './task/complete.ts';
import { createTaskNode } from './task/create.ts';
import { rewordNode } from './text/reword.ts';
import { absenceTrigger } from './trigger/absence.ts';
import { callTrigger } from './trigger/call.ts';
import { dateTrigger } from './trigger/date.ts';
import { eventTrigger } from './trigger/event.ts';
import { failedTrigger } from './trigger/failed.ts';
import { idleTrigger } from './trigger/idle.ts';
import { inactivityTrigger } from './trigger/inactivity.ts';
import { manualTrigger } from './trigger/manual.ts';
import { recordTrigger } from './trigger/record.ts';
import { scheduleTrigger } from './trigger/schedule.ts';
import { segmentTrigger } from './trigger/segment.ts';
import { webhookTrigger } from './trigger/webhook.ts';

export const builtInNodes: readonly NodeDefinition[] = [
  recordTrigger,
  eventTrigger,
  absenceTrigger,
  dateTrigger,
  inactivityTrigger,
  segmentTrigger,
  scheduleTrigger,
  webhookTrigger,
  manualTrigger,
  callTrigger,
  failedTrigger,
  idleTrigger,
  ifNode,
  switchNode,
  waitNode,
  waitEventNode,
  waitUntilNode,
  joinNode,
  eachNode,
  callNode,
  splitNode,
  successNode,
  throttleNode,
  lockNode,
  unlockNode,
  milestoneNode,
  cancelNode,
  cancelRunsNode,
  compensateNode,
  endNode,
  createNode,
  updateNode,
  findNode,
  duplicatesNode,
  mergeNode,
  undoNode,
  createTaskNode,
  completeTaskNode,
  pointsNode,
  recommendNode,
  queueNode,
  outcomeNode,
  autopilotNode,
  rewordNode,
  modelNode,
  ownerNode,
  creditNode,
  sendNode,
  requestNode,
  statisticsNode,
  assignmentsNode,
  monthNode,
  plansNode,
  channelsNode,
  pdfNode,
  setNode,
];

export type { HttpCredential } from './connectors/credential.ts';
export { type HttpConnectorOptions, httpConnector } from './connectors/http.ts';
export { mailConnector } from './connectors/mail.ts';
export type { MailboxMessage, MessageStore, StoredFile } from './connectors/mailbox.ts';
export { messageConnector } from './connectors/message.ts';
export { documentConnector } from './connectors/pdf.ts';

export { simulatedConnectors } from './connectors/simulated.ts';
export { wordsConnector } from './connectors/words.ts';
export { monthsOutput } from './forecast/output.ts';
export { passedOf } from './forecast/passed.ts';
export { channelsOutput, peopleIn, plansOutput } from './forecast/received.ts';
export { CHANNELS, MONTHS, PLANS } from './forecast/schemas.ts';
export { teamEntity } from './forecast/teams.ts';
export { loadNodePackages } from './load.ts';
export { ANSWERS, type Answer, answered, DECLINE_REASONS } from './nba/answer.ts';
export { type PlannedDay, planDays } from './nba/day.ts';
export { recommendationsOf } from './nba/kept.ts';
export { listOf } from './nba/queue.ts';
export { AimValues, FIGURES, GROUP } from './report/figures.ts';
export { calendarOfUser, compiledHours, type FoundHours, hoursFor, writtenHours } from './support/calendar.ts';
export { taskEntity, taskPromise } from './task/work.ts';
