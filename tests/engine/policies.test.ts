import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defineNode, Type } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from './support.ts';
import { startOn } from './support-flow.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ADMIN = { kind: 'key', id: 'admin' } as const;

/** A node of a third party that does not ask before it sends. */
const rude = defineNode({
  type: 'rude.send',
  version: 1,
  title: 'Send',
  description: 'Sends a message without asking.',
  params: Type.Object({ to: Type.Unsafe<Json>({}) }),
  example: { to: ['ann@x.example'] },
  summary: () => '',
  ports: ['next'],
  run: (_ctx, { to }) => {
    const payload = { to, subject: 'rude', text: '.' };
    return { kind: 'wait', wait: { kind: 'effect', effect: { connector: 'mail', destination: 'x.example', payload } } };
  },
  resume: () => ({ kind: 'next', port: 'next' }),
});

const mail = (subject: string, more: JsonObject = {}): JsonObject => ({
  type: 'message.send',
  params: { channel: 'email', subject, text: 'The text', ...more },
});
const end = (outcome: string): JsonObject => ({ type: 'flow.end', params: { outcome } });
const wait = (length: string): JsonObject => ({ type: 'flow.wait', params: { for: length } });

describe.each(databaseKinds)('policies of priorities on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind, { nodes: [rude] });
  });
  afterAll(() => takt.close());
  beforeEach(() => takt.mail.sent.splice(0));
  afterEach(async () => {
    for (const priority of [1, 3, 5]) await takt.engine.policies.reset('lead', priority, ADMIN);
  });

  const subjects = (): unknown[] => takt.mail.sent.map(({ payload }) => payload.subject);
  const tasksOf = async (title: string) => (await takt.all('task')).filter((task) => String(task.title).endsWith(title));
  const open = async (title: string) => (await tasksOf(title)).filter(({ status }) => status === 'open');
  /** Sends one mail and says by which port it went out. */
  const sendOn = (name: string, lead: JsonObject, settings: JsonObject = {}, locale: JsonObject = {}) =>
    startOn(
      takt,
      name,
      { send: mail(name), sent: end('sent'), kept: { type: 'flow.end', params: { outcome: '{{nodes.send.reason}}: {{nodes.send.why}}' } } },
      [
        ['start', 'send'],
        ['send', 'sent'],
        ['send:suppressed', 'kept'],
      ],
      { emails: [`${name}@x.example`], last_name: 'Doe', ...lead },
      { ...settings, ...locale },
    );

  it('a robot does not write to a client of the first priority; the reason stands in the step', async () => {
    const { run } = await sendOn('first', { priority_level: 1 });
    const { run: ended, steps } = await run();
    expect(ended.outcome).toBe('people_only: "Doe" has the priority 1. Only people write to this client; automatic messages are not sent.');
    expect(steps.find(({ node }) => node === 'send')?.output).toMatchObject({ sent: false, reason: 'people_only' });
    expect(subjects()).toEqual([]);
  });

  it('the fifth priority, and a record without one, is written to at once', async () => {
    await sendOn('fifth', { priority_level: 5 });
    await sendOn('none', {});
    expect(subjects()).toEqual(['fifth', 'none']);
  });

  it('from the second to the fourth a message waits as a task of the owner, whose completion by a person sends it', async () => {
    const eva = await takt.create('user', { name: 'Eva' });
    const { record, run } = await sendOn('third', { priority_level: 3, owner: eva.id });
    expect((await run()).run.status).toBe('waiting');
    const [task] = await open('third');
    expect(task).toMatchObject({
      title: 'Send to the client: third',
      owner: eva.id,
      kind: 'email',
      record: { entity: 'lead', id: record.id },
      due_at: new Date(takt.clock.now() + 3 * DAY).toISOString(),
    });
    expect(task?.description).toContain('To: third@x.example\n\nThe text');
    await takt.update(String(task?.id), { priority: 'high' });
    await takt.pass(0);
    expect(subjects()).toEqual([]);
    await takt.update(String(task?.id), { status: 'done' });
    await takt.pass(0);
    expect(subjects()).toEqual(['third']);
    expect((await run()).run.outcome).toBe('sent');
  });

  it('what is cancelled, deleted or not answered in time does not leave', async () => {
    const cancelled = await sendOn('cancelled', { priority_level: 2 });
    await takt.update(String((await open('cancelled'))[0]?.id), { status: 'cancelled' });
    const deleted = await sendOn('deleted', { priority_level: 2 });
    await takt.engine.intake.submitOne({ kind: 'delete', id: String((await open('deleted'))[0]?.id) }, somebody);
    const late = await sendOn('late', { priority_level: 4 });
    await takt.pass(3 * DAY);
    const outcomes = await Promise.all([cancelled, deleted, late].map(async ({ run }) => (await run()).run.outcome?.split(':')[0]));
    expect(outcomes).toEqual(['declined', 'declined', 'not_accepted']);
    expect(await tasksOf('late')).toMatchObject([{ status: 'cancelled' }]);
    expect(subjects()).toEqual([]);
  });

  it('a task that a workflow completes is nobody’s consent', async () => {
    const { run } = await sendOn('robot', { priority_level: 3 });
    const trigger = { type: 'trigger.record', params: { entity: 'task', on: ['updated'], where: "record.priority = 'critical'" } };
    const done = { type: 'record.update', params: { fields: { status: 'done' } } };
    await takt.publish(workflow('accept-all', { trigger, done }, [['trigger', 'done']]));
    const [task] = await open('robot');
    await takt.update(String(task?.id), { priority: 'critical' });
    await takt.pass(0);
    expect(await tasksOf('robot')).toMatchObject([{ status: 'done' }]);
    expect((await run()).run.outcome).toMatch(/^declined:/);
    expect(subjects()).toEqual([]);
  });

  it('an accepted message still obeys the rules of the workflow: who has opted out meanwhile is not written to', async () => {
    const { record, run } = await sendOn('opted', { priority_level: 3 }, { suppress: 'email_opt_out = true' });
    await takt.update(record.id, { email_opt_out: true });
    await takt.update(String((await open('opted'))[0]?.id), { status: 'done' });
    await takt.pass(0);
    expect((await run()).steps.find(({ node }) => node === 'send')?.output).toMatchObject({ sent: false, reason: 'suppressed' });
    expect(subjects()).toEqual([]);
  });

  it('an accepted message leaves when the quiet hours are over, without being offered again', async () => {
    const settings = { quiet: [{ channel: 'email', from: '09:00', to: '18:00' }] };
    const { run } = await sendOn('quiet', { priority_level: 3 }, settings);
    const [task] = await open('quiet');
    if (task) {
      const until = new Date(takt.clock.now());
      until.setUTCHours(20, 0, 0, 0);
      await takt.pass(Math.max(0, until.getTime() - takt.clock.now()));
      await takt.update(String(task.id), { status: 'done' });
    }
    await takt.pass(DAY);
    expect(subjects()).toEqual(['quiet']);
    expect(await tasksOf('quiet')).toHaveLength(1);
    expect((await run()).run.outcome).toBe('sent');
  });

  it('the priority counts as it is when the message is about to leave', async () => {
    const nodes = { one: mail('one'), pause: wait('P1D'), two: mail('two'), done: end('done') };
    const edges: [string, string][] = [
      ['start', 'one'],
      ['one', 'pause'],
      ['pause', 'two'],
      ['two', 'done'],
    ];
    const lead = { emails: ['change@x.example'], priority_level: 5 };
    const { record, run } = await startOn(takt, 'change', nodes, edges, lead);
    await takt.update(record.id, { priority_level: 1 });
    await takt.pass(2 * DAY);
    expect(subjects()).toEqual(['one']);
    expect((await run()).steps.find(({ node }) => node === 'two')?.output).toMatchObject({ sent: false, reason: 'people_only' });
  });

  it('colleagues are written to about any record', async () => {
    const boss = await takt.create('user', { name: 'Boss', emails: ['boss@x.example'] });
    const nodes = {
      told: mail('told', { to: 'Boss@X.example' }),
      id: mail('by id', { to: boss.id }),
      slack: { type: 'message.send', params: { channel: 'slack', to: '#sales', text: 'told' } },
    };
    await startOn(
      takt,
      'inside',
      nodes,
      [
        ['start', 'told'],
        ['told', 'id'],
        ['id', 'slack'],
      ],
      { priority_level: 1 },
    );
    expect(subjects()).toEqual(['told', 'by id']);
    expect((await takt.engine.effects.page({}, 10)).items.map(({ destination }) => destination)).toContain('slack');
  });

  it.each([
    ['an address that stands in no record', async () => 'unknown@x.example', { priority_level: 1 }],
    [
      'another lead of the first priority',
      async () => String((await takt.create('lead', { emails: ['other@x.example'], priority_level: 1 })) && 'Other@X.example'),
      {},
    ],
    [
      'a contact of a deal of the first priority',
      async () => {
        const contact = await takt.create('contact', { name: 'Cid', emails: ['cid@x.example'] });
        await takt.create('deal', { name: 'Deal', contact: contact.id, priority_level: 1 });
        return contact.id;
      },
      {},
    ],
    [
      'one of several contacts of it, at a domain that is not of Latin letters',
      async () => {
        const contact = await takt.create('contact', { name: 'Иван', emails: ['ivan@почта.рф'] });
        await takt.create('deal', { name: 'Deal', contacts: [contact.id], priority_level: 1 });
        return 'ivan@почта.рф';
      },
      {},
    ],
    [
      'the lead that the deal was made of',
      async () => {
        const lead = await takt.create('lead', { emails: ['was@x.example'], stage: 'converted' });
        await takt.create('deal', { name: 'Deal', lead: lead.id, priority_level: 1 });
        return 'was@x.example';
      },
      { priority_level: 5 },
    ],
  ])('whatever run sends it, a message to %s is kept back', async (what, addressee, lead) => {
    const name = `to-${what.replaceAll(/\W+/g, '-')}`.slice(0, 50).replace(/-$/, '');
    const to = await addressee();
    const { run } = await startOn(
      takt,
      name,
      { send: mail('x', { to }), done: end('done') },
      [
        ['start', 'send'],
        ['send', 'done'],
      ],
      lead,
    );
    expect((await run()).steps.find(({ node }) => node === 'send')?.output).toMatchObject({ sent: false, reason: 'people_only' });
    expect(subjects()).toEqual([]);
  });

  it('deals that are over and deleted records keep nothing back', async () => {
    const contact = await takt.create('contact', { name: 'Old', emails: ['old@x.example'] });
    await takt.create('deal', { name: 'Lost', contact: contact.id, priority_level: 1, stage: 'lost' });
    const gone = await takt.create('deal', { name: 'Gone', contact: contact.id, priority_level: 1 });
    await takt.engine.intake.submitOne({ kind: 'delete', id: gone.id }, somebody);
    await startOn(takt, 'over', { send: mail('over', { to: contact.id }) }, [['start', 'send']], {});
    expect(subjects()).toEqual(['over']);
  });

  it('one of a hundred and more deals of a contact is enough', async () => {
    const contact = await takt.create('contact', { name: 'Many', emails: ['many@x.example'] });
    const deals = Array.from({ length: 120 }, (_, i) => ({
      kind: 'create' as const,
      entity: 'deal',
      data: { name: `Deal ${i}`, contact: contact.id, priority_level: i === 119 ? 1 : 5 },
      onExisting: 'error' as const,
    }));
    await takt.engine.intake.submit(deals, somebody);
    await startOn(takt, 'many', { send: mail('many', { to: contact.id }) }, [['start', 'send']], {});
    expect(subjects()).toEqual([]);
  });

  it.each([
    ['text', 'rude@x.example', 1],
    ['list', ['rude@x.example'], 1],
    ['object', { address: 'rude@x.example' }, 1],
    ['number', 79161234567, 1],
    ['list of objects', [{ name: 'Doe', email: 'listed@x.example' }], null],
  ] satisfies [string, Json, number | null][])(
    'a node that does not ask fails with CONTACT_REFUSED, whatever form its addresses have: %s',
    async (form, to, priority_level) => {
      const name = `rude-${form.replaceAll(' ', '-')}`;
      if (priority_level === null) await takt.create('lead', { last_name: 'Doe', emails: ['listed@x.example'], priority_level: 1 });
      const send: JsonObject = { type: 'rude.send', params: { to: to } };
      const { run } = await startOn(takt, name, { send }, [['start', 'send']], { priority_level });
      expect((await run()).run).toMatchObject({ status: 'failed', error: { code: 'CONTACT_REFUSED' } });
      expect(subjects()).toEqual([]);
    },
  );

  it('a run that a person starts on the record sends within the hour, and speaks for nobody after that', async () => {
    const nodes = {
      start: { type: 'trigger.manual', params: { entity: 'lead' } },
      one: mail('one'),
      pause: wait('PT2H'),
      two: mail('two'),
    };
    await takt.publish(
      workflow('by-hand', nodes, [
        ['start', 'one'],
        ['one', 'pause'],
        ['pause', 'two'],
      ]),
    );
    const lead = await takt.create('lead', { last_name: 'Doe', emails: ['hand@x.example'], priority_level: 1 });
    await takt.engine.runs.start('by-hand', somebody, { recordId: lead.id });
    await takt.pass(DAY);
    expect(subjects()).toEqual(['one']);
  });

  it('a run that is started by hand sends nothing to a list, and without a record to nobody of the first priority', async () => {
    const to = 'list@x.example';
    const each = { type: 'flow.each', params: { items: [1, 2] } };
    const start = { type: 'trigger.manual', params: { entity: 'lead' } };
    const lead = await takt.create('lead', { last_name: 'Doe', emails: [to], priority_level: 1 });
    await takt.publish(
      workflow('to-a-list', { start, each, one: mail('item', { to }) }, [
        ['start', 'each'],
        ['each:item', 'one'],
      ]),
      workflow('about-nobody', { start: { type: 'trigger.manual' }, one: mail('nobody', { to }) }, [['start', 'one']]),
    );
    await takt.engine.runs.start('to-a-list', somebody, { recordId: lead.id });
    await takt.engine.runs.start('about-nobody', somebody);
    await takt.pass(0);
    expect(subjects()).toEqual([]);
  });

  it('a start on all records that fit is no person’s message', async () => {
    const nodes = { start: { type: 'trigger.manual', params: { entity: 'lead' } }, one: mail('bulk') };
    await takt.publish(workflow('in-bulk', nodes, [['start', 'one']]));
    await takt.create('lead', { last_name: 'Doe', source: 'bulk', emails: ['bulk@x.example'], priority_level: 1 });
    await takt.engine.jobs.startBulk({ workflowId: 'in-bulk', entity: 'lead', where: "source = 'bulk'" }, somebody);
    await takt.pass(0);
    expect((await takt.engine.runs.page({ workflowId: 'in-bulk' }, 5)).items).toHaveLength(1);
    expect(subjects()).toEqual([]);
  });

  it('the fifth priority is given to no person by a workflow, and to whom a person gives it', async () => {
    const eva = await takt.create('user', { name: 'Eva' });
    const assign = { type: 'assign.owner', params: { pool: { users: [eva.id] }, strategy: ['round_robin'] } };
    const nodes = { assign, person: end('person'), robot: { type: 'flow.end', params: { outcome: '{{nodes.assign.why}}' } } };
    const edges: [string, string][] = [
      ['start', 'assign'],
      ['assign', 'person'],
      ['assign:automatic', 'robot'],
    ];
    const { record, run } = await startOn(takt, 'assign', nodes, edges, { priority_level: 5 }, { locale: 'ru' });
    expect((await run()).run.outcome).toBe('«Doe»: приоритет 5. Запись обрабатывается автоматически и не передаётся человеку.');
    expect((await takt.read(record.id)).owner).toBeUndefined();
    await takt.engine.assignments.give(record.id, eva.id, { ...ADMIN, reason: 'knows her' });
    expect((await takt.read(record.id)).owner).toBe(eva.id);
  });

  it('an admin changes a policy, also for runs under way; who has done it stands in an event', async () => {
    expect(await takt.engine.policies.list('deal')).toMatchObject([
      { priority: 1, contact: 'people_only', person: true },
      { priority: 2, contact: 'offered' },
      { priority: 3, contact: 'offered' },
      { priority: 4, contact: 'offered', person: true },
      { priority: 5, contact: 'automatic', person: false },
    ]);
    expect(await takt.engine.policies.set('lead', 3, { contact: 'automatic' }, ADMIN)).toEqual({
      entity: 'lead',
      priority: 3,
      contact: 'automatic',
      person: true,
    });
    await sendOn('changed', { priority_level: 3 });
    expect(subjects()).toEqual(['changed']);
    const [event] = (await takt.engine.events.page({ type: 'policy.changed' }, 1)).items;
    expect(event).toMatchObject({
      topic: 'lead',
      data: { priority: 3, before: { contact: 'offered' }, after: { contact: 'automatic', person: true }, by: ADMIN },
    });
    expect(await takt.engine.policies.reset('lead', 3, ADMIN)).toMatchObject({ contact: 'offered' });
    expect(await takt.engine.policies.list('lead')).toMatchObject([{}, {}, { priority: 3, contact: 'offered' }, {}, {}]);
  });

  it('a changed policy stays when custom fields are defined, and when they are removed', async () => {
    const { entities, policies } = takt.engine;
    await policies.set('lead', 5, { contact: 'people_only' }, ADMIN);
    await entities.define({ name: 'lead', title: 'Lead', fields: { shoe_size: { type: 'number', title: 'Shoe size' } } });
    await entities.addFields('lead', { hat_size: { type: 'number', title: 'Hat size' } });
    expect((await policies.list('lead')).at(-1)).toMatchObject({ priority: 5, contact: 'people_only', person: false });
    await entities.remove('lead');
    expect((await entities.registry()).require('lead').field('shoe_size')).toBeUndefined();
    expect((await policies.list('lead')).at(-1)).toMatchObject({ priority: 5, contact: 'people_only' });
  });

  it('an entity of one’s own has priorities by its definition, and protects its clients', async () => {
    await takt.engine.entities.define({
      name: 'tender',
      title: 'Tender',
      fields: {
        rank: { type: 'number', title: 'Rank', integer: true, min: 1, max: 3 },
        buyer: { type: 'reference', title: 'Buyer', entity: 'contact' },
      },
      priorities: { field: 'rank', clients: ['buyer'], policies: { '1': { contact: 'people_only', person: true } } },
    });
    const buyer = await takt.create('contact', { name: 'Buyer', emails: ['buyer@x.example'] });
    const tender = await takt.create('tender', { rank: 1, buyer: buyer.id });
    await startOn(takt, 'tender-one', { send: mail('kept', { to: 'buyer@x.example' }) }, [['start', 'send']]);
    await takt.update(tender.id, { rank: 2 });
    await startOn(takt, 'tender-two', { send: mail('sent', { to: 'buyer@x.example' }) }, [['start', 'send']]);
    expect(subjects()).toEqual(['sent']);
    expect(await takt.engine.policies.set('tender', 2, { person: false }, ADMIN)).toMatchObject({ contact: 'automatic', person: false });
    expect(await takt.engine.policies.reset('tender', 2, ADMIN)).toBeNull();
    expect(await takt.engine.policies.list('tender')).toMatchObject([{ priority: 1 }]);
  });

  it('what is no priority, and an entity without them, is refused', async () => {
    const { policies } = takt.engine;
    await expect(policies.set('lead', 6, { person: true }, ADMIN)).rejects.toMatchObject({ code: 'PRIORITY_INVALID' });
    await expect(policies.set('lead', 1.5, { person: true }, ADMIN)).rejects.toMatchObject({ code: 'PRIORITY_INVALID' });
    await expect(policies.set('task', 1, { person: true }, ADMIN)).rejects.toMatchObject({ code: 'PRIORITIES_UNDEFINED' });
    await expect(policies.list('laed')).rejects.toMatchObject({ code: 'ENTITY_UNKNOWN' });
  });
});

describe('whatever the workflow', () => {
  const nodes = fc.array(
    fc.oneof(
      fc.constantFrom('PT1M', 'PT5H', 'P2D').map(wait),
      fc
        .record({ to: fc.constantFrom('= record.emails', '= record.id', 'p1@x.example', 'P1@X.EXAMPLE', 'elsewhere@x.example') })
        .map(({ to }) => mail('m', { to })),
      fc.constantFrom('sms', 'whatsapp', 'telegram', 'push', 'in_app', 'messenger').map(
        (channel): JsonObject => ({
          type: 'message.send',
          params: { channel, text: '.', to: channel === 'sms' || channel === 'whatsapp' ? '+79161234567' : '= record.id' },
        }),
      ),
      fc
        .constantFrom<Json>('p1@x.example', ['boss@x.example', 'P1@x.example'], { who: ['p1@x.example'] })
        .map((to): JsonObject => ({ type: 'rude.send', params: { to } })),
      fc.constant<JsonObject>({ type: 'task.complete', params: {} }),
      fc
        .constantFrom(2, 3, 4, 5)
        .map((priority_level): JsonObject => ({ type: 'record.update', params: { record: '= vars.other', fields: { priority_level } } })),
    ),
    { minLength: 1, maxLength: 6 },
  );

  it('no message to a client of the first priority leaves without a person', async () => {
    await fc.assert(
      fc.asyncProperty(nodes, fc.boolean(), async (list, suppressed) => {
        const takt = await openTestEngine('memory', { nodes: [rude] });
        const start: JsonObject = { type: 'trigger.record', params: { entity: 'lead', on: ['created'], where: 'priority_level = 1' } };
        const ids = list.map((_node, i) => `n${i}`);
        const edges = ['start', ...ids]
          .slice(0, -1)
          .flatMap((from, i): [string, string][] => [
            [from, ids[i] ?? ''],
            ...(from !== 'start' && suppressed && list[i - 1]?.type === 'message.send'
              ? [[`${from}:suppressed`, ids[i] ?? ''] as [string, string]]
              : []),
            ...(from !== 'start' ? [[`${from}:error`, ids[i] ?? ''] as [string, string]] : []),
          ]);
        const other = await takt.create('lead', { last_name: 'Other', priority_level: 5 });
        const vars = { type: 'data.set', params: { values: { other: other.id } } };
        const all = Object.fromEntries(list.map((node, i) => [ids[i] ?? '', node]));
        await takt.publish(
          workflow('any', { start, vars, ...all }, [
            ['start', 'vars'],
            ...edges.map(([from, to]): [string, string] => [from === 'start' ? 'vars' : from, to]),
          ]),
        );
        await takt.create('lead', { last_name: 'Doe', emails: ['p1@x.example'], phones: ['+79161234567'], priority_level: 1 });
        await takt.pass(30 * DAY);
        expect((await takt.engine.runs.page({ workflowId: 'any' }, 5)).items).toHaveLength(1);
        expect((await takt.engine.effects.page({}, 50)).items).toEqual([]);
        await takt.close();
      }),
      { numRuns: 40 },
    );
  });
});
