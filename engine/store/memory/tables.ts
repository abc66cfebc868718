import type {
  ChangeRow,
  EffectRow,
  EventRow,
  MergeRow,
  NameKeyRow,
  RecordRow,
  RunRow,
  SignalRow,
  StepRow,
  WaitRow,
} from '../../unit/rows.ts';
import type { FileRow } from '../queries/files.ts';
import type { JobRow } from '../queries/jobs.ts';
import type { MessageRow } from '../queries/mailbox.ts';
import type { ModelRow, ModelVersionRow } from '../queries/models.ts';
import type { StepMonth } from '../queries/step-months.ts';
import type { TimerRow } from '../queries/timers.ts';
import type { VersionRow, WorkflowRow } from '../queries/workflows.ts';
import type { apiKeys, counters, credentials, entities, forecasts, marks, pointers, segments, trainingPieces } from '../schema.ts';
import { FieldIndex } from './field-index.ts';
import { GroupIndex, SortedIndex, UniqueIndex } from './indexes.ts';
import { Journal } from './journal.ts';
import { Table } from './table.ts';

/** A key of several columns. */
export const joint = (...columns: readonly (string | number)[]): string => columns.join('\n');

/** The tables of `schema.ts` in memory, with the indexes that the queries here use. */
export class Tables {
  readonly journal = new Journal();
  /** Channels on which the transaction hints; they are told when it commits. */
  readonly hints = new Set<string>();

  readonly recordsByKey = new UniqueIndex<RecordRow>('records', (row) =>
    row.key === null || row.deletedAt !== null ? null : joint(row.entity, row.key),
  );
  readonly recordsByEntity = new GroupIndex<RecordRow>((row) => [row.entity]);
  readonly recordsByField = new FieldIndex();
  readonly records = new Table<RecordRow>('records', this.journal, (row) => row.id, [
    this.recordsByKey,
    this.recordsByEntity,
    this.recordsByField,
  ]);

  readonly recordKeysByKey = new GroupIndex<NameKeyRow>((row) => [joint(row.entity, row.key)]);
  readonly recordKeys = new Table<NameKeyRow>('record_keys', this.journal, (row) => joint(row.entity, row.key, row.recordId), [
    this.recordKeysByKey,
  ]);

  readonly mergesByRecord = new GroupIndex<MergeRow>((row) => [row.winner, row.loser]);
  readonly merges = new Table<MergeRow>('merges', this.journal, (row) => row.id, [this.mergesByRecord]);

  readonly changesByRecord = new GroupIndex<ChangeRow>((row) => [row.recordId]);
  readonly changes = new Table<ChangeRow>('record_changes', this.journal, (row) => joint(row.recordId, row.version), [
    this.changesByRecord,
  ]);

  readonly eventsByKey = new UniqueIndex<EventRow>('events', (row) => row.key);
  readonly eventsByRecord = new GroupIndex<EventRow>((row) => [row.recordId]);
  readonly events = new Table<EventRow>('events', this.journal, (row) => row.id, [this.eventsByKey, this.eventsByRecord]);

  readonly runsByEntry = new UniqueIndex<RunRow>('runs', (row) => joint(row.workflowId, row.entryKey));
  readonly runsByRecord = new GroupIndex<RunRow>((row) => [row.recordId]);
  readonly runsByWorkflow = new GroupIndex<RunRow>((row) => [row.workflowId]);
  readonly runsDue = new SortedIndex<RunRow>((row) => row.dueAt);
  readonly runs = new Table<RunRow>('runs', this.journal, (row) => row.id, [
    this.runsByEntry,
    this.runsByRecord,
    this.runsByWorkflow,
    this.runsDue,
  ]);

  readonly stepsByRun = new GroupIndex<StepRow>((row) => [row.runId]);
  readonly steps = new Table<StepRow>('steps', this.journal, (row) => joint(row.runId, row.seq), [this.stepsByRun]);

  readonly stepMonths = new Table<StepMonth>('step_months', this.journal, (row) => row.name);

  readonly signalsByRun = new GroupIndex<SignalRow>((row) => [row.runId]);
  readonly signals = new Table<SignalRow>('signals', this.journal, (row) => String(row.id), [this.signalsByRun]);

  readonly effectsByKey = new UniqueIndex<EffectRow>('effects', (row) => row.key);
  readonly effectsByRun = new GroupIndex<EffectRow>((row) => [row.runId]);
  readonly effectsByRecord = new GroupIndex<EffectRow>((row) => [row.recordId]);
  readonly effectsPutOff = new SortedIndex<EffectRow>((row) => (row.status === 'pending' ? row.nextAt : null));
  readonly effects = new Table<EffectRow>('effects', this.journal, (row) => row.id, [
    this.effectsByKey,
    this.effectsByRun,
    this.effectsByRecord,
    this.effectsPutOff,
  ]);

  readonly timersByWorkflow = new GroupIndex<TimerRow>((row) => [row.workflowId]);
  readonly timersByKey = new UniqueIndex<TimerRow>('timers', (row) => joint(row.workflowId, row.node, row.key));
  readonly timersDue = new SortedIndex<TimerRow>((row) => row.dueAt);
  readonly timers = new Table<TimerRow>('timers', this.journal, (row) => row.id, [this.timersByWorkflow, this.timersByKey, this.timersDue]);

  readonly waitsByRun = new GroupIndex<WaitRow>((row) => [row.runId]);
  readonly waitsByType = new GroupIndex<WaitRow>((row) => [row.type]);
  readonly waitsByCorrelation = new GroupIndex<WaitRow>((row) => [row.correlation]);
  readonly waits = new Table<WaitRow>('waits', this.journal, (row) => joint(row.runId, row.waitId, row.type, row.topic, row.correlation), [
    this.waitsByRun,
    this.waitsByType,
    this.waitsByCorrelation,
  ]);

  readonly marks = new Table<typeof marks.$inferSelect>('marks', this.journal, (row) => row.key);
  readonly segments = new Table<typeof segments.$inferSelect>('segments', this.journal, (row) => row.id);
  readonly forecasts = new Table<typeof forecasts.$inferSelect>('forecasts', this.journal, (row) => row.id);
  readonly models = new Table<ModelRow>('models', this.journal, (row) => row.id);
  readonly modelVersionsByModel = new GroupIndex<ModelVersionRow>((row) => [row.modelId]);
  readonly modelVersions = new Table<ModelVersionRow>('model_versions', this.journal, (row) => joint(row.modelId, row.version), [
    this.modelVersionsByModel,
  ]);
  readonly piecesByModel = new GroupIndex<typeof trainingPieces.$inferSelect>((row) => [row.modelId]);
  readonly trainingPieces = new Table<typeof trainingPieces.$inferSelect>(
    'training_pieces',
    this.journal,
    (row) => joint(row.modelId, row.seq),
    [this.piecesByModel],
  );
  readonly jobs = new Table<JobRow>('jobs', this.journal, (row) => row.id);

  readonly filesByEffect = new UniqueIndex<FileRow>('files', (row) => row.effectKey);
  readonly files = new Table<FileRow>('files', this.journal, (row) => row.id, [this.filesByEffect]);

  readonly messagesByEffect = new UniqueIndex<MessageRow>('mailbox', (row) => row.effectKey);
  readonly mailbox = new Table<MessageRow>('mailbox', this.journal, (row) => row.id, [this.messagesByEffect]);

  readonly keysByHash = new UniqueIndex<typeof apiKeys.$inferSelect>('api_keys', (row) => row.hash);
  readonly apiKeys = new Table<typeof apiKeys.$inferSelect>('api_keys', this.journal, (row) => row.id, [this.keysByHash]);

  readonly workflows = new Table<WorkflowRow>('workflows', this.journal, (row) => row.id);
  readonly versionsByWorkflow = new GroupIndex<VersionRow>((row) => [row.workflowId]);
  readonly versions = new Table<VersionRow>('workflow_versions', this.journal, (row) => joint(row.workflowId, row.version), [
    this.versionsByWorkflow,
  ]);
  readonly entities = new Table<typeof entities.$inferSelect>('entities', this.journal, (row) => row.name);
  readonly counters = new Table<typeof counters.$inferSelect>('counters', this.journal, (row) => row.name);
  readonly pointers = new Table<typeof pointers.$inferSelect>('pointers', this.journal, (row) => row.key);
  readonly credentials = new Table<typeof credentials.$inferSelect>('credentials', this.journal, (row) => row.name);

  #lastSignal = 0;

  /** Numbers of signals rise, also past a transaction that was taken back. */
  nextSignal(): number {
    this.#lastSignal++;
    return this.#lastSignal;
  }
}
