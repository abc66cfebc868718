/** The times in the settings of a workflow and of flow.throttle, and the delays of retries: lengths, whatever the clocks do. */
import { describe, expect, it } from 'vitest';
import { TaktError } from '../../../engine/errors/index.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { workflow } from '../support.ts';
import { emit, startOn } from '../support-flow.ts';
import { DAY, HOUR, type LocalEngine, localEngines, NIGHTS, type Night } from './support.ts';

const open = localEngines();
const MINUTE = 60_000;
const visit: JsonObject = { type: 'trigger.event', params: { event: 'page.visited', topic: '*' } };

/**
 * One lead that visits on the eve, again a minute before 24 hours are over, and with their end.
 * @returns the local times at which runs began, and those at which they were to begin: with the first visit and the last
 */
async function threeVisits(
  { timezone, eve }: Pick<Night, 'timezone' | 'eve'>,
  settings: JsonObject,
): Promise<{ found: string[]; wanted: string[] }> {
  const takt = await open(timezone, `${eve}T12:00`);
  await takt.listen('visited', visit, settings);
  const { id } = await takt.create('lead', { last_name: 'Doe' });
  const wanted = [takt.shows(0), takt.shows(DAY)];
  await visits(takt, id);
  return { found: await takt.starts('visited'), wanted };
}

async function visits(takt: LocalEngine, lead: string): Promise<void> {
  await emit(takt, 'page.visited', lead);
  await takt.pass(DAY - MINUTE);
  await emit(takt, 'page.visited', lead);
  await takt.pass(MINUTE);
  await emit(takt, 'page.visited', lead);
}

describe('a day in the settings is 24 hours', () => {
  it.each(NIGHTS)('for re-entry "after" when the clocks of $timezone go $way', async (night) => {
    const { found, wanted } = await threeVisits(night, { reentry: { mode: 'after', time: 'P1D' } });
    expect(found).toEqual(wanted);
  });

  it.each(NIGHTS)('for the throttle when the clocks of $timezone go $way', async (night) => {
    const { found, wanted } = await threeVisits(night, { throttle: { max: 1, per: 'P1D' } });
    expect(found).toEqual(wanted);
  });

  it.each(NIGHTS)('for deduplication when the clocks of $timezone go $way', async (night) => {
    const { found, wanted } = await threeVisits(night, { dedupe: { key: 'record.last_name', within: 'P1D' } });
    expect(found).toEqual(wanted);
  });

  it.each(NIGHTS)('for caps of messages when the clocks of $timezone go $way', async ({ timezone, eve }) => {
    const takt = await open(timezone, `${eve}T12:00`);
    const mail = { type: 'message.send', params: { channel: 'email', to: 'a@x.example', subject: 'Hello', text: '.' } };
    const settings = { timezone, caps: [{ channel: 'email', max: 1, per: 'P1D' }] };
    await takt.publish(workflow('mails', { start: visit, mail }, [['start', 'mail']], settings));
    const { id } = await takt.create('lead', { last_name: 'Doe' });
    await visits(takt, id);
    expect(takt.mail.sent).toHaveLength(2);
  });
});

it.each(NIGHTS)('flow.throttle lets one pass in 24 hours when the clocks of $timezone go $way', async ({ timezone, eve }) => {
  const takt = await open(timezone, `${eve}T12:00`);
  const end = (outcome: string): JsonObject => ({ type: 'flow.end', params: { outcome } });
  const nodes = { start: visit, gate: { type: 'flow.throttle', params: { max: 1, per: 'P1D' } }, in: end('in'), out: end('out') };
  await takt.publish(
    workflow('gated', nodes, [
      ['start', 'gate'],
      ['gate:pass', 'in'],
      ['gate:excess', 'out'],
    ]),
  );
  const { id } = await takt.create('lead', { last_name: 'Doe' });
  await visits(takt, id);
  const { items } = await takt.engine.runs.page({ workflowId: 'gated' }, 9);
  expect(items.map((run) => run.outcome).reverse()).toEqual(['in', 'out', 'in']);
});

it.each(NIGHTS)('a retry after one to two hours is put off by so much when the clocks of $timezone go $way', async (night) => {
  const { timezone, day } = night;
  const takt = await open(timezone, `${day}T00:45`);
  takt.http.failure = new TaktError('EFFECT_DEAD', { message: 'The line is dead.', transient: true });
  const call = {
    type: 'http.request',
    params: { method: 'POST', url: 'https://x.example/' },
    retry: { attempts: 3, first: 'PT2H', factor: 1, max: 'PT2H' },
  };
  const { run } = await startOn(takt, 'call', { call }, [['start', 'call']], {}, { timezone });
  const start = takt.clock.now();
  const first = (await takt.engine.nextDue()) ?? 0;
  expect(first - start).toBeGreaterThanOrEqual(HOUR);
  expect(first - start).toBeLessThanOrEqual(2 * HOUR);
  await takt.pass(first - start - 1);
  expect(takt.http.sent).toHaveLength(1);
  takt.http.failure = undefined;
  await takt.pass(1);
  expect(takt.http.sent.map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect((await run()).run.status).toBe('done');
});

it('days in the settings are 24 hours over the end of the year and the 29 February', async () => {
  for (const eve of ['2026-12-31', '2028-02-28']) {
    const night = { timezone: 'Europe/Moscow', eve };
    const kinds: JsonObject[] = [
      { reentry: { mode: 'after', time: 'P1D' } },
      { throttle: { max: 1, per: 'P1D' } },
      { dedupe: { key: 'record.last_name', within: 'P1D' } },
    ];
    for (const settings of kinds) {
      const { found, wanted } = await threeVisits(night, settings);
      expect(found).toEqual(wanted);
    }
  }
});
