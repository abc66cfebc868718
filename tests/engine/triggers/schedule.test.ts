import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../engine/ports/logger.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { databaseKinds } from '../../support/databases.ts';
import { openTestEngine, type TestEngine } from '../support.ts';
import { listen, runsOf } from '../support-flow.ts';

const MINUTE = 60_000;
const everyMinute: JsonObject = { type: 'trigger.schedule', params: { cron: '* * * * *', timezone: 'UTC' } };

describe.each(databaseKinds)('trigger.schedule on %s', (kind) => {
  const errors: { fields: object; message: string }[] = [];
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind, { logger: { ...silentLogger, error: (fields, message) => errors.push({ fields, message }) } });
  });
  afterAll(() => takt.close());

  /** Gives the timer of a workflow other data, as a restored or hand-edited database could have. */
  const spoil = (workflowId: string, data: JsonObject) =>
    takt.engine.ports.database.transaction(async (tx) => {
      const timers = await tx.claimTimers(takt.clock.now() + MINUTE, 100);
      await tx.upsertTimers(timers.filter((timer) => timer.workflowId === workflowId).map((timer) => ({ ...timer, data })));
    });

  it.each<[string, JsonObject, string]>([
    ['of an unknown kind', { kind: 'sometimes' }, 'TIMER_INVALID'],
    ['without a rule', { kind: 'recurrence', missed: 'once' }, 'TIMER_INVALID'],
    [
      'with a rule that cannot be read',
      { kind: 'recurrence', missed: 'once', recurrence: { kind: 'cron', cron: 'x', timezone: 'UTC' } },
      'CRON_INVALID',
    ],
  ])('a timer %s is logged and over, and the others go on', async (what, data, code) => {
    const [broken, sound] = [`broken-${what.replaceAll(' ', '-')}`, `sound-${what.replaceAll(' ', '-')}`];
    errors.length = 0;
    await listen(takt, broken, everyMinute);
    await listen(takt, sound, everyMinute);
    await spoil(broken, data);
    await takt.pass(2 * MINUTE);
    expect([(await runsOf(takt, broken)).length, (await runsOf(takt, sound)).length]).toEqual([0, 2]);
    expect(errors).toMatchObject([{ fields: { err: { code }, workflow: broken, node: 'start' } }]);
    for (const status of ['paused', 'active'] as const) await takt.engine.workflows.setStatus(broken, status);
    await takt.pass(MINUTE);
    expect(await runsOf(takt, broken)).toHaveLength(1);
  });
});
