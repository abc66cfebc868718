import { describe, expect, it } from 'vitest';
import { TaktError } from '../../engine/errors/index.ts';
import { compareSummaries, readEvents, readRecords, readScript, runTimelines } from '../../engine/simulate/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { edges, mail, nodes, onCreated, START, simulated, welcome } from './support.ts';

const DAY = 86_400_000;

const arrivals = (count: number, more: JsonObject = {}): JsonObject => ({
  as: 'lead',
  entity: 'lead',
  count,
  over: 'P2D',
  data: { name: "= 'Lead ' & n", emails: "= ['lead' & n & '@x.example']", score: '= $round(100 * $random())' },
  ...more,
});
const eva: JsonObject = { as: 'eva', entity: 'user', data: { name: 'Eva' } };
const openings: JsonObject = {
  on: { message: { channel: 'email' } },
  do: [
    { event: 'message.opened', p: 0.5, after: ['PT5M', 'P1D'], spread: 'log', next: [{ event: 'message.clicked', p: 0.5, after: 'PT1M' }] },
  ],
};

/** Who opened what, and when, without ids: those depend on everything else. */
async function reactions(script: JsonObject, workflows: readonly JsonObject[] = [welcome]): Promise<string[]> {
  const { world } = await simulated(script, { workflows });
  const { items } = await world.engine.events.page({}, 10_000);
  return items
    .filter(({ type }) => type === 'message.opened' || type === 'message.clicked')
    .map(({ type, at, recordId, data }) => `${world.names.nameOf(recordId ?? '')} ${type} ${String(data.subject)} ${at - world.start}`)
    .sort();
}

describe('seeds', () => {
  const script = { arrivals: [arrivals(40)], behaviour: [openings] };

  it('equal seeds give equal bytes, different seeds do not', async () => {
    const bytes = async (seed: number): Promise<string> => {
      const simulation = await simulated(script, { seed });
      return JSON.stringify([simulation.summary, await runTimelines(simulation, simulation.runs)]);
    };
    const first = await bytes(1);
    expect(await bytes(1)).toBe(first);
    expect(await bytes(2)).not.toBe(first);
  });

  it('what is added elsewhere changes the chances of nobody', async () => {
    const noise: JsonObject = {
      ...welcome,
      id: 'noise',
      nodes: {
        new_lead: onCreated(),
        one: { type: 'data.set', params: { values: { chance: '= $random()' } } },
        two: { type: 'record.create', params: { entity: 'deal', fields: { name: 'Deal' } } },
      },
      edges: [
        ['new_lead', 'one'],
        ['one', 'two'],
      ],
    };
    const before = await reactions(script);
    expect(before.length).toBeGreaterThan(20);
    expect(await reactions(script, [noise, welcome])).toEqual(before);
  });

  it('one more arrival leaves the others as they were', async () => {
    const leads = async (count: number): Promise<unknown[]> => {
      const { world } = await simulated({ arrivals: [arrivals(count, { over: 'PT0S' })] });
      const { items } = await world.engine.records.page({ entity: 'lead' }, 200);
      return items.map(({ name, score }) => [name, score]);
    };
    expect((await leads(11)).slice(0, 10)).toEqual(await leads(10));
  });
});

describe('a script', () => {
  it('brings records within its time, with values drawn for each', async () => {
    const { world, summary } = await simulated({ arrivals: [arrivals(50, { from: 'PT12H', over: 'P1D' })] });
    const { items } = await world.engine.records.page({ entity: 'lead' }, 200);
    const times = items.map(({ created_at: at }) => Date.parse(String(at)) - Date.parse(START));
    expect([items.length, summary.inputs]).toEqual([50, 50]);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(DAY / 2);
    expect(Math.max(...times)).toBeLessThan(1.5 * DAY);
    expect(new Set(items.map(({ score }) => score)).size).toBeGreaterThan(20);
  });

  it('keeps to working hours', async () => {
    const hours = { timezone: 'Europe/Riga', days: { mon: [['10:00', '12:00']], tue: [['15:00', '16:00']] } };
    const { world } = await simulated({ arrivals: [arrivals(60, { hours })] });
    const { items } = await world.engine.records.page({ entity: 'lead' }, 200);
    const hoursOfDay = new Set(items.map(({ created_at: at }) => String(at).slice(0, 13)));
    // The start is Monday, 11:00 in Riga.
    expect([...hoursOfDay].sort()).toEqual(['2026-03-02T09', '2026-03-03T13']);
  });

  it('lets people answer after a while, and go on from there', async () => {
    const told = await reactions({
      records: [{ as: 'ann', entity: 'lead', data: { name: 'Ann', emails: ['ann@x.example'] } }],
      arrivals: [arrivals(1, { over: 'PT0S' })],
      behaviour: [
        {
          on: { message: { subject: 'Welcome' } },
          do: [{ event: 'message.opened', after: 'PT2H', next: [{ event: 'message.clicked', after: 'PT1M' }] }],
        },
      ],
    });
    expect(told).toEqual(['lead-1 message.clicked Welcome 7260000', 'lead-1 message.opened Welcome 7200000']);
  });

  it('events of people about a message carry what message.sent says of it, so that a workflow knows which one is meant', async () => {
    const { world } = await simulated({
      arrivals: [arrivals(1, { over: 'PT0S' })],
      behaviour: [{ on: { message: { subject: 'Welcome' } }, do: [{ event: 'message.answered', after: 'PT1H', data: { text: 'Yes' } }] }],
    });
    const { items } = await world.engine.events.page({}, 100);
    const dataOf = (type: string): JsonObject | undefined => items.findLast((event) => event.type === type)?.data;
    expect(dataOf('message.answered')).toEqual({ ...dataOf('message.sent'), text: 'Yes' });
  });

  it('asks conditions and chances of the record as it is then', async () => {
    const told = await reactions({
      arrivals: [arrivals(4, { over: 'PT0S', data: { name: '= $string(n)', emails: ['a@x.example'], score: '= n * 10' } })],
      behaviour: [
        { on: { message: {} }, when: 'record.score >= 20 and n = 1', do: [{ event: 'message.opened', p: '= record.score = 40 ? 0 : 1' }] },
      ],
    });
    expect(told).toEqual(['lead-2 message.opened Welcome 0', 'lead-3 message.opened Welcome 0']);
  });

  it('has tasks done, by their owners, and records changed', async () => {
    const { world, summary } = await simulated({
      records: [eva],
      arrivals: [arrivals(3, { over: 'PT0S', data: { name: '= $string(n)', emails: ['a@x.example'], owner: '@eva' } })],
      behaviour: [
        {
          on: { task: { kind: 'call' } },
          when: "record.name != '3'",
          do: [{ complete: true, after: 'PT1H', data: { outcome: "= 'Reached ' & record.name" } }],
        },
        { on: { task: { kind: 'call' } }, do: [{ update: { stage: "= record.name = '1' ? 'in_work'" }, after: 'PT2H' }] },
      ],
    });
    expect(summary.tasks).toEqual([{ kind: 'call', person: 'Eva', created: 3, closed: 2, open: 1 }]);
    const [first] = (await world.engine.records.page({ entity: 'task', where: "outcome = 'Reached 1'" }, 1)).items;
    const { items } = await world.engine.records.changes(String(first?.id), 1);
    expect(items[0]).toMatchObject({ at: world.start + 3_600_000, author: { kind: 'person', id: world.names.idOf('eva') } });
    expect(summary.runs).toMatchObject([{ workflow: 'welcome', started: 3, outcomes: { reminded: 2, talking: 1 } }]);
  });

  it('counts what the engine refuses, and goes on', async () => {
    const { summary } = await simulated({
      arrivals: [arrivals(3, { data: { name: 'Ann', key: 'L-1', emails: ['a@x.example'] } })],
      behaviour: [{ on: { message: {} }, do: [{ event: 'message.opened', data: { x: '= $number("no number")' } }] }],
    });
    expect(summary.refusedInputs).toEqual([
      { what: 'create lead', code: 'RECORD_KEY_TAKEN', message: expect.any(String), count: 2 },
      { what: 'message.opened', code: 'EXPR_RUNTIME', message: expect.any(String), count: 2 },
    ]);
    expect(summary.runs[0]?.started).toBe(1);
  });

  it('tells everything that is wrong with it at once', () => {
    const broken = {
      arrivals: [arrivals(1, { hours: { days: { mon: [['12:00', '10:00']] } }, data: { name: '= (' } })],
      behaviour: [
        { on: { message: {}, task: {} }, when: ')', do: [{ p: '= 1 +', complete: true }] },
        { on: { message: {} }, do: [{ complete: true }, { event: 'a', update: {} }, {}] },
      ],
    };
    try {
      readScript(JSON.stringify(broken));
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof TaktError)) throw error;
      expect(error.errors.map(({ code, place }) => `${place.pointer} ${code}`)).toEqual([
        '/arrivals/0/hours/days/mon/0 CALENDAR_INVALID',
        '/arrivals/0/data/name EXPR_SYNTAX',
        '/behaviour/0/on SIMULATION_INVALID',
        '/behaviour/0/when EXPR_SYNTAX',
        '/behaviour/0/do/0/p EXPR_SYNTAX',
        '/behaviour/0/do/0/complete SIMULATION_INVALID',
        '/behaviour/1/do/0/complete SIMULATION_INVALID',
        '/behaviour/1/do/1 SIMULATION_INVALID',
        '/behaviour/1/do/2 SIMULATION_INVALID',
      ]);
    }
  });

  it('refuses names that it does not know', () => {
    const thrown = expect.objectContaining({ message: '/arrivals/0/hour "hour" is not known here.' });
    expect(() => readScript(JSON.stringify({ arrivals: [arrivals(1, { hour: {} })] }))).toThrow(thrown);
  });
});

describe('files of events and records', () => {
  it('moments and times after the start, keys and names, all verbs', async () => {
    const events = readEvents(`
      {"at":"PT0S","create":"lead","as":"ann","data":{"key":"L-1","name":"Ann","emails":["ann@x.example"]}}
      {"at":"2026-03-02T10:00:00Z","update":"lead/L-1","data":{"owner":"@eva"}}
      {"at":"PT2H","event":"message.opened","topic":"email","record":"@ann"}
      {"at":"PT3H","complete":{"title":"Call Ann"}}
      {"at":"P2D","delete":{"entity":"lead","name":"Ann"}}
      {"at":"P2DT1H","update":"@ann","data":{"name":"Bob"}}`);
    const records = readRecords('{"as":"eva","entity":"user","data":{"name":"Eva"}}\n');
    const { world, summary } = await simulated({}, { events, records });
    const ann = await world.engine.records.get(world.names.idOf('ann'));
    expect(ann).toMatchObject({ deleted: true, owner: world.names.idOf('eva'), name: 'Ann' });
    expect(summary).toMatchObject({
      inputs: 7,
      refusedInputs: [{ what: 'update', code: 'RECORD_DELETED', count: 1 }],
      tasks: [{ kind: 'call', person: null, created: 1, closed: 1, open: 0 }],
    });
  });

  it('records may be one array', () => {
    expect(readRecords('[{"entity":"user","data":{"name":"Eva"}}]')).toHaveLength(1);
    expect(() => readRecords('[{"entity":"user"},{"entty":"user"}]')).toThrow(
      expect.objectContaining({
        errors: [expect.objectContaining({ place: { pointer: '/1' } }), expect.objectContaining({ place: { pointer: '/1/entty' } })],
      }),
    );
  });

  it('each broken line is named by its number', () => {
    const text =
      '{"at":"PT0S","create":"lead"}\n{"at":"soon","create":"lead"}\nnothing\n{"at":"2026-99-99T00:00:00Z","create":"lead"}\n{"at":"PT0S"}\n';
    expect(() => readEvents(text)).toThrow(
      expect.objectContaining({
        errors: [2, 3, 4, 5].map((line) => expect.objectContaining({ place: expect.objectContaining({ line }) })),
      }),
    );
  });
});

describe('the summary', () => {
  it('tells how much people have to do, by day and at most', async () => {
    const events = readEvents(`
      {"at":"PT1H","create":"lead","data":{"name":"A","emails":["a@x.example"],"owner":"@eva"}}
      {"at":"PT2H","create":"lead","data":{"name":"B","emails":["b@x.example"],"owner":"@eva"}}
      {"at":"PT3H","complete":{"title":"Call A"}}
      {"at":"PT30H","complete":{"title":"Call B"}}
      {"at":"PT31H","create":"lead","data":{"name":"C","emails":["c@x.example"]}}`);
    const { summary } = await simulated({ records: [eva] }, { events });
    expect(summary.load).toEqual([
      {
        person: null,
        created: 1,
        closed: 0,
        openAtEnd: 1,
        maxOpen: 1,
        maxOpenAt: '2026-03-03T16:00:00.000Z',
        days: [
          { day: '2026-03-02', created: 0, closed: 0, open: 0 },
          { day: '2026-03-03', created: 1, closed: 0, open: 1 },
          { day: '2026-03-04', created: 0, closed: 0, open: 1 },
          { day: '2026-03-05', created: 0, closed: 0, open: 1 },
        ],
      },
      {
        person: 'Eva',
        created: 2,
        closed: 2,
        openAtEnd: 0,
        maxOpen: 2,
        maxOpenAt: '2026-03-02T11:00:00.000Z',
        days: [
          { day: '2026-03-02', created: 2, closed: 1, open: 1 },
          { day: '2026-03-03', created: 0, closed: 1, open: 0 },
          { day: '2026-03-04', created: 0, closed: 0, open: 0 },
          { day: '2026-03-05', created: 0, closed: 0, open: 0 },
        ],
      },
    ]);
  });

  it('a task that changes hands is off one table and on another', async () => {
    const events = readEvents(`
      {"at":"PT1H","create":"lead","data":{"name":"A","emails":["a@x.example"],"owner":"@eva"}}
      {"at":"PT2H","update":{"entity":"task","title":"Call A"},"data":{"owner":"@ivo"}}`);
    const { summary } = await simulated({ records: [eva, { as: 'ivo', entity: 'user', data: { name: 'Ivo' } }] }, { events });
    expect(summary.load.map(({ person, created, closed, openAtEnd }) => [person, created, closed, openAtEnd])).toEqual([
      ['Eva', 1, 1, 0],
      ['Ivo', 1, 0, 1],
    ]);
  });

  it('tells what waits, what failed and what could not be delivered', async () => {
    const { summary } = await simulated({
      arrivals: [
        arrivals(2, { over: 'PT0S' }),
        arrivals(3, { as: 'mute', over: 'PT0S', data: { name: 'Mute' } }),
        arrivals(1, { as: 'late', from: 'PT60H', over: 'PT1H' }),
      ],
      outside: [{ on: { payload: { subject: 'Still there?' } }, fail: 'No such mailbox' }],
    });
    expect(summary).toMatchObject({
      runs: [{ workflow: 'welcome', started: 6, status: { failed: 5, waiting: 1 }, outcomes: {} }],
      messages: [{ by: 'email', workflow: 'welcome', sent: 3, undelivered: 2 }],
      waiting: [{ workflow: 'welcome', node: 'a_day', runs: 1 }],
      failed: [
        { workflow: 'welcome', node: 'first', code: 'MESSAGE_NO_RECIPIENT', runs: 3 },
        { workflow: 'welcome', node: 'second', code: 'EFFECT_DEAD', runs: 2 },
      ],
      refused: [],
    });
  });

  it('two of them are compared number by number', async () => {
    const twice = { ...welcome, nodes: { ...nodes, more: mail('More') }, edges: [...edges, ['call', 'more']] };
    const script = { arrivals: [arrivals(5, { over: 'PT0S' })] };
    const [a, b] = [await simulated(script), await simulated(script, { workflows: [twice] })];
    expect(compareSummaries(a.summary, a.summary)).toEqual([]);
    expect(compareSummaries(a.summary, b.summary)).toEqual([{ area: 'messages', what: 'email of welcome', a: 10, b: 15 }]);
  });
});

describe('bounds', () => {
  const limited = (limits: object): Promise<unknown> => simulated({ arrivals: [arrivals(30)] }, { limits });

  it.each<[string, object]>([
    ['inputs', { inputs: 20 }],
    ['moments', { moments: 20 }],
    ['steps of runs', { steps: 20 }],
    ['time', { spanMs: DAY }],
  ])('a simulation with too many %s ends with a coded error', async (_what, limits) => {
    await expect(limited(limits)).rejects.toMatchObject({ code: 'SIMULATION_LIMIT' });
  });

  it('workflows that start each other for ever are refused, and the simulation ends', async () => {
    const ping = (id: string, from: string, to: string): JsonObject => ({
      ...welcome,
      id,
      nodes: {
        heard: { type: 'trigger.record', params: { entity: 'lead', on: ['updated'], fields: [from] } },
        say: { type: 'record.update', params: { fields: { [to]: '= $string($random())' } } },
      },
      edges: [['heard', 'say']],
    });
    const events = readEvents(
      '{"at":"PT0S","create":"lead","as":"a","data":{"name":"A"}}\n{"at":"PT1S","update":"@a","data":{"city":"Riga"}}',
    );
    const { summary } = await simulated({}, { workflows: [ping('ping', 'city', 'region'), ping('pong', 'region', 'city')], events });
    expect(summary.refused).toMatchObject([{ code: 'LOOP_DEPTH', runs: 1 }]);
  });
});
