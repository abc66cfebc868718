import { describe, expect, it } from 'vitest';
import { HealthCheck } from '../../engine/health/health.ts';
import { Vitals } from '../../engine/health/vitals.ts';
import { VirtualClock } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { advanceBatch } from '../../engine/worker/batch.ts';
import { onLeadCreated, openTestEngine, START, workflow } from '../engine/support.ts';

const SECOND = 1_000;

function watched(): { vitals: Vitals; clock: VirtualClock; lines: string[] } {
  const lines: string[] = [];
  const note =
    (level: string) =>
    (_fields: object, text: string): void => {
      lines.push(`${level} ${text}`);
    };
  const logger: Logger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  const clock = new VirtualClock(START);
  return { vitals: new Vitals({ clock, logger }), clock, lines };
}

describe('a part that does not work', () => {
  const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const full = Object.assign(new Error('could not extend file'), { code: '53100' });

  it('is tried again after ever longer pauses, ten seconds at most, and at once less often when it has worked', () => {
    const { vitals } = watched();
    const pauses = Array.from({ length: 8 }, () => vitals.failed('worker', gone));
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
    vitals.worked('worker');
    expect(vitals.failed('worker', gone)).toBe(500);
  });

  it('is told once for each kind of failure, and once when it works again', () => {
    const { vitals, lines, clock } = watched();
    for (const error of [gone, gone, gone, full, full]) {
      vitals.failed('worker', error);
      clock.advance(SECOND);
    }
    vitals.worked('worker');
    vitals.worked('worker');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['error', 'error', 'info']);
    expect(lines[1]).toContain('disk is full');
  });

  it('keeps since when, also when the reason becomes another', () => {
    const { vitals, clock } = watched();
    const began = clock.now();
    vitals.failed('worker', gone);
    clock.advance(5 * SECOND);
    vitals.failed('worker', full);
    expect(vitals.states()).toMatchObject([{ part: 'worker', failure: { since: began, error: { code: 'DATABASE_FULL' } } }]);
  });
});

describe('health', () => {
  const codes = async (check: HealthCheck) => {
    const { status, problems } = await check.look();
    return [status, ...problems.map(({ code }) => code)];
  };

  it('is ok with nothing to do, late when due runs wait for a minute, and says when nobody carries them out', async () => {
    const takt = await openTestEngine('memory');
    const { engine, clock } = takt;
    await takt.publish(workflow('w', { start: onLeadCreated, a: { type: 'data.set', params: { values: { x: 1 } } } }, [['start', 'a']]));
    expect(await codes(engine.health)).toEqual(['ok']);
    await takt.create('lead', { last_name: 'Due' });
    clock.advance(60 * SECOND);
    expect(await codes(engine.health)).toEqual(['ok']);
    clock.advance(1);
    expect(await codes(engine.health)).toEqual(['degraded', 'WORKER_MISSING']);
    engine.ports.vitals.worked('worker');
    const late = await engine.health.look();
    expect(late).toMatchObject({
      status: 'degraded',
      problems: [{ code: 'RUNS_LATE', since: clock.now() - 60 * SECOND - 1 }],
      queues: { dueRuns: 1 },
    });
    await engine.drain();
    expect(await codes(engine.health)).toEqual(['ok']);
    await takt.close();
  });

  it('says that effects should have left, and that a part stands still or fails', async () => {
    const takt = await openTestEngine('postgres');
    const { engine, clock } = takt;
    const { vitals } = engine.ports;
    vitals.began('worker');
    clock.advance(61 * SECOND);
    expect(await codes(engine.health)).toEqual(['degraded', 'PART_STUCK']);
    vitals.failed('worker', new TypeError('a defect'));
    const failing = await engine.health.look();
    expect(failing.problems).toMatchObject([{ code: 'PART_FAILING', message: expect.stringContaining('a defect') }]);
    vitals.worked('worker');
    vitals.began('helper');
    clock.advance(61 * SECOND);
    expect((await engine.health.look()).problems).toMatchObject([
      { code: 'PART_STUCK', message: expect.stringContaining('second lane of the worker') },
    ]);
    vitals.worked('helper');
    await takt.publish(
      workflow('w', { start: onLeadCreated, a: { type: 'http.request', params: { method: 'GET', url: 'https://example.com/' } } }, [
        ['start', 'a'],
      ]),
    );
    takt.http.failure = new Error('never asked');
    await takt.create('lead', { last_name: 'Due' });
    await advanceBatch(engine.ports, 10);
    clock.advance(181 * SECOND);
    expect(await codes(engine.health)).toEqual(['degraded', 'EFFECTS_LATE']);
    await takt.close();
  });

  it('is unavailable when tables are missing, or a writer was refused and nobody has written since', async () => {
    const takt = await openTestEngine('memory');
    const { ports } = takt.engine;
    const missing = Object.assign(new Error('relation "runs" does not exist'), { code: '42P01' });
    const bare = {
      ...ports,
      database: { ...ports.database, store: { ...ports.database.store, queueState: () => Promise.reject(missing) } },
    };
    expect(await codes(new HealthCheck(bare))).toEqual(['unavailable', 'DATABASE_TABLES']);
    ports.vitals.worked('look');
    ports.vitals.failed('intake', Object.assign(new Error('could not extend file'), { code: '53100' }));
    const full = Object.assign(new Error('could not extend file'), { code: '53100' });
    const stillFull = {
      ...ports,
      database: { ...ports.database, store: { ...ports.database.store, probeRoom: () => Promise.reject(full) } },
    };
    const check = new HealthCheck(stillFull);
    expect(await codes(check)).toEqual(['unavailable', 'DATABASE_FULL']);
    expect(await codes(check)).toEqual(['unavailable', 'DATABASE_FULL']);
    expect(await codes(takt.engine.health)).toEqual(['ok']);
    await takt.close();
  });
});
