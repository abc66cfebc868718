import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseKinds } from '../support/databases.ts';
import { onLeadCreated, openTestEngine, type TestEngine, workflow } from './support.ts';

describe.each(databaseKinds)('a lead on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  it('is scored, routed and followed up by chained workflows', async () => {
    const anna = await takt.create('user', { name: 'Anna', active: true });
    const boris = await takt.create('user', { name: 'Boris', active: true });
    await takt.create('team', { key: 'sales', name: 'Sales', members: [anna.id, boris.id] });
    await takt.publish(
      workflow(
        'scoring',
        {
          new_lead: onLeadCreated,
          points: { type: 'score.points', params: { rules: [{ when: "record.source = 'website'", points: 50 }] } },
        },
        [['new_lead', 'points']],
      ),
      workflow(
        'routing',
        {
          scored: { type: 'trigger.record', params: { entity: 'lead', on: ['updated'], fields: ['score'] } },
          value: { type: 'flow.switch', params: { cases: [{ port: 'warm', when: 'record.score >= 40' }] } },
          owner: { type: 'assign.owner', params: { pool: { team: 'sales' }, strategy: ['round_robin'] } },
          call: { type: 'task.create', params: { title: 'Call {{record.name}}', due: { in: 'PT30M' } } },
          mail: { type: 'message.send', params: { channel: 'email', subject: 'Hello {{record.name}}', text: 'Yours, {{owner.name}}' } },
        },
        [
          ['scored', 'value'],
          ['value:warm', 'owner'],
          ['owner', 'call'],
          ['call', 'mail'],
        ],
      ),
    );
    const leads = await Promise.all(
      ['Иван', 'Ёлка', 'Пётр', 'Яна'].map((name, i) =>
        takt.create('lead', { first_name: name, source: 'website', emails: [`l${i}@example.com`] }),
      ),
    );
    await takt.pass(0);
    const { items } = await takt.engine.runs.page({}, 50);
    expect(items.map((run) => `${run.workflowId} ${run.status}`).sort()).toEqual([
      ...Array(4).fill('routing done'),
      ...Array(4).fill('scoring done'),
    ]);
    const owners = await Promise.all(leads.map(async (lead) => (await takt.read(lead.id)).owner));
    expect(owners.filter((owner) => owner === anna.id)).toHaveLength(2);
    expect(takt.mail.sent).toHaveLength(4);
    expect((await takt.all('task')).map((task) => task.title)).toContain('Call Ёлка');
  });
});
