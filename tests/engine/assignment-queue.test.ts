/** Records that wait for somebody: in order, for as long as they should, and none is forgotten. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { onLeadCreated, openTestEngine, type TestEngine, workflow } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const routing = (fallback: JsonObject, more: JsonObject = {}): JsonObject =>
  workflow(
    'routing',
    {
      new: onLeadCreated,
      assign: {
        type: 'assign.owner',
        params: {
          pool: { team: 'sales' },
          eligibility: { presence: { of: ['online'] }, capacity: { load: 'open', max: 2 } },
          strategy: ['round_robin'],
          fallback: { queue: 'sales', ...fallback },
          ...more,
        },
      },
      given: { type: 'flow.end', params: { outcome: 'given' } },
      over: { type: 'flow.end', params: { outcome: '= nodes.assign.queue' } },
    },
    [
      ['new', 'assign'],
      ['assign:assigned', 'given'],
      ['assign:nobody', 'over'],
    ],
  );

describe.each(databaseKinds)('the queue of assign.owner on %s', (kind) => {
  let takt: TestEngine;
  let olga: string;
  beforeEach(async () => {
    takt = await openTestEngine(kind);
    olga = (await takt.create('user', { name: 'Olga', presence: 'offline' })).id;
    await takt.create('team', { key: 'sales', name: 'Sales', members: [olga] });
  });
  afterEach(() => takt.close());

  const lead = async (name: string): Promise<string> => {
    const { id } = await takt.create('lead', { name });
    await takt.pass(0);
    return id;
  };
  const owners = async (ids: readonly string[]) => {
    const all = await Promise.all(ids.map((id) => takt.read(id)));
    return all.map((one) => one.owner ?? null);
  };
  const outcomes = async () => (await takt.engine.runs.page({ workflowId: 'routing' }, 100)).items.map((run) => run.outcome);

  it('gives what waits to whoever comes, at once, the first first, and holds the rest until there is room', async () => {
    await takt.publish(routing({ hold: 'P1D' }));
    const ids = [await lead('A'), await lead('B'), await lead('C')];
    await takt.pass(10 * MINUTE);
    expect(await owners(ids)).toEqual([null, null, null]);
    await takt.update(olga, { presence: 'online' });
    await takt.pass(0);
    expect(await owners(ids)).toEqual([olga, olga, null]);
    await takt.update(ids[1] ?? '', { stage: 'lost' });
    await takt.pass(MINUTE);
    expect(await owners(ids)).toEqual([olga, olga, olga]);
    expect(await outcomes()).toEqual(['given', 'given', 'given']);
  });

  it('lets nobody go past those who wait', async () => {
    await takt.publish(routing({ hold: 'P1D', check: 'PT1H' }));
    await takt.update(olga, { presence: 'online' });
    const before = [await lead('A'), await lead('B')];
    const waiting = await lead('C');
    // There is room again, but the first of the queue has not looked yet.
    for (const id of before) await takt.update(id, { stage: 'lost' });
    const late = await lead('D');
    expect(await owners([waiting, late])).toEqual([null, null]);
    await takt.pass(HOUR);
    expect(await owners([waiting, late])).toEqual([olga, olga]);
  });

  it('goes by nobody when it has waited long enough, and the next one is not held up', async () => {
    await takt.publish(routing({ hold: 'PT1H' }));
    const ids = [await lead('A'), await lead('B')];
    await takt.pass(2 * HOUR);
    expect(await owners(ids)).toEqual([null, null]);
    expect(await outcomes()).toEqual(['sales', 'sales']);
    await takt.update(olga, { presence: 'online' });
    expect(await owners([await lead('C')])).toEqual([olga]);
  });

  it('is left by a record that somebody took by hand', async () => {
    await takt.publish(routing({ hold: 'P1D' }));
    const ids = [await lead('A'), await lead('B')];
    await takt.update(ids[0] ?? '', { owner: olga });
    await takt.pass(0);
    await takt.update(olga, { presence: 'online' });
    await takt.pass(0);
    expect(await owners(ids)).toEqual([olga, olga]);
    expect(await outcomes()).toEqual(['given', 'given']);
  });

  it('is left by a record that somebody took by hand, also where it was to be taken from another one', async () => {
    await takt.publish(routing({ hold: 'P1D' }, { overwrite: true }));
    const ivan = (await takt.create('user', { name: 'Ivan' })).id;
    const { id } = await takt.create('lead', { name: 'A', owner: ivan });
    await takt.pass(MINUTE);
    const anna = (await takt.create('user', { name: 'Anna' })).id;
    await takt.update(id, { owner: anna });
    await takt.update(olga, { presence: 'online' });
    await takt.pass(MINUTE);
    expect(await owners([id])).toEqual([anna]);
  });

  it('is left by a run that is cancelled, and the one behind it looks', async () => {
    await takt.publish(routing({ hold: 'P1D' }));
    const ids = [await lead('A'), await lead('B')];
    const first = (await takt.engine.runs.page({ workflowId: 'routing', recordId: ids[0] ?? '' }, 1)).items[0];
    await takt.engine.runs.cancel(first?.id ?? '');
    await takt.update(olga, { presence: 'online' });
    await takt.pass(MINUTE);
    expect(await owners(ids)).toEqual([null, olga]);
  });
});
