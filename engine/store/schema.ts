/**
 * The tables. One write path fills most of them: the commit of a workspace (see ../unit). Every index is here because a
 * query that runs per event, per run or per page of a list needs it; the query's name stands beside it.
 */

import type { EntityDefinition } from '../../schemas/entity.ts';
import type { ForecastDefinition } from '../../schemas/forecast.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import type { ModelDefinition } from '../../schemas/model.ts';
import type { SegmentDefinition } from '../../schemas/segment.ts';
import type { MergeChanges } from '../duplicates/merge.ts';
import type { ErrorData } from '../errors/index.ts';
import type { Retry } from '../graph/plan.ts';
import type { Model } from '../learning/model.ts';
import type { DriftState, Population } from '../models/drift.ts';
import type { TrainingPiece } from '../models/training-set.ts';
import type { Figures, TrainingReport } from '../models/version.ts';
import type { RunState, SignalPayload } from '../run/state.ts';
import { bytea, bytewiseText, instant } from './columns.ts';
import { bigint, index, integer, jsonb, pgTable, primaryKey, smallint, sql, text, uniqueIndex, uuid } from './drizzle.ts';

/** How a fact came about: the runs and nodes that led to it, oldest first. Bounded by the loop guard. */
export type CauseChain = { workflow: string; run: string; node: string }[];

/** Who changed a record, and for which reason, where they gave one. */
export type Author =
  | { kind: 'person'; id: string; reason?: string }
  | { kind: 'key'; id: string; reason?: string }
  | { kind: 'run'; id: string; node: string }
  | { kind: 'system'; id: string; reason?: string };
/** An author who is no run. */
export type Outsider = Exclude<Author, { kind: 'run' }>;

export const records = pgTable(
  'records',
  {
    id: uuid().primaryKey(),
    entity: text().notNull(),
    key: text(),
    owner: uuid(),
    stage: text(),
    name: text().notNull(),
    sortName: bytewiseText('sort_name').notNull(),
    search: text().notNull(),
    data: jsonb().$type<JsonObject>().notNull(),
    /** What of `data` a find goes by: see `findable`. Most changes leave it as it is, and with it every index of the table. */
    findable: jsonb().$type<JsonObject>().notNull(),
    version: integer().notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    deletedAt: instant('deleted_at'),
  },
  (t) => [
    uniqueIndex('records_key').on(t.entity, t.key).where(sql`key is not null and deleted_at is null`), // findRecords by key
    index('records_page').on(t.entity, t.id), // recordPage
    index('records_owner').on(t.entity, t.owner, t.stage), // recordPage of one owner, ownerLoads
    index('records_sort').on(t.entity, t.sortName, t.id), // recordPage by name
    // Without the pending list, which every find would read from end to end.
    index('records_findable').using('gin', sql`findable jsonb_path_ops`).with({ fastupdate: false }), // findRecordIds: equality of fields
  ],
);

export const recordChanges = pgTable(
  'record_changes',
  {
    recordId: uuid('record_id').notNull(),
    version: integer().notNull(),
    at: instant().notNull(),
    op: text().$type<'created' | 'updated' | 'deleted' | 'restored'>().notNull(),
    author: jsonb().$type<Author>().notNull(),
    /** field → [before, after] */
    changes: jsonb().$type<Record<string, [Json, Json]>>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.recordId, t.version] }), // changesOfRecord
    index('record_changes_owner').on(t.at, t.recordId, t.version).where(sql`changes ? 'owner' and op <> 'created'`), // ownerChanges
  ],
);

/** What records that may be one are found by through their names: see `nameKeysOf`. Of entities that tell duplicates, the living. */
export const recordKeys = pgTable(
  'record_keys',
  {
    entity: text().notNull(),
    key: bytewiseText().notNull(),
    recordId: uuid('record_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.entity, t.key, t.recordId] })], // recordsAlike
);

/** What was merged, to be taken back. */
export const merges = pgTable(
  'merges',
  {
    id: uuid().primaryKey(),
    entity: text().notNull(),
    winner: uuid().notNull(),
    loser: uuid().notNull(),
    /** Before and after, of the winner's fields and of those that referred to the loser. */
    changes: jsonb().$type<MergeChanges>().notNull(),
    /** Runs of the loser that went on with the winner. */
    runs: jsonb().$type<string[]>().notNull(),
    author: jsonb().$type<Author>().notNull(),
    at: instant().notNull(),
    undoneAt: instant('undone_at'),
  },
  (t) => [index('merges_winner').on(t.winner, t.id), index('merges_loser').on(t.loser, t.id)], // mergesOfRecord
);

export const events = pgTable(
  'events',
  {
    id: uuid().primaryKey(),
    type: text().notNull(),
    /** What the matching narrows by: the entity of a record event, the name of a hook, the id of a workflow. */
    topic: text().notNull(),
    recordId: uuid('record_id'),
    at: instant().notNull(),
    data: jsonb().$type<JsonObject>().notNull(),
    key: text(),
    chain: jsonb().$type<CauseChain>().notNull(),
  },
  (t) => [
    uniqueIndex('events_key').on(t.key).where(sql`key is not null`), // insertEvents
    index('events_record').on(t.recordId, t.id).where(sql`record_id is not null`), // eventPage
  ],
);

export const workflows = pgTable('workflows', {
  id: text().primaryKey(),
  name: text().notNull(),
  status: text().$type<'active' | 'paused'>().notNull(),
  draft: jsonb().$type<JsonObject>(),
  /** Rises with every save of the draft; the editor's optimistic lock. */
  revision: integer().notNull(),
  publishedVersion: integer('published_version'),
  updatedAt: instant('updated_at').notNull(),
});

export const workflowVersions = pgTable(
  'workflow_versions',
  {
    workflowId: text('workflow_id').notNull(),
    version: integer().notNull(),
    file: jsonb().$type<JsonObject>().notNull(),
    hash: text().notNull(),
    publishedAt: instant('published_at').notNull(),
    publishedBy: jsonb('published_by').$type<Author>().notNull(),
    note: text(),
  },
  (t) => [primaryKey({ columns: [t.workflowId, t.version] })],
);

export type RunStatus = 'active' | 'waiting' | 'paused' | 'done' | 'failed' | 'cancelled' | 'refused';
/** The states of runs that have not ended. */
export const OPEN_RUN: readonly RunStatus[] = ['active', 'waiting', 'failed', 'paused'];

/** Who waits for the end of a run: the run, and the wait by which it is told. */
export type Parent = { run: string; wait: string };

export const runs = pgTable(
  'runs',
  {
    id: uuid().primaryKey(),
    workflowId: text('workflow_id').notNull(),
    version: integer().notNull(),
    status: text().$type<RunStatus>().notNull(),
    recordId: uuid('record_id'),
    eventId: uuid('event_id'),
    /** What makes a second run of this workflow the same run: the event (re-entry always) or the record (once). */
    entryKey: text('entry_key').notNull(),
    /** When a worker should take it next; null while it waits for a signal only, or has ended. */
    dueAt: instant('due_at'),
    state: jsonb().$type<RunState>().notNull(),
    chain: jsonb().$type<CauseChain>().notNull(),
    parent: jsonb().$type<Parent>(),
    outcome: text(),
    /** What flow.end gave, for whoever called the run. */
    result: jsonb().$type<Json>(),
    error: jsonb().$type<ErrorData>(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('runs_due').on(t.dueAt).where(sql`due_at is not null`), // claimRuns
    index('runs_due_workflow').on(t.workflowId, t.dueAt).where(sql`due_at is not null`), // claimRunsFairly
    uniqueIndex('runs_entry').on(t.workflowId, t.entryKey), // insertRuns
    index('runs_record').on(t.recordId, t.workflowId, t.createdAt).where(sql`record_id is not null`), // recentRunCounts, runPage of one record
    index('runs_workflow').on(t.workflowId, t.id), // runPage of one workflow
    index('runs_failed').on(t.id).where(sql`status = 'failed'`), // retryRuns, runPage of the failed
    index('runs_parent').on(sql`(parent ->> 'run')`).where(sql`parent is not null`), // runPage of those that a run has called
  ],
);

export type StepStatus = 'done' | 'failed' | 'waiting' | 'cancelled';

export const steps = pgTable(
  'steps',
  {
    runId: uuid('run_id').notNull(),
    seq: integer().notNull(),
    node: text().notNull(),
    type: text().notNull(),
    status: text().$type<StepStatus>().notNull(),
    port: text(),
    attempt: smallint().notNull(),
    input: jsonb().$type<Json>(),
    output: jsonb().$type<Json>(),
    error: jsonb().$type<ErrorData>(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    /** Computing time in this process, microseconds; waiting does not count. */
    cpuMicros: integer('cpu_micros').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.seq] })], // stepsOfRun
);

/** What a waiting run has been told and has not taken in yet. */
export const signals = pgTable(
  'signals',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    runId: uuid('run_id').notNull(),
    /** The wait it answers (`Wait.id` in the run's state). */
    waitId: text('wait_id').notNull(),
    payload: jsonb().$type<SignalPayload>().notNull(),
    at: instant().notNull(),
  },
  (t) => [index('signals_run').on(t.runId)], // takeSignals
);

/** What waiting runs want to hear of. An event finds them by what it is about. */
export const waits = pgTable(
  'waits',
  {
    runId: uuid('run_id').notNull(),
    waitId: text('wait_id').notNull(),
    type: text().notNull(),
    /** `*`: any */
    topic: text().notNull(),
    /** `record:<id>`, or `<field>=<value>` of the event's data */
    correlation: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.waitId, t.type, t.topic, t.correlation] }), // deleteWaits
    index('waits_correlation').on(t.type, t.correlation), // waitedTypes, waitsFor
  ],
);

/** Values that runs and admissions share under a key; the row lock makes them exact. */
export const marks = pgTable(
  'marks',
  {
    key: bytewiseText().primaryKey(), // lockMarks, armCounts by prefix
    value: jsonb().$type<Json>().notNull(),
    expiresAt: instant('expires_at'),
  },
  (t) => [index('marks_expired').on(t.expiresAt).where(sql`expires_at is not null`)], // deleteExpiredMarks
);

export type EffectStatus = 'pending' | 'sent' | 'dead' | 'cancelled';

/** The outbox: what leaves the house. */
export const effects = pgTable(
  'effects',
  {
    id: uuid().primaryKey(),
    /** The idempotency key that the outside sees; equal for every attempt. */
    key: text().notNull(),
    runId: uuid('run_id').notNull(),
    waitId: text('wait_id').notNull(),
    node: text().notNull(),
    recordId: uuid('record_id'),
    connector: text().notNull(),
    /** What a breaker or a rate limit would count by: a host, a mail domain. */
    destination: text().notNull(),
    payload: jsonb().$type<JsonObject>().notNull(),
    retry: jsonb().$type<Retry>().notNull(),
    status: text().$type<EffectStatus>().notNull(),
    attempts: smallint().notNull(),
    nextAt: instant('next_at'),
    result: jsonb().$type<JsonObject>(),
    error: jsonb().$type<ErrorData>(),
    createdAt: instant('created_at').notNull(),
    settledAt: instant('settled_at'),
  },
  (t) => [
    uniqueIndex('effects_key').on(t.key), // insertEffects
    index('effects_run').on(t.runId), // effectsOfRun, cancelEffects
    index('effects_record').on(t.recordId, t.createdAt).where(sql`record_id is not null`), // sentCounts
    index('effects_open').on(t.status, t.id).where(sql`status in ('pending', 'dead')`), // effectPage, retryEffects
  ],
);

export type TimerKind = 'schedule' | 'idle' | 'trigger' | 'segment' | 'experiment' | 'retrain' | 'watch';

/** Moments at which something starts that is not a waiting run: schedules, dates, silences, segments to be asked again. */
export const timers = pgTable(
  'timers',
  {
    id: uuid().primaryKey(),
    kind: text().$type<TimerKind>().notNull(),
    /** Of a segment: its id. Of a model: `model:` and its id, which is no id of a workflow. */
    workflowId: text('workflow_id').notNull(),
    node: text().notNull(),
    /** There is one timer of a key for a node. */
    key: text().notNull(),
    recordId: uuid('record_id'),
    dueAt: instant('due_at').notNull(),
    data: jsonb().$type<JsonObject>().notNull(),
  },
  (t) => [
    index('timers_due').on(t.dueAt), // claimTimers
    uniqueIndex('timers_key').on(t.workflowId, t.node, t.key), // upsertTimers, deleteTimersByKey, deleteTimers
  ],
);

/** Round-robin positions. The row lock makes a position exact under any number of workers. */
export const pointers = pgTable('pointers', {
  key: text().primaryKey(),
  value: bigint({ mode: 'number' }).notNull(),
});

/** Documents that workflows have made. */
export const files = pgTable(
  'files',
  {
    id: uuid().primaryKey(),
    /** The effect that made it: a repetition makes no second one. */
    effectKey: text('effect_key').notNull(),
    name: text().notNull(),
    mime: text().notNull(),
    size: integer().notNull(),
    /** Hexadecimal. */
    sha256: text().notNull(),
    bytes: bytea().notNull(),
    runId: uuid('run_id').notNull(),
    recordId: uuid('record_id'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [uniqueIndex('files_effect').on(t.effectKey)], // insertFile
);

/** A file that goes with a message. */
export interface Attachment {
  /** Id in `files`. */
  file: string;
  name: string;
  size: number;
}

/** The development mailbox: messages of every channel that has no real connector configured. */
export const mailbox = pgTable(
  'mailbox',
  {
    id: uuid().primaryKey(),
    effectKey: text('effect_key').notNull(),
    channel: text().notNull(),
    sender: text().notNull(),
    recipients: jsonb().$type<string[]>().notNull(),
    subject: text(),
    text: text(),
    html: text(),
    attachments: jsonb().$type<Attachment[]>().notNull().default([]),
    recordId: uuid('record_id'),
    runId: uuid('run_id'),
    at: instant().notNull(),
  },
  (t) => [uniqueIndex('mailbox_effect').on(t.effectKey), index('mailbox_record').on(t.recordId)], // insertMailbox, mailboxPage
);

/** Custom entities and the custom fields of built-in ones. */
export const entities = pgTable('entities', {
  name: text().primaryKey(),
  definition: jsonb().$type<EntityDefinition>().notNull(),
  updatedAt: instant('updated_at').notNull(),
});

export const segments = pgTable('segments', {
  id: text().primaryKey(),
  definition: jsonb().$type<SegmentDefinition>().notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** Forecasts as admins have defined them. */
export const forecasts = pgTable('forecasts', {
  id: text().primaryKey(), // forecastDefinitions
  definition: jsonb().$type<ForecastDefinition>().notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** Learned models as they are defined, and which version speaks. */
export const models = pgTable('models', {
  id: text().primaryKey(),
  definition: jsonb().$type<ModelDefinition>().notNull(),
  /** The version that is asked; null: none. */
  live: integer(),
  /** The one that was asked before: one step back. */
  previous: integer(),
  /** Whether the live version still fits, as it was last looked at; null: not looked at yet. */
  drift: jsonb().$type<DriftState>(),
  updatedAt: instant('updated_at').notNull(),
});

/** Every version that was trained; none is changed. */
export const modelVersions = pgTable(
  'model_versions',
  {
    modelId: text('model_id').notNull(),
    version: integer().notNull(),
    /** As it was when the version was trained: the version goes by it, not by what the model has become. */
    definition: jsonb().$type<ModelDefinition>().notNull(),
    model: jsonb().$type<Model>().notNull(),
    figures: jsonb().$type<Figures>().notNull(),
    report: jsonb().$type<TrainingReport>().notNull(),
    /** Whom it has learned from, to tell whether others come now; null of versions from before this was kept. */
    population: jsonb().$type<Population>(),
    trainedAt: instant('trained_at').notNull(),
    author: jsonb().$type<Author>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.modelId, t.version] })], // modelVersionPage, liveModelVersions
);

/** What a training has gathered so far; gone when the version is there. */
export const trainingPieces = pgTable(
  'training_pieces',
  {
    modelId: text('model_id').notNull(),
    seq: integer().notNull(),
    piece: jsonb().$type<TrainingPiece>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.modelId, t.seq] })], // trainingPiecesOf
);

export type JobStatus = 'running' | 'done' | 'failed' | 'cancelled';

/** Long work done piece by piece, each piece with its progress in one transaction. */
export const jobs = pgTable(
  'jobs',
  {
    id: uuid().primaryKey(),
    kind: text().notNull(),
    data: jsonb().$type<JsonObject>().notNull(),
    /** Where the next piece begins; what that means is up to the kind. */
    cursor: text(),
    done: integer().notNull(),
    failed: integer().notNull(),
    /** What has come of it: runs that were started or moved, records that belong to the segment. */
    made: integer().notNull().default(0),
    /** How many there were when it began, where that can be told. */
    total: integer(),
    status: text().$type<JobStatus>().notNull(),
    error: jsonb().$type<ErrorData>(),
    author: jsonb().$type<Author>().notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [index('jobs_running').on(t.id).where(sql`status = 'running'`)], // claimJob
);

export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    /** SHA-256 of the key; the key itself has 256 random bits and is shown once. */
    hash: text().notNull(),
    scopes: jsonb().$type<string[]>().notNull(),
    createdAt: instant('created_at').notNull(),
    lastUsedAt: instant('last_used_at'),
    revokedAt: instant('revoked_at'),
  },
  (t) => [uniqueIndex('api_keys_hash').on(t.hash)], // keyByHash
);

/** Secrets of connectors and webhooks, encrypted (AES-256-GCM); never returned. */
export const credentials = pgTable('credentials', {
  name: text().primaryKey(),
  kind: text().notNull(),
  sealed: text().notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** Numbers that processes watch: `catalog` rises whenever workflows or entities change, so that each reloads them. */
export const counters = pgTable('counters', {
  name: text().primaryKey(),
  value: bigint({ mode: 'number' }).notNull(),
});
