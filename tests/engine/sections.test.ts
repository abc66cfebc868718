import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from './support.ts';

describe.each(databaseKinds)('a critical section shared by runs on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  const waits = (event: string): JsonObject => ({ type: 'flow.wait_event', params: { events: [{ event }] } });

  /** Begins runs one after the other that each want into the section, and stay until told `left`. */
  async function line(key: string, count: number, nodes: Record<string, JsonObject> = {}): Promise<{ id: string; lead: string }[]> {
    const lock = { type: 'flow.lock', params: { key } };
    const all = {
      start: { type: 'trigger.manual' },
      lock,
      stay: waits('left'),
      unlock: { type: 'flow.unlock', params: { key } },
      ...nodes,
    };
    const order = ['start', 'lock', 'stay', ...Object.keys(nodes), 'unlock'];
    await takt.publish(
      workflow(
        key,
        all,
        order.slice(1).map((node, i) => [order[i] ?? '', node]),
      ),
    );
    const runs: { id: string; lead: string }[] = [];
    for (let i = 0; i < count; i++) {
      const lead = await takt.create('lead', { last_name: `L${i}`, score: 0 });
      const id = await takt.engine.runs.start(key, somebody, { recordId: lead.id });
      await takt.pass(0);
      runs.push({ id: id ?? '', lead: lead.id });
    }
    return runs;
  }
  const leave = async (run: { lead: string } | undefined): Promise<void> => {
    await takt.engine.intake.submitOne({ kind: 'event', type: 'left', topic: '', data: {}, recordId: run?.lead }, somebody);
    await takt.pass(0);
  };
  const nodesOf = (runs: readonly { id: string }[]) =>
    Promise.all(
      runs.map(async ({ id }) => {
        const { run } = await takt.engine.runs.get(id);
        return run.state.tokens[0]?.node ?? run.status;
      }),
    );

  it('passes over a run that was cancelled in line', async () => {
    const runs = await line('passed-over', 4);
    expect(await nodesOf(runs)).toEqual(['stay', 'lock', 'lock', 'lock']);
    await takt.engine.runs.cancel(runs[1]?.id ?? '');
    await leave(runs[0]);
    expect(await nodesOf(runs)).toEqual(['done', 'cancelled', 'stay', 'lock']);
  });

  it('is given free by a run that is cancelled in it', async () => {
    const runs = await line('given-free', 2);
    await takt.engine.runs.cancel(runs[0]?.id ?? '');
    await takt.pass(0);
    expect(await nodesOf(runs)).toEqual(['cancelled', 'stay']);
  });

  it('is kept by a run that fails in it, and passed on when that is retried', async () => {
    const picky = { type: 'record.update', params: { fields: { score: '= record.score > 0 ? 1 : "none"' } } };
    const runs = await line('kept', 2, { picky });
    const [first] = runs;
    await leave(first);
    expect((await takt.engine.runs.get(first?.id ?? '')).run.status).toBe('failed');
    expect(await nodesOf(runs)).toEqual(['picky', 'lock']);
    await takt.update(first?.lead ?? '', { score: 5 });
    await takt.engine.runs.retry(first?.id ?? '');
    await takt.pass(0);
    expect(await nodesOf(runs)).toEqual(['done', 'stay']);
  });
});
