/** The shipped A/B split of follow-ups, with enough leads for a decision. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { openTestEngine, somebody, type TestEngine } from '../engine/support.ts';
import { changed, DAY, runsOf, shipped } from './support.ts';

const ID = 'b11-split';
const PER_DAY = 40;

describe('patterns/b11-split', () => {
  let takt: TestEngine;
  let file: JsonObject;
  let leads: string[];
  beforeEach(async () => {
    takt = await openTestEngine('memory');
    file = await shipped(`patterns/${ID}`);
    leads = [];
  });
  afterEach(() => takt.close());

  const look = async () => (await takt.engine.experiments.list(ID))[0];
  const split = async () => {
    const runs = (await runsOf(takt, ID)).map(({ id }) => id);
    const outputs = await takt.engine.ports.database.store.outputsOfNodes(runs, ['when']);
    const byRun = new Map(outputs.map(({ runId, output }) => [runId, output]));
    return runs.map((id) => byRun.get(id));
  };

  /** Forty leads come every day. Of those who are followed up so many of a hundred answer at once. */
  async function days(count: number, answers: { three: number; five: number }): Promise<void> {
    for (let day = 0; day < count; day++) {
      for (let i = 0; i < PER_DAY; i++) {
        const { id } = await takt.create('lead', { first_name: 'Ann', emails: [`${leads.length}@x.example`] });
        leads.push(id);
      }
      const before = takt.mail.sent.length;
      await takt.pass(DAY);
      const today = leads.length / PER_DAY;
      for (const { payload } of takt.mail.sent.slice(before)) {
        const number = Number.parseInt(String(payload.to), 10);
        const age = today - Math.floor(number / PER_DAY);
        const part = age === 3 ? answers.three : age === 5 ? answers.five : 0;
        if ((number * 37) % 100 < part) await answer(leads[number]);
      }
    }
  }
  const answer = (recordId: string | undefined) =>
    takt.engine.intake.submitOne({ kind: 'event', type: 'message.answered', topic: 'email', data: {}, recordId }, somebody);

  it('is judged when a hundred leads of each way have had their 21 days, and these came over a week at least', async () => {
    await takt.publish(file);
    await days(22, { three: 60, five: 10 });
    expect((await look())?.verdict.state).toBe('too_few');
    await days(5, { three: 60, five: 10 });
    expect(await look()).toMatchObject({ verdict: { state: 'too_early' }, winner: null });
    await days(1, { three: 60, five: 10 });
    expect(await look()).toMatchObject({ verdict: { state: 'winner', winner: 'three_days' } });
  });

  it('takes the better way by itself for all who come then, and leaves the others on theirs', async () => {
    await takt.publish(file);
    await days(32, { three: 60, five: 10 });
    expect((await look())?.winner).toBe('three_days');
    const before = await split();
    await days(1, { three: 60, five: 10 });
    const after = await split();
    expect(after.slice(0, PER_DAY)).toEqual(Array.from({ length: PER_DAY }, () => ({ arm: 'three_days', adopted: true })));
    expect(after.slice(PER_DAY)).toEqual(before);
  });

  it('finds none where both ways do equally well, though one has its answers two days earlier', async () => {
    await takt.publish(file);
    await days(40, { three: 80, five: 80 });
    expect(await look()).toMatchObject({ verdict: { state: 'no_difference' }, winner: null });
  });

  it('leaves it to a person where the file says so', async () => {
    const { nodes } = file;
    expect(nodes).toMatchObject({ when: { params: { adopt: 'auto' } } });
    await takt.publish(
      changed(file, 'nodes', 'when', {
        type: 'flow.split',
        params: { arms: [{ port: 'three_days' }, { port: 'five_days' }], settle: 'P21D', adopt: 'by_hand' },
      }),
    );
    await days(32, { three: 60, five: 10 });
    expect(await look()).toMatchObject({ verdict: { state: 'winner', winner: 'three_days' }, winner: null });
    await takt.engine.experiments.adopt(ID, 'when', 'three_days');
    await days(1, { three: 60, five: 10 });
    expect((await split()).slice(0, PER_DAY)).toEqual(Array.from({ length: PER_DAY }, () => ({ arm: 'three_days', adopted: true })));
  });
});
