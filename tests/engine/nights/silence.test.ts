/** Triggers that start because something has not happened, or often enough: their times are exact, whatever the clocks do. */
import { describe, expect, it } from 'vitest';
import { somebody, workflow } from '../support.ts';
import { emit } from '../support-flow.ts';
import { DAY, HOUR, localEngines, NIGHTS } from './support.ts';

const open = localEngines();
const MINUTE = 60_000;

describe('exactly 24 hours', () => {
  it.each(NIGHTS)('make the day of a silence when the clocks of $timezone go $way', async ({ timezone, eve, next }) => {
    const takt = await open(timezone, `${eve}T12:00`);
    const params = { entity: 'lead', for: 'P1D', activity: [{ event: 'message.answered' }] };
    await takt.listen('silent', { type: 'trigger.inactivity', params });
    const expected = [takt.shows(DAY), takt.shows(8 * HOUR + DAY)];
    await takt.create('lead', { last_name: 'Silent' });
    const { id } = await takt.create('lead', { last_name: 'Answers' });
    await takt.pass(8 * HOUR);
    await emit(takt, 'message.answered', id);
    await takt.passTo(`${next}T12:00`);
    expect(await takt.starts('silent')).toEqual(expected);
  });

  it.each(NIGHTS)('make the day after which something is missing when the clocks of $timezone go $way', async ({ timezone, eve, next }) => {
    const takt = await open(timezone, `${eve}T12:00`);
    const params = { event: 'message.sent', missing: { event: 'message.opened' }, within: 'P1D' };
    await takt.listen('unopened', { type: 'trigger.absence', params });
    const expected = takt.shows(DAY);
    const [never, early] = await Promise.all(['never', 'early'].map((last_name) => takt.create('lead', { last_name })));
    for (const lead of [never, early]) await emit(takt, 'message.sent', lead?.id);
    await takt.pass(DAY - MINUTE);
    await emit(takt, 'message.opened', early?.id);
    await takt.passTo(`${next}T12:00`);
    expect(await takt.starts('unopened')).toEqual([expected]);
  });

  it.each(NIGHTS)(
    'make the day after which a segment is asked again when the clocks of $timezone go $way',
    async ({ timezone, eve, next }) => {
      const takt = await open(timezone, `${eve}T12:00`);
      const segment = {
        id: 'sleeping',
        name: 'Sleeping',
        entity: 'contact',
        rule: '$toMillis($now()) - $toMillis(last_order_at) >= 86400000',
        recheck: [{ field: 'last_order_at', after: 'P1D' }],
      };
      await takt.engine.segments.define(segment, somebody);
      await takt.listen('asleep', { type: 'trigger.segment', params: { segment: 'sleeping', on: ['entered'] } });
      const expected = takt.shows(DAY);
      await takt.create('contact', { last_name: 'Doe', last_order_at: takt.instant(`${eve}T12:00`) });
      await takt.passTo(`${next}T12:00`);
      expect(await takt.starts('asleep')).toEqual([expected]);
    },
  );

  it.each(NIGHTS)(
    'make the day without a run after which a workflow is idle when the clocks of $timezone go $way',
    async ({ timezone, eve }) => {
      const takt = await open(timezone, `${eve}T12:00`);
      await takt.listen('watched', { type: 'trigger.manual' });
      await takt.listen('watch', { type: 'trigger.idle', params: { workflow: 'watched', for: 'P1D' } });
      await takt.pass(HOUR);
      const expected = takt.shows(DAY);
      await takt.engine.runs.start('watched', somebody, {});
      await takt.pass(2 * DAY - MINUTE);
      expect(await takt.starts('watch')).toEqual([expected]);
    },
  );
});

it.each(NIGHTS)('three hours in which events are counted are three hours when the clocks of $timezone go $way', async (night) => {
  const { timezone, eve, day } = night;
  const takt = await open(timezone, `${eve}T12:00`);
  await takt.listen('twice', { type: 'trigger.event', params: { event: 'page.visited', count: { times: 2, within: 'PT3H' } } });
  const [quick, slow] = await Promise.all(['quick', 'slow'].map((last_name) => takt.create('lead', { last_name })));
  await takt.passTo(`${day}T00:30`);
  for (const lead of [quick, slow]) await emit(takt, 'page.visited', lead?.id, {}, '');
  await takt.pass(3 * HOUR - MINUTE);
  const expected = takt.shows(0);
  await emit(takt, 'page.visited', quick?.id, {}, '');
  await takt.pass(MINUTE);
  await emit(takt, 'page.visited', slow?.id, {}, '');
  expect(await takt.starts('twice')).toEqual([expected]);
});

it('over the end of the year and the 29 February a day is a day for silences, what is missing and idle workflows', async () => {
  for (const eve of ['2026-12-31', '2028-02-28']) {
    const takt = await open('Europe/Moscow', `${eve}T23:30`);
    await takt.listen('silent', { type: 'trigger.inactivity', params: { entity: 'lead', for: 'P1D', activity: [{ event: 'x' }] } });
    await takt.listen('missing', { type: 'trigger.absence', params: { event: 'record.created', missing: { event: 'x' }, within: 'P1D' } });
    await takt.publish(workflow('watched', { start: { type: 'trigger.manual' }, x: { type: 'flow.end' } }, [['start', 'x']]));
    await takt.listen('idle', { type: 'trigger.idle', params: { workflow: 'watched', for: 'P1D' } });
    const expected = [takt.shows(DAY)];
    await takt.create('lead', { last_name: 'Doe' });
    await takt.pass(DAY + HOUR);
    expect(await Promise.all(['silent', 'missing', 'idle'].map((id) => takt.starts(id)))).toEqual([expected, expected, expected]);
  }
});
