import { describe, expect, it } from 'vitest';
import { TaktError } from '../../engine/errors/index.ts';
import { readScenarios, scenarioReport } from '../../engine/simulate/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { ann, mail, onCreated, play, START, welcome } from './support.ts';

const answered: JsonObject = { at: 'PT5H', update: '@ann', data: { stage: 'in_work' } };
const full: JsonObject[] = [
  { at: 'PT0S', message: { channel: 'email', to: ['ann@x.example'], subject: 'Welcome', workflow: 'welcome', node: 'first' } },
  { at: 'PT0S', task: { title: 'Call Ann', record: '@ann' } },
  { at: 'P1D', message: { subject: 'Still there?' } },
  { at: 'PT24H', end: { workflow: 'welcome', status: 'done', outcome: 'reminded', record: '@ann' } },
];

describe('a scenario that passes', () => {
  it('lists every message, task and end; entries need only tell a part', async () => {
    expect(await play({ do: [ann], timeline: full })).toMatchObject({ passed: true, final: [], openTasks: [] });
  });

  it('may list what happens at one moment in any order', async () => {
    expect((await play({ do: [ann], timeline: full.toReversed() })).passed).toBe(true);
  });

  it('gives an entry that asks little only what no other entry needs', async () => {
    const twice = {
      ...welcome,
      nodes: { new_lead: onCreated(), a: mail('A'), b: mail('B') },
      edges: [
        ['new_lead', 'a'],
        ['a', 'b'],
      ],
    };
    const timeline: JsonObject[] = [
      { at: 'PT0S', message: { channel: 'email' } },
      { at: 'PT0S', message: { subject: 'A' } },
      { at: 'PT0S', end: {} },
    ];
    expect((await play({ do: [ann], timeline }, {}, [twice])).passed).toBe(true);
  });

  it('knows records of the file in every scenario, and their names within values', async () => {
    const records: JsonObject[] = [{ as: 'eva', entity: 'user', data: { name: 'Eva' } }];
    const owned = { ...ann, data: { name: 'Ann', owner: '@eva', comment: '@@eva' } };
    const result = await play(
      {
        do: [owned],
        until: 'PT1H',
        timeline: [{ at: 'PT0S', end: { status: 'failed' } }],
        final: { '@ann': { owner: '@eva', comment: '@@eva', score: null } },
      },
      { records },
    );
    expect(scenarioReport(result)).toEqual([]);
  });

  it('makes so many equal records; they have no name', async () => {
    const file = {
      ...welcome,
      nodes: {
        new_lead: onCreated(),
        earlier: { type: 'report.statistics', params: { entity: 'deal', groupBy: 'stage', measures: [{ name: 'deals', op: 'count' }] } },
        tell: mail('{{nodes.earlier.groups.[0].deals}} won, {{nodes.earlier.groups.[1].deals}} lost'),
      },
      edges: [
        ['new_lead', 'earlier'],
        ['earlier', 'tell'],
      ],
    };
    const records: JsonObject[] = [
      { entity: 'deal', count: 4, data: { stage: 'won' } },
      { entity: 'deal', count: 11, data: { stage: 'lost' } },
    ];
    const timeline: JsonObject[] = [
      { at: 'PT0S', message: { subject: '4 won, 11 lost' } },
      { at: 'PT0S', end: {} },
    ];
    expect(scenarioReport(await play({ do: [ann], timeline }, { records }, [file]))).toEqual([]);
    const named = { start: START, records: [{ as: 'deals', entity: 'deal', count: 4 }], scenarios: [] };
    expect(() => readScenarios(JSON.stringify(named))).toThrow(expect.objectContaining({ code: 'SCENARIO_INVALID' }));
  });

  it('has other settings in one scenario than in the next: the language, read as run.locale by texts and exits', async () => {
    const both = {
      ...welcome,
      settings: { timezone: 'Europe/Moscow', exit: [{ when: "run.locale = 'ru' and record.score > 9", outcome: 'вышел' }] },
      nodes: { new_lead: onCreated(), tell: mail('{{#if (eq run.locale "ru")}}Здравствуйте{{else}}Hello{{/if}}') },
      edges: [['new_lead', 'tell']],
    };
    const hot = { ...ann, data: { name: 'Ann', emails: ['ann@x.example'], score: 10 } };
    const told = (subject: string): JsonObject[] => [
      { at: 'PT0S', message: { subject } },
      { at: 'PT0S', end: {} },
    ];
    const russian = { settings: { locale: 'ru' } };
    expect((await play({ do: [ann], timeline: told('Hello') }, {}, [both])).passed).toBe(true);
    expect((await play({ do: [hot], timeline: told('Hello') }, {}, [both])).passed).toBe(true);
    expect((await play({ ...russian, do: [ann], timeline: told('Здравствуйте') }, {}, [both])).passed).toBe(true);
    const left: JsonObject[] = [{ at: 'PT0S', end: { outcome: 'вышел' } }];
    expect((await play({ ...russian, do: [hot], timeline: left }, {}, [both])).passed).toBe(true);
    expect((await play({ settings: { exit: null }, do: [hot], timeline: told('Hello') }, {}, [both])).passed).toBe(true);
    expect(await play({ settings: { locale: 'xx' }, do: [], timeline: [] }, {}, [both])).toMatchObject({ passed: false, error: {} });
  });

  it('has an open task done by a person, and starts workflows by hand', async () => {
    const manual = {
      ...welcome,
      id: 'by-hand',
      nodes: { start: { type: 'trigger.manual' }, tell: mail('{{event.data.input.subject}}') },
      edges: [['start', 'tell']],
    };
    const result = await play(
      {
        do: [
          ann,
          { at: 'PT1H', complete: { title: 'Call Ann' }, data: { outcome: 'Reached' } },
          { at: 'PT2H', start: 'by-hand', record: '@ann', input: { subject: 'Hi' } },
          answered,
        ],
        timeline: [
          { at: 'PT0S', message: { subject: 'Welcome' } },
          { at: 'PT0S', task: {} },
          { at: 'PT2H', message: { subject: 'Hi' } },
          { at: 'PT2H', end: { workflow: 'by-hand' } },
          { at: 'P1D', end: { outcome: 'talking' } },
        ],
        open_tasks: [],
      },
      {},
      [welcome, manual],
    );
    expect(scenarioReport(result)).toEqual([]);
  });

  it('asks for changes, records, refusals and what was not delivered only where it lists them, and then for all of that sort', async () => {
    const moves = {
      ...welcome,
      nodes: { new_lead: onCreated(), one: { type: 'record.update', params: { fields: { stage: 'in_work', city: 'Riga' } } } },
      edges: [['new_lead', 'one']],
    };
    const end = { at: 'PT0S', end: {} };
    expect((await play({ do: [ann], timeline: [end] }, {}, [moves])).passed).toBe(true);
    const stage = { at: 'PT0S', change: { record: '@ann', field: 'stage', from: 'new', to: 'in_work' } };
    expect((await play({ do: [ann], timeline: [end, stage] }, {}, [moves])).passed).toBe(true);
    const all = { at: 'PT0S', change: { record: '@ann', to: 'Riga' } };
    expect(scenarioReport(await play({ do: [ann], timeline: [end, all] }, {}, [moves]))).toContain(
      '+ PT0S  change record="@ann" field="stage" from="new" to="in_work"',
    );
  });

  it('knows the custom fields and the segments of its file', async () => {
    const entities = { lead: { fields: { rank: { type: 'number', title: 'Rank' } } } };
    const segments = [{ id: 'first', name: 'First', entity: 'lead', rule: 'rank = 1' }];
    const asks: JsonObject = {
      ...welcome,
      nodes: { new_lead: onCreated(), is: { type: 'flow.if', params: { when: "$inSegment('first')" } }, yes: mail('You are the first') },
      edges: [
        ['new_lead', 'is'],
        ['is:yes', 'yes'],
      ],
    };
    const lead = (name: string, rank: number): JsonObject => ({
      at: 'PT0S',
      create: 'lead',
      data: { name, rank, emails: [`${name}@x.example`] },
    });
    const timeline: JsonObject[] = [
      { at: 'PT0S', end: {} },
      { at: 'PT0S', end: {} },
      { at: 'PT0S', message: { to: ['one@x.example'] } },
    ];
    const result = await play({ do: [lead('one', 1), lead('two', 2)], timeline }, { entities, segments }, [asks]);
    expect(scenarioReport(result)).toEqual([]);
  });

  it('lets the outside fail as it says', async () => {
    const outside = [{ on: { connector: 'mail' }, fail: 'No such mailbox' }];
    const timeline: JsonObject[] = [
      { at: 'PT0S', undelivered: { to: ['ann@x.example'], error: { message: 'No such mailbox' } } },
      { at: 'PT0S', end: { status: 'failed', error: { code: 'EFFECT_DEAD', node: 'first' } } },
    ];
    expect(scenarioReport(await play({ outside, do: [ann], timeline }))).toEqual([]);
  });

  it('takes messages of every channel, documents and requests, and answers as the real one would', async () => {
    const send = (channel: string): JsonObject => ({ type: 'message.send', params: { channel, to: 'x', text: 'Good day' } });
    const all: JsonObject = {
      ...welcome,
      nodes: {
        new_lead: onCreated(),
        chat: send('slack'),
        app: send('in_app'),
        ask: { type: 'http.request', params: { method: 'GET', url: 'https://shop.example/price' } },
        pdf: { type: 'document.pdf', params: { name: 'offer', title: 'Offer', content: [{ heading: 'Price' }] } },
        offer: {
          type: 'message.send',
          params: { channel: 'email', subject: 'Offer', text: 'See the file', attachments: '= nodes.pdf.file' },
        },
      },
      edges: [
        ['new_lead', 'chat'],
        ['chat', 'app'],
        ['app', 'ask'],
        ['ask', 'pdf'],
        ['pdf', 'offer'],
      ],
    };
    const timeline: JsonObject[] = [
      { at: 'PT0S', message: { channel: 'slack', to: ['x'], text: 'Good day' } },
      { at: 'PT0S', message: { channel: 'in_app' } },
      { at: 'PT0S', message: { channel: 'email', subject: 'Offer' } },
      { at: 'PT0S', request: { connector: 'http', url: 'https://shop.example/price' } },
      { at: 'PT0S', end: { status: 'done' } },
    ];
    expect(scenarioReport(await play({ do: [ann], timeline }, {}, [all]))).toEqual([]);
  });

  it('what fails for a while only is delivered later', async () => {
    const outside = [{ on: { connector: 'mail' }, fail: 'Busy', transient: true, times: 1 }];
    const result = await play({ outside, do: [ann], until: 'PT1H', timeline: [{ at: 'PT0S', message: {} }] });
    const [missing, late] = [
      result.timeline.find(({ state }) => state === 'missing'),
      result.timeline.find(({ kind, state }) => kind === 'message' && state === 'extra'),
    ];
    expect(missing?.at).toBe(0);
    expect(late?.at).toBeGreaterThan(0);
  });
});

describe('a scenario that fails', () => {
  it('shows what was missing, what was extra, and how the two differ', async () => {
    const timeline: JsonObject[] = [
      { at: 'PT0S', message: { subject: 'Hello' } },
      { at: 'PT0S', task: { title: 'Call Ann' } },
      { at: 'PT12H', message: { subject: 'Still there?' } },
      { at: 'P1D', end: { outcome: 'reminded' } },
      { at: 'P2D', end: { outcome: 'lost' } },
    ];
    const result = await play({ do: [ann], timeline, final: { '@ann': { stage: 'lost' } }, open_tasks: [{ title: 'Write to Ann' }] });
    expect(result.passed).toBe(false);
    expect(scenarioReport(result)).toEqual([
      '+ PT0S   message channel="email" to=["ann@x.example"] subject="Welcome"',
      '  PT0S   task title="Call Ann" kind="call"',
      '- PT0S   message subject="Hello"',
      '           subject: expected "Hello", was "Welcome"',
      '- PT12H  message subject="Still there?"',
      '           at: expected PT12H, was P1D',
      '+ P1D    message channel="email" to=["ann@x.example"] subject="Still there?"',
      '  P1D    end workflow="welcome" status="done" outcome="reminded" record="@ann"',
      '- P2D    end outcome="lost"',
      '@ann in the end: stage: expected "lost", was "new"',
      '- open in the end: title="Write to Ann"',
      '+ open in the end: title="Call Ann" kind="call"',
    ]);
  });

  it.each<[string, JsonObject, string]>([
    [
      'a field that does not exist',
      { ...ann, data: { naem: 'Ann' } },
      '/scenarios/0/do/0: This lead cannot be stored: lead has no field "naem" [RECORD_INVALID]',
    ],
    [
      'a task that nobody has',
      { at: 'PT0S', complete: { title: 'None' } },
      '/scenarios/0/do/0: No open task has the fields {"title":"None"}. [SIMULATION_TARGET_NONE]',
    ],
    [
      'a key that nothing has',
      { at: 'PT0S', delete: 'lead/L-1' },
      '/scenarios/0/do/0: There is no lead with the key "L-1". [SIMULATION_TARGET_NONE]',
    ],
  ])('names the step that cannot be done: %s', async (_what, step, told) => {
    expect(scenarioReport(await play({ do: [step] }))).toContain(told);
  });

  it('tells every problem of a workflow that cannot be published', async () => {
    const broken = { ...welcome, edges: [['new_lead', 'nowhere']] };
    const report = scenarioReport(await play({}, {}, [broken]));
    expect(report.join('\n')).toContain('[EDGE_NODE_UNKNOWN]');
    expect(report.join('\n')).toContain('[NODE_UNREACHABLE]');
  });
});

describe('reading a scenario file', () => {
  const problemsOf = (file: unknown): string[] => {
    try {
      readScenarios(typeof file === 'string' ? file : JSON.stringify(file));
      return [];
    } catch (error) {
      if (!(error instanceof TaktError)) throw error;
      return error.errors.map(({ place, message, hint }) => `${place.pointer} ${message} ${hint}`);
    }
  };
  const scenario = { name: 'x', do: [], until: 'P1D', timeline: [] };
  const file = (parts: object): object => ({ start: START, scenarios: [{ ...scenario, ...parts }] });

  it('refuses properties that it does not know, with the one that was probably meant', () => {
    expect(problemsOf({ start: START, recipe: ['A01'], scenarios: [{ ...scenario, timelines: [] }] })).toEqual([
      '/recipe "recipe" is not known here. Did you mean "recipes"?',
      '/scenarios/0/timelines "timelines" is not known here. Did you mean "timeline"?',
    ]);
  });

  it('refuses names that no record has, wherever they stand', () => {
    expect(
      problemsOf(
        file({
          do: [ann, { at: 'PT0S', update: '@anna', data: { owner: ['@eva'] } }],
          timeline: [{ at: 'PT0S', task: { owner: '@evi' } }],
          final: { '@bob': {} },
        }),
      ).map((problem) => problem.split(' For')[0]),
    ).toEqual([
      '/scenarios/0/do/1/update No record here is called @anna. Did you mean "ann"?',
      '/scenarios/0/do/1/data/owner/0 No record here is called @eva. Known: ann.',
      '/scenarios/0/timeline/0/task/owner No record here is called @evi. Known: ann.',
      '/scenarios/0/final/@bob No record here is called @bob. Known: ann.',
    ]);
  });

  it('tells all at once: two verbs, parts of another verb, times after the end, two names alike', () => {
    expect(
      problemsOf(
        file({
          do: [ann, { ...ann, at: 'P2D' }, { at: 'PT0S', update: '@ann', delete: '@ann' }, { at: 'PT0S', delete: '@ann', data: {} }],
          timeline: [{ at: 'PT0S' }, { at: 'PT0S', task: {}, end: {} }],
        }),
      ).map((problem) => problem.slice(0, 60)),
    ).toEqual([
      '/scenarios/0/do/1/at P2D is after the end of the scenario, P1D.'.slice(0, 60),
      '/scenarios/0/do/2 Two things happen here: update and delete. Write o'.slice(0, 60),
      '/scenarios/0/do/3/data "data" does not belong to "delete". Nothing s'.slice(0, 60),
      '/scenarios/0/timeline/0 Nothing is expected here. Write one of messa'.slice(0, 60),
      '/scenarios/0/timeline/1 An entry expects one thing, not task and end'.slice(0, 60),
      '/scenarios/0/do/1/as Two records are called ann. Give each a name of'.slice(0, 60),
    ]);
  });

  it('tells where the JSON is broken', () => {
    expect(() => readScenarios('{ "start": }')).toThrow(
      expect.objectContaining({ code: 'SCENARIO_INVALID', place: { line: 1, column: 12 } }),
    );
  });
});
