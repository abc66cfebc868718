/** `score.points` over the events that the database has kept. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../engine/runtime/change.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from './support.ts';

const SCORE = workflow(
  'score',
  {
    t: { type: 'trigger.event', params: { event: 'score.now', entity: 'lead' } },
    points: {
      type: 'score.points',
      params: {
        rules: [
          { events: { types: ['page.viewed'], half_life: 'P1D' }, points: 1 },
          { events: { types: ['message.unsubscribed'], within: 'P365D' }, points: -30 },
        ],
      },
    },
  },
  [['t', 'points']],
);

describe.each(['memory', 'postgres'] as const)('points for events on %s', (kind) => {
  let t: TestEngine;
  beforeEach(async () => {
    t = await openTestEngine(kind);
    await t.publish(SCORE);
  });
  afterEach(() => t.close());

  it('count all that have happened, more than one question gives, each by its age', async () => {
    const { id } = await t.create('lead', { name: 'Ann' });
    const other = await t.create('lead', { name: 'Bob' });
    const write = async (type: string, count: number, recordId = id): Promise<void> => {
      const change: Change = { kind: 'event', type, topic: '', data: {}, recordId };
      for (let i = 0; i < count; i++) {
        if (i % 30 === 29) t.clock.advance(1);
        await t.engine.intake.submitOne(change, somebody);
      }
    };
    await write('message.unsubscribed', 1);
    await write('page.viewed', 130);
    await write('page.viewed', 50, other.id);
    t.clock.advance(86_400_000);
    await write('page.viewed', 120);
    await write('score.now', 1);
    await t.engine.drain();
    expect(await t.read(id)).toMatchObject({ score: 130 / 2 + 120 - 30 });
  });
});
