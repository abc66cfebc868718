/** What runs for every event, run, timer or page must not read a table from end to end, however many rows there are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoreTx } from '../../engine/store/port.ts';
import type { StoredFind } from '../../engine/store/queries/records.ts';
import { OPEN_RUN } from '../../engine/store/schema.ts';
import { type FreshDatabase, freshSqlDatabase } from '../support/databases.ts';
import { openPlanner, type Planner } from '../support/plans.ts';
import { DAY, FILL, NOW, ROWS, records, runId, uuid } from './plans-fixture.ts';

const someRuns = Array.from({ length: 20 }, (_, i) => runId(i * 100 + 1));

const inCity = (city: string): StoredFind => ({ entity: 'lead', contains: { city }, hot: {}, limit: 2 });

const QUERIES: [name: string, ask: (store: StoreTx) => Promise<unknown>, index: string][] = [
  ['claimTimers', (store) => store.claimTimers(NOW, 100), 'timers_due'],
  ['nextTimerDue', (store) => store.nextTimerDue(), 'timers_due'],
  ['deleteTimersByKey', (store) => store.deleteTimersByKey([{ workflowId: 'w1', node: 'n', key: '1' }]), 'timers_key'],
  ['deleteTimersOfVersion', (store) => store.deleteTimersOfVersion('w1', ['n']), 'timers_key'],
  ['deleteTimersById', (store) => store.deleteTimersById(records), 'timers_pkey'],
  ['deleteWaits', (store) => store.deleteWaits(records), 'waits_run_id_wait_id_type_topic_correlation_pk'],
  [
    'waitsFor',
    (store) =>
      store.waitsFor(
        ['message.answered', 'message.opened'],
        records.map((id) => `record:${id}`),
      ),
    'waits_correlation',
  ],
  ['waitedTypes', (store) => store.waitedTypes(['message.answered', 'message.opened', 'record.updated']), 'waits_correlation'],
  ['lockMarks', (store) => store.lockMarks(records.map((id) => `arm:w1:split:${id}`)), 'marks_pkey'],
  ['readMarks', (store) => store.readMarks(records.map((id) => `arm:w1:split:${id}`)), 'marks_pkey'],
  ['markKeys', (store) => store.markKeys('segment:s1:', undefined, 51), 'marks_pkey'],
  ['markKeys after a page', (store) => store.markKeys('segment:s1:', `segment:s1:${uuid(12_001)}`, 51), 'marks_pkey'],
  ['armCounts', (store) => store.armCounts('arm:w1:split:', 0), 'marks_pkey'],
  ['deleteExpiredMarks', (store) => store.deleteExpiredMarks(NOW, 100), 'marks_expired'],
  ['recordByKey', (store) => store.recordByKey('lead', 'mail2@example.com'), 'records_key'],
  ['findRecordIds by a field', (store) => store.findRecordIds(['City 1', 'City 2'].map(inCity)), 'records_findable'],
  [
    'aggregateRecords of what is found by a field',
    (store) =>
      store.aggregateRecords(
        {
          entity: 'lead',
          match: {},
          period: null,
          group: null,
          measures: [{ name: 'n', op: 'count', source: null, currency: null }],
          limit: 1,
        },
        { hot: {}, contains: { city: 'City 1' } },
      ),
    'records_findable',
  ],
  ['recordsByIds', (store) => store.recordsByIds(records, 'none'), 'records_pkey'],
  ['recordsByIds under their locks', (store) => store.recordsByIds(records, 'wait'), 'records_pkey'],
  ['recordsByIds that nobody holds', (store) => store.recordsByIds(records, 'skip'), 'records_pkey'],
  ['recordsByIds that are shared', (store) => store.recordsByIds(records, 'share'), 'records_pkey'],
  ['recordsByIds that are shared and nobody holds', (store) => store.recordsByIds(records, 'shareFree'), 'records_pkey'],
  ['changesSinceRun', (store) => store.changesSinceRun(uuid(1), runId(2_501)), 'record_changes_record_id_version_pk'],
  ['changesOfRecords', (store) => store.changesOfRecords(records), 'record_changes_record_id_version_pk'],
  ['ownerChanges', (store) => store.ownerChanges({ entity: 'lead', from: NOW - DAY, until: NOW }, undefined, 500), 'record_changes_owner'],
  [
    'ownerChanges after a page',
    (store) =>
      store.ownerChanges({ entity: 'lead', from: NOW - 7 * DAY, until: NOW }, { at: NOW - DAY, recordId: uuid(50), version: 3 }, 500),
    'record_changes_owner',
  ],
  ['eventsByIds', (store) => store.eventsByIds(records), 'events_pkey'],
  ['eventsByKeys', (store) => store.eventsByKeys(['k2', 'k4']), 'events_key'],
  [
    'eventsSince',
    (store) => store.eventsSince(records.map((recordId) => ({ recordId, types: ['message.opened'], since: NOW - DAY }))),
    'events_record',
  ],
  [
    'eventCounts',
    (store) => store.eventCounts(records.map((recordId) => ({ recordId, type: 'message.opened', since: NOW - DAY }))),
    'events_record',
  ],
  [
    'sentCounts',
    (store) => store.sentCounts(records.map((recordId) => ({ recordId, channel: 'email', since: NOW - DAY }))),
    'effects_record',
  ],
  [
    'recordsAlike',
    (store) => store.recordsAlike(records.map((_, i) => ({ entity: 'lead', keys: [`petrov+${i}`, `~ptrv.${i}`] }))),
    'record_keys_entity_key_record_id_pk',
  ],
  [
    'deleteRecordKeys',
    (store) => store.deleteRecordKeys(records.map((recordId, i) => ({ entity: 'lead', key: `petrov+${i}`, recordId }))),
    'record_keys_entity_key_record_id_pk',
  ],
  ['mergeById', (store) => store.mergeById(uuid(1), true), 'merges_pkey'],
  ['mergesOfRecord', (store) => store.mergesOfRecord(uuid(100_001), 50), 'merges_loser'],
  ['mergesOfRecord of one that stayed', (store) => store.mergesOfRecord(uuid(1), 50), 'merges_winner'],
  ['moveRuns', (store) => store.moveRuns({ from: uuid(1), to: uuid(2) }), 'runs_record'],
  ['nextEffectDue', (store) => store.nextEffectDue(), 'effects_open'],
  ['effectsOfRun', (store) => store.effectsOfRun(runId(1)), 'effects_run'],
  ['outputsOfNodes', (store) => store.outputsOfNodes(someRuns, ['n']), 'steps_run_id_seq_pk'],
  ['ownerLoads', (store) => store.ownerLoads({ entity: 'deal', stages: ['new'], sum: null }, records), 'records_owner'],
  ['stepsOfRun', (store) => store.stepsOfRun(runId(1)), 'steps_run_id_seq_pk'],
  ['signalsOfRuns', (store) => store.signalsOfRuns(someRuns), 'signals_run'],
  ['runById', (store) => store.runById(runId(1)), 'runs_pkey'],
  ['claimRunsByIds', (store) => store.claimRunsByIds(someRuns), 'runs_pkey'],
  ['enteredKeys', (store) => store.enteredKeys([{ workflowId: 'w1', entryKey: 'e1' }]), 'runs_entry'],
  ['openRunIds', (store) => store.openRunIds(records.map((recordId) => ({ workflowId: 'w1', recordId }))), 'runs_record'],
  [
    'recentRunCounts',
    (store) =>
      store.recentRunCounts(
        records.map((recordId) => ({ workflowId: 'w1', recordId })),
        NOW - DAY,
      ),
    'runs_record',
  ],
  ['newestRunAt', (store) => store.newestRunAt('w1'), 'runs_workflow'],
  ['newestRunAt of a workflow without runs', (store) => store.newestRunAt('none'), 'runs_workflow'],
  [
    'runsOfWorkflow where more fit than a piece takes',
    (store) => store.runsOfWorkflow({ workflowId: 'w10', statuses: OPEN_RUN }, null, 1),
    'runs_workflow',
  ],
  [
    'runsOfWorkflow of a version after a piece',
    (store) => store.runsOfWorkflow({ workflowId: 'w10', version: 1, statuses: OPEN_RUN }, runId(12_500), 500),
    'runs_workflow',
  ],
  [
    'runsOfWorkflow of a workflow without runs',
    (store) => store.runsOfWorkflow({ workflowId: 'none', version: 1, statuses: OPEN_RUN }, null, 500),
    'runs_workflow',
  ],
  ['claimRuns', (store) => store.claimRuns(NOW, 200), 'runs_due'],
  ['claimRunsFairly', (store) => store.claimRunsFairly(NOW, 200), 'runs_due_workflow'],
  ['claimJob', (store) => store.claimJob(null), 'jobs_running'],
  ['claimJob after another', (store) => store.claimJob(uuid(10_000)), 'jobs_running'],
  ['jobsRunning', (store) => store.jobsRunning(), 'jobs_running'],
  ['deleteEndedRuns', (store) => store.deleteEndedRuns({ workflowId: 'w1', before: NOW - 16 * DAY }, 1_000), 'runs_pkey'],
  [
    'deleteEndedRuns where most is to go',
    (store) => store.deleteEndedRuns({ workflowId: 'w1', before: NOW - DAY }, 1_000),
    'steps_run_id_seq_pk',
  ],
];

describe(`on postgres with ${ROWS} rows a table`, () => {
  let fresh: FreshDatabase;
  let planner: Planner;
  beforeAll(async () => {
    const database = await freshSqlDatabase('postgres');
    fresh = database;
    await database.db.script(FILL);
    planner = openPlanner(database.url ?? '');
  });
  afterAll(async () => {
    await planner.close();
    await fresh.drop();
  });

  it.each(QUERIES)('%s goes by an index', async (_name, ask, index) => {
    const { scanned, indexes } = await planner.plan(ask);
    expect(scanned).toEqual([]);
    expect(indexes).toContain(index);
  });

  it('a query without an index would be found out', async () => {
    const { scanned } = await planner.plan((store) => store.eventPage({ type: 'no.such' }, undefined, 10));
    const plain = await planner.plan((store) => store.countRecords('lead'));
    expect([...scanned, ...plain.scanned].length).toBeGreaterThan(0);
  });
});
