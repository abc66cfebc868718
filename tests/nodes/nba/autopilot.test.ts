import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../../engine/testing.ts';
import { autopilotNode } from '../../../nodes/nba/autopilot.ts';

describe('nba.autopilot', () => {
  it.each([
    [1, 'stopped'],
    [2, 'go'],
    [5, 'go'],
    [null, 'go'],
  ])('a record of the priority %s: %s', (priority_level, port) => {
    const bench = new NodeBench({ locale: 'ru' });
    const lead = bench.create('lead', { name: 'Анна', priority_level });
    const one = bench.create('recommendation', { action: 'mail', title: 'Mail', record: { entity: 'lead', id: lead.id } });
    const first = bench.run(autopilotNode, { recommendation: one.id, after: 'PT1H' }, { record: lead.id }).result;
    if (port === 'stopped') {
      const why = '«Анна»: приоритет 1. С этим клиентом общаются только люди, автоматические сообщения не отправляются.';
      expect(first).toMatchObject({ kind: 'next', port, output: { stage: 'open', why } });
      return;
    }
    bench.clock.advance(3_600_000);
    const memo = first.kind === 'wait' ? first.memo : undefined;
    expect(bench.resume(autopilotNode, { kind: 'time' }, memo, { record: lead.id }).result).toMatchObject({ kind: 'next', port });
  });
});
