import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Author } from '../../engine/store/schema.ts';
import { workOnce } from '../../engine/worker/worker.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { openTerminal, type Terminal } from './support.ts';

const ROUTING: JsonObject = {
  takt: 1,
  id: 'routing',
  name: 'Routing',
  settings: { timezone: 'Europe/Moscow' },
  nodes: {
    new_lead: { type: 'trigger.record', params: { entity: 'lead', on: ['created'] } },
    assign: { type: 'assign.owner', params: { pool: { team: 'sales' }, strategy: ['round_robin'] } },
  },
  edges: [['new_lead', 'assign']],
};
const BOSS: Author = { kind: 'person', id: 'boss' };

let terminal: Terminal;
let lead: string;
let bare: string;
const takt = (...argv: string[]) => terminal.takt(...argv);

beforeAll(async () => {
  terminal = await openTerminal();
  const { engine } = terminal.bench;
  const create = async (entity: string, data: JsonObject): Promise<string> => {
    const done = await engine.intake.submitOne({ kind: 'create', entity, data, onExisting: 'error' }, BOSS);
    if (done.kind !== 'record') throw new Error('It is no record.');
    return done.record.id;
  };
  const olga = await create('user', { name: 'Olga', key: 'olga' });
  await create('user', { name: 'Gone', key: 'gone', active: false });
  const ivan = await create('user', { name: 'Ivan', away_until: '2099-01-01T00:00:00Z' });
  await create('team', { name: 'Sales', key: 'sales', members: [ivan, olga] });
  bare = await create('lead', { name: 'Nobody’s' });
  const { id } = await engine.workflows.saveDraft(ROUTING);
  await engine.workflows.publish(id, BOSS);
  lead = await create('lead', { name: 'Ann' });
  while ((await workOnce(engine.ports)).moved > 0);
  await engine.intake.submitOne({ kind: 'update', id: lead, data: { owner: ivan } }, BOSS);
});
afterAll(() => terminal.close());

describe('takt assignment explain', () => {
  it('tells every change of owner, newest first: by whom, how, and why not the others', async () => {
    const { code, out } = await takt('assignment', 'explain', lead);
    expect(code).toBe(0);
    expect(out).toMatch(/Olga → Ivan\n {4}person boss\n/);
    expect(out).toMatch(/nobody → Olga, by round robin of Sales\n {4}workflow routing, run [0-9a-f-]{36} \(assign\)/);
    expect(out).toMatch(/\n {4}started by record\.created of person boss, /);
    expect(out).toMatch(/Ivan .* no .*Away until 1 Jan 2099, 03:00\./);
    expect(out.indexOf('Olga → Ivan')).toBeLessThan(out.indexOf('nobody → Olga'));
  });

  it('gives the same as data', async () => {
    const { out } = await takt('assignment', 'explain', lead, '--json');
    const [byHand, byTurns] = JSON.parse(out).assignments;
    expect(byHand).toMatchObject({ by: BOSS, workflow: null, method: null, candidates: [] });
    expect(byTurns).toMatchObject({
      workflow: 'routing',
      method: 'round_robin',
      pool: 'Sales',
      started: { event: 'record.created', by: BOSS },
    });
    expect(byHand.started).toBeNull();
    expect(byTurns.candidates).toMatchObject([
      { name: 'Olga', eligible: true, reason: 'turn' },
      { name: 'Ivan', eligible: false, reason: 'away' },
    ]);
  });

  it('says so where nobody has owned it, or it is not there', async () => {
    expect((await takt('assignment', 'explain', bare)).out).toBe('Nobody has owned this record so far.\n');
    expect((await takt('assignment', 'explain', '01900000-0000-7000-8000-000000000000')).err).toContain('[RECORD_NOT_FOUND]');
  });
});

describe('takt assignment measures', () => {
  it('shows how soon, how evenly and how well records were given out, beside the aims that are missed', async () => {
    const { code, out } = await takt('assignment', 'measures');
    expect(code).toBe(0);
    expect(out).toMatch(/^lead: .* \(UTC\)\nmethod +given +records +≤ 1 min /);
    // Of the first owner: given within a minute, and passed on.
    expect(out).toMatch(/\nround_robin +1 +1 +100 % .* 100 % \* /);
    expect(out).toMatch(/\nby_hand +1 +0 /);
    expect(out).toMatch(/\nall +2 +1 +100 % /);
    expect(out).toMatch(/\naim .*≤ 1 min .*≤ 20 % .*≤ 10 % .*≥ 95 %\n/);
  });

  it('gives the same as data, by team, person or day', async () => {
    const { out } = await takt('assignment', 'measures', '--by', 'person', '--json');
    expect(JSON.parse(out)).toMatchObject({
      by: 'person',
      total: { given: 2, records: 1, reassigned: 1, missed: ['reassigned'] },
      groups: [{ title: expect.any(String), given: 1 }, { given: 1 }],
    });
    const team = await takt('assignment', 'measures', '--by', 'team', '--json');
    expect(JSON.parse(team.out).groups).toMatchObject([{ key: 'Sales' }, { key: null }]);
  });

  it('says so where nothing was given, and refuses a time that is too long', async () => {
    const { out } = await takt('assignment', 'measures', '--from', '2020-01-01', '--until', '2020-02-01');
    expect(out).toBe('lead: 2020-01-01 00:00:00 – 2020-02-01 00:00:00 (UTC)\nNothing was given to anybody in this time.\n');
    expect((await takt('assignment', 'measures', '--from', '2020-01-01')).err).toContain('[MEASURES_SPAN]');
    expect((await takt('assignment', 'measures', '--by', 'colour')).code).toBe(2);
  });
});

describe('takt assignment give', () => {
  it('gives a record to somebody by hand, and its history says why', async () => {
    expect(await takt('assignment', 'give', bare, 'olga', '--reason', 'speaks German')).toMatchObject({
      code: 0,
      out: 'Nobody’s belongs to olga now.\n',
    });
    expect((await takt('assignment', 'explain', bare)).out).toMatch(/nobody → Olga\n {4}system cli:.*: speaks German\n/);
    expect((await takt('assignment', 'give', bare, 'nobody', '--reason', 'spam')).code).toBe(0);
    expect((await takt('assignment', 'explain', bare, '--limit', '1')).out).toMatch(/Olga → nobody\n {4}system cli:.*: spam\n/);
  });

  it('refuses somebody who is not active or not there, and asks for the reason', async () => {
    expect((await takt('assignment', 'give', bare, 'gone', '--reason', 'x')).err).toContain('[ASSIGN_INACTIVE]');
    expect((await takt('assignment', 'give', bare, 'nowhere', '--reason', 'x')).err).toContain('[RECORD_INVALID]');
    expect((await takt('assignment', 'give', bare, 'olga')).err).toContain('--reason');
  });
});
