import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fireTimers } from '../../engine/worker/timers.ts';
import { closeDeals, DEAL_WON } from '../support/closed-deals.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from './support.ts';

const DAY = 86_400_000;
const history = ({ engine, clock }: TestEngine, count: number, turned = false): Promise<void> =>
  closeDeals(engine, count, () => clock.advance(60_000), turned);

describe.each(['memory', 'postgres'] as const)('a model on %s', (kind) => {
  let t: TestEngine;
  beforeEach(async () => {
    t = await openTestEngine(kind);
  });
  afterEach(() => t.close());

  const versions = async () => (await t.engine.models.versions('deal-won', 10)).items.map(({ version }) => version);
  const jobs = async (of: string) => (await t.engine.jobs.page({ kind: of }, 50)).items.length;
  const drift = async () => (await t.engine.models.get('deal-won')).drift;

  it('that says so is trained by itself, one time after the other, and a restart loses nothing of it', async () => {
    await history(t, 400);
    await t.engine.models.define({ ...DEAL_WON, retrain: { every: 'P7D' } });
    await t.pass(6 * DAY);
    expect(await versions()).toEqual([]);
    const other = t.another();
    t.clock.advance(DAY + 60_000);
    await other.drain();
    expect(await versions()).toEqual([1]);
    await t.pass(7 * DAY);
    expect(await versions()).toEqual([2, 1]);
    expect(await t.engine.models.get('deal-won')).toMatchObject({ live: 1 });
    // Defined anew as it was, it does not begin to count from nothing.
    await t.pass(6 * DAY);
    await t.engine.models.define({ ...DEAL_WON, name: 'Other', retrain: { every: 'P7D' } });
    await t.pass(DAY);
    expect(await versions()).toEqual([3, 2, 1]);
    await t.engine.models.define(DEAL_WON);
    await t.pass(30 * DAY);
    expect(await versions()).toEqual([3, 2, 1]);
  });

  it('is trained once by several servers, not beside a training under way, and once for all that was missed', async () => {
    await history(t, 300);
    await t.engine.models.define({ ...DEAL_WON, retrain: { cron: '0 3 * * 1', timezone: 'Europe/Moscow' } });
    t.clock.advance(30 * DAY);
    const other = t.another();
    await Promise.all([fireTimers(t.engine.ports), fireTimers(other.ports)]);
    await Promise.all([fireTimers(t.engine.ports), fireTimers(other.ports)]);
    expect(await jobs('train')).toBe(1);
    await t.engine.drain();
    expect(await versions()).toEqual([1]);
    await t.engine.models.train('deal-won', somebody);
    t.clock.advance(8 * DAY);
    await fireTimers(t.engine.ports);
    expect(await jobs('train')).toBe(2);
  });

  it('that has too little to learn from goes on trying', async () => {
    await history(t, 50);
    await t.engine.models.define({ ...DEAL_WON, retrain: { every: 'P1D' } });
    await t.pass(DAY);
    expect((await t.engine.jobs.page({ kind: 'train' }, 5)).items).toMatchObject([
      { status: 'failed', error: { code: 'TOO_LITTLE_TO_LEARN' } },
    ]);
    await history(t, 300);
    await t.pass(DAY);
    expect(await versions()).toEqual([1]);
  });

  it('that no longer fits rings once, and workflows start with that', async () => {
    await history(t, 400);
    await t.engine.models.define(DEAL_WON);
    await t.engine.models.train('deal-won', somebody);
    await t.engine.drain();
    await t.publish(
      workflow(
        'alarm',
        {
          t: { type: 'trigger.event', params: { event: 'model.drift', topic: '*' } },
          task: { type: 'task.create', params: { title: 'Look at {{event.data.model}}: {{event.data.calibration}}' } },
        },
        [['t', 'task']],
      ),
    );
    await history(t, 200);
    await t.pass(DAY);
    expect(await drift()).toMatchObject({ version: 1, rows: 200, alarm: false, calibration: null, since: null });
    expect(await t.all('task')).toEqual([]);
    // From now on next to nothing is won.
    const ids = await Promise.all(
      Array.from({ length: 80 }, () => t.create('deal', { name: 'D', source: 'referral', budget: { amount: 1_000, currency: 'RUB' } })),
    );
    for (const { id } of ids) await t.update(id, { stage: 'lost' });
    await t.pass(DAY);
    const seen = await drift();
    expect(seen).toMatchObject({ rows: 280, alarm: true, calibration: 'over' });
    expect(seen?.predicted).toBeGreaterThan(seen?.actual ?? 1);
    await t.pass(3 * DAY);
    expect((await drift())?.since).toBe(seen?.since);
    expect((await t.all('task')).map(({ title }) => title)).toEqual(['Look at deal-won: over']);
    expect(await t.engine.ports.database.store.trainingPiecesOf('watch:deal-won')).toEqual([]);
    await t.engine.models.back('deal-won');
    expect(await drift()).toBeNull();
    await t.engine.models.remove('deal-won');
    expect(await jobs('drift')).toBe(5);
    await t.pass(3 * DAY);
    expect(await jobs('drift')).toBe(5);
  });

  it('cannot be trained by itself more often than every hour, nor by no schedule', async () => {
    const problems = async (retrain: object) =>
      (await t.engine.models.validate({ ...DEAL_WON, retrain })).map(({ code, pointer }) => [code, pointer]);
    expect(await problems({ every: 'PT1M' })).toEqual([['MODEL_INVALID', '/retrain/every']]);
    expect(await problems({ cron: '61 * * * *' })).toEqual([['CRON_INVALID', '/retrain/cron']]);
    expect(await problems({ cron: '0 3 * * 1', timezone: 'Mars/Base' })).toEqual([['TIMEZONE_UNKNOWN', '/retrain/timezone']]);
    expect(await problems({ every: 'P7D' })).toEqual([]);
  });
});
