/** The built-in nodes and the connectors that send for them. */
import type { NodeDefinition } from '../engine/sdk.ts';
import { ownerNode } from './assign/owner.ts';
import { setNode } from './data/set.ts';
import { endNode } from './flow/end.ts';
import { ifNode } from './flow/if.ts';
import { switchNode } from './flow/switch.ts';
import { waitNode } from './flow/wait.ts';
import { requestNode } from './http/request.ts';
import { sendNode } from './message/send.ts';
import { createNode } from './record/create.ts';
import { findNode } from './record/find.ts';
import { updateNode } from './record/update.ts';
import { pointsNode } from './score/points.ts';
import { completeTaskNode } from './task/complete.ts';
import { createTaskNode } from './task/create.ts';
import { eventTrigger } from './trigger/event.ts';
import { manualTrigger } from './trigger/manual.ts';
import { recordTrigger } from './trigger/record.ts';
import { scheduleTrigger } from './trigger/schedule.ts';
import { webhookTrigger } from './trigger/webhook.ts';

export const builtInNodes: readonly NodeDefinition[] = [
  recordTrigger,
  eventTrigger,
  webhookTrigger,
  scheduleTrigger,
  manualTrigger,
  ifNode,
  switchNode,
  waitNode,
  endNode,
  createNode,
  updateNode,
  findNode,
  createTaskNode,
  completeTaskNode,
  pointsNode,
  ownerNode,
  sendNode,
  requestNode,
  setNode,
];

export type { HttpCredential } from './connectors/credential.ts';
export { type HttpConnectorOptions, httpConnector } from './connectors/http.ts';
export { type MailboxMessage, mailConnector } from './connectors/mail.ts';

export { simulatedConnectors } from './connectors/simulated.ts';
export { loadNodePackages } from './load.ts';
export { taskEntity } from './task/work.ts';
