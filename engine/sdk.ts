/** What nodes are made with: the public face for `nodes/` and for packages of third parties. */
export { Type } from 'typebox';
export { asTaktError, type ErrorCode, TaktError } from './errors/index.ts';
export {
  findRecords,
  loadRecord,
  loadRecords,
  type NewRecord,
  type RecordView,
  type StepContext,
  takePointer,
} from './node/context.ts';
export {
  type ActionDefinition,
  type ActionSpec,
  type DataRequest,
  defineNode,
  defineTrigger,
  type EffectRequest,
  type EventView,
  type FindQuery,
  type NodeDefinition,
  type NodeResult,
  type NodeRun,
  type Schedule,
  type Subscription,
  type TriggerDefinition,
  type TriggerPlace,
  type TriggerSpec,
  type WaitRequest,
  type Wake,
} from './node/definition.ts';
export { Condition, HtmlTemplate, Template, Value } from './node/params.ts';
export type { Connector, Delivery } from './outbox/connector.ts';
export type { EntityRegistry } from './records/index.ts';
export type { SimulatedConnector } from './simulate/outside.ts';
export type { TaskEntity } from './simulate/tasks.ts';
export { parseDuration } from './time/duration.ts';
