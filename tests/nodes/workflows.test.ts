import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { openTestEngine, type TestEngine } from '../engine/support.ts';
import { asObject } from './support.ts';

const folder = new URL('../../workflows/', import.meta.url);
const HOUR = 3_600_000;

async function shipped(): Promise<JsonObject[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json') && !name.endsWith('.scenario.json'));
  return Promise.all(
    names.map(async (name) => {
      const file: Json = JSON.parse(await readFile(new URL(name, folder), 'utf8'));
      expect(asObject(file).id, 'the file is named by the id').toBe(name.replace('.json', ''));
      return asObject(file);
    }),
  );
}

describe('the shipped workflows', () => {
  let takt: TestEngine;
  let people: Record<string, string>;
  beforeAll(async () => {
    takt = await openTestEngine('pglite');
    people = {};
    for (const name of ['Tamara', 'Toma', 'Semyon', 'Sofia']) people[name] = (await takt.create('user', { name })).id;
    await takt.create('team', { key: 'top', name: 'Top', members: [people.Tamara ?? '', people.Toma ?? ''] });
    await takt.create('team', { key: 'sales', name: 'Sales', members: [people.Semyon ?? '', people.Sofia ?? ''] });
    await takt.publish(...(await shipped()));
  });
  afterAll(() => takt.close());

  const tasksAbout = async (id: string) => (await takt.all('task')).filter((task) => asObject(task.record).id === id);
  const outcomes = async (recordId: string) => {
    const { items } = await takt.engine.runs.page({ recordId }, 50);
    return items.map((run) => [run.workflowId, run.status, run.outcome]);
  };
  const ownerName = async (id: string) => {
    const { owner } = await takt.read(id);
    return Object.keys(people).find((name) => people[name] === owner);
  };

  const visitor: JsonObject = { name: 'Ann', stage: 'new', emails: ['ann@shop.example'], source: 'website' };
  const referred: JsonObject = {
    ...visitor,
    source: 'Reference',
    company_name: 'Acme',
    phones: ['+74951234567'],
    returning: true,
    employees: 80,
  };

  it('a lead from the website without anything else is cold: sales gets it without haste, and nobody is reminded', async () => {
    const mails = takt.mail.sent.length;
    const { id } = await takt.create('lead', visitor);
    await takt.pass(0);
    expect((await takt.read(id)).score).toBe(5);
    const owner = await ownerName(id);
    expect(['Semyon', 'Sofia']).toContain(owner);
    const due = new Date(takt.clock.now() + 72 * HOUR).toISOString();
    expect(await tasksAbout(id)).toMatchObject([{ title: 'Call Ann', priority: 'low', due_at: due, status: 'open' }]);
    expect(takt.mail.sent.slice(mails).map(({ payload }) => payload)).toMatchObject([
      { to: ['ann@shop.example'], text: expect.stringContaining('Good day, Ann!') },
    ]);
    expect(String(takt.mail.sent.at(-1)?.payload.text)).toContain(`${owner} looks after it`);
    await takt.pass(25 * HOUR);
    expect(await outcomes(id)).toContainEqual(['lead-routing', 'done', 'in hand']);
    expect(await tasksAbout(id)).toHaveLength(1);
  });

  it('a lead worth much goes to the top team, is called within half an hour and gets a mail with the name of its owner', async () => {
    const { id } = await takt.create('lead', referred);
    await takt.pass(0);
    expect((await takt.read(id)).score).toBe(95);
    const owner = await ownerName(id);
    expect(['Tamara', 'Toma']).toContain(owner);
    const due = new Date(takt.clock.now() + HOUR / 2).toISOString();
    expect(await tasksAbout(id)).toMatchObject([{ title: 'Call Ann', kind: 'call', priority: 'critical', due_at: due, status: 'open' }]);
    expect(String(takt.mail.sent.at(-1)?.payload.text)).toContain(`${owner} looks after it`);
  });

  it('the next ones go to the others in turn', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) ids.push((await takt.create('lead', { ...referred, emails: [`l${i}@shop.example`] })).id);
    await takt.pass(0);
    const owners = await Promise.all(ids.map(ownerName));
    expect(owners.filter((name) => name === 'Tamara')).toHaveLength(2);
    expect(owners.filter((name) => name === 'Toma')).toHaveLength(2);
  });

  it('a warm lead goes to sales; nobody is reminded when the call is made in time', async () => {
    const { id } = await takt.create('lead', { ...visitor, source: 'referral', phones: ['+74951234568'] });
    await takt.pass(0);
    expect(['Semyon', 'Sofia']).toContain(await ownerName(id));
    const [call] = await tasksAbout(id);
    expect(call).toMatchObject({ title: 'Call Ann', priority: 'high' });
    await takt.update(String(call?.id), { status: 'done' });
    await takt.pass(25 * HOUR);
    expect(await tasksAbout(id)).toHaveLength(1);
    expect(await outcomes(id)).toContainEqual(['lead-routing', 'done', 'in hand']);
  });

  it('the owner is reminded after a day when nobody has called', async () => {
    const { id } = await takt.create('lead', referred);
    await takt.pass(23 * HOUR);
    expect(await tasksAbout(id)).toHaveLength(1);
    await takt.pass(2 * HOUR);
    const tasks = await tasksAbout(id);
    expect(tasks.map((task) => task.title)).toContain('Reminder: Ann has waited for a day');
    expect(new Set(tasks.map((task) => task.owner))).toEqual(new Set([(await takt.read(id)).owner]));
    expect(await outcomes(id)).toContainEqual(['lead-routing', 'done', 'reminded']);
  });

  it('a lead without e-mail, or one who wants none, gets none and is followed up all the same', async () => {
    const mails = takt.mail.sent.length;
    const silent = await takt.create('lead', { ...referred, emails: [] });
    const closed = await takt.create('lead', { ...referred, emails: ['no@shop.example'], email_opt_out: true });
    await takt.pass(25 * HOUR);
    expect(takt.mail.sent.slice(mails)).toEqual([]);
    expect((await takt.read(closed.id)).score).toBe(75);
    for (const { id } of [silent, closed]) expect(await outcomes(id)).toContainEqual(['lead-routing', 'done', 'reminded']);
  });

  it('a mail that cannot be sent does not stop the follow-up', async () => {
    takt.mail.failure = new Error('broken');
    const { id } = await takt.create('lead', referred);
    await takt.pass(0);
    takt.mail.failure = undefined;
    await takt.pass(48 * HOUR);
    expect(await outcomes(id)).toContainEqual(['lead-routing', 'done', 'reminded']);
  });

  it('a lead is scored again when more is known, but routed once', async () => {
    const { id } = await takt.create('lead', visitor);
    await takt.pass(0);
    await takt.update(id, { budget: { amount: 500_000, currency: 'RUB' }, returning: true });
    await takt.pass(0);
    expect((await takt.read(id)).score).toBe(45);
    expect((await outcomes(id)).map(([workflow]) => workflow).sort()).toEqual(['lead-routing', 'lead-scoring', 'lead-scoring']);
  });

  it('when nobody in the teams can take it, somebody on duty has to find one', async () => {
    for (const id of Object.values(people)) await takt.update(id, { active: false });
    const { id } = await takt.create('lead', referred);
    await takt.pass(0);
    for (const person of Object.values(people)) await takt.update(person, { active: true });
    expect(await tasksAbout(id)).toMatchObject([{ title: 'Find somebody for Ann', priority: 'critical' }]);
    expect(await ownerName(id)).toBeUndefined();
  });

  it('scoring tells its reasons, also by fields that an admin has added', async () => {
    await takt.engine.entities.addFields('lead', {
      lead_origin: { type: 'text', title: 'Origin' },
      occupation: { type: 'text', title: 'Occupation' },
      total_visits: { type: 'number', title: 'Visits' },
      time_on_site_s: { type: 'number', title: 'Time on the site, s' },
    });
    const { id } = await takt.create('lead', {
      name: 'Lead 660737',
      source: 'Olark Chat',
      lead_origin: 'Landing Page Submission',
      occupation: 'Working Professional',
      total_visits: 7,
      time_on_site_s: 1_532,
    });
    await takt.pass(0);
    const { items } = await takt.engine.runs.page({ recordId: id, workflowId: 'lead-scoring' }, 1);
    const { steps } = await takt.engine.runs.get(items[0]?.id ?? '');
    expect(steps[0]?.output).toEqual({
      score: 100,
      band: 'vip',
      reasons: [
        { reason: 'Has talked in the chat', points: 10 },
        { reason: 'Works in the profession', points: 50 },
        { reason: 'Spent 26 minutes on the site', points: 35 },
        { reason: 'Came to the site 7 times', points: 5 },
      ],
    });
  });
});
