import { describe, expect, it } from 'vitest';
import { asTaktError, type ErrorData } from '../../engine/errors/index.ts';
import { compileWorkflow } from '../../engine/graph/compile.ts';
import { NodeTypes } from '../../engine/graph/node-types.ts';
import { parseWorkflowText } from '../../engine/graph/parse.ts';
import type { Plan } from '../../engine/graph/plan.ts';
import { EntityRegistry } from '../../engine/records/index.ts';
import { builtInNodes } from '../../nodes/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import type { JsonObject } from '../../schemas/json.ts';

const surroundings = { nodeTypes: new NodeTypes(builtInNodes), entities: new EntityRegistry(builtInEntities) };
const compile = (value: unknown): Plan => compileWorkflow(value, 1, surroundings);

/** Everything that is wrong with the file, as code, pointer and node. */
function problems(value: unknown): ErrorData[] {
  try {
    compile(value);
    return [];
  } catch (error) {
    const told = asTaktError(error);
    return told.errors.length > 0 ? told.errors.map((problem) => problem.toData()) : [told.toData()];
  }
}
const brief = (value: unknown): [string, string | undefined][] => problems(value).map(({ code, pointer }) => [code, pointer]);

const start: JsonObject = { type: 'trigger.record', params: { entity: 'lead', on: ['created'] } };
const end: JsonObject = { type: 'flow.end' };
const file = (nodes: Record<string, JsonObject>, edges: string[][], rest: JsonObject = {}): JsonObject => ({
  takt: 1,
  id: 'w',
  name: 'W',
  nodes: { start, ...nodes },
  edges,
  ...rest,
});

describe('a workflow file', () => {
  it('compiles to a plan with its triggers, actions and the targets of each port', () => {
    const plan = compile(
      file({ value: { type: 'flow.if', params: { when: 'record.score > 5' } }, a: end, b: end }, [
        ['start', 'value'],
        ['value:yes', 'a'],
        ['value:no', 'b'],
      ]),
    );
    expect(plan.triggers.map((trigger) => trigger.targets)).toEqual([['value']]);
    expect([...(plan.actions.get('value')?.targets ?? [])]).toEqual([
      ['yes', ['a']],
      ['no', ['b']],
    ]);
  });

  it('means the first port where an edge names none', () => {
    const plan = compile(
      file({ value: { type: 'flow.if', params: { when: 'true' } }, a: end }, [
        ['start', 'value'],
        ['value', 'a'],
      ]),
    );
    expect(plan.actions.get('value')?.targets.get('yes')).toEqual(['a']);
  });

  it('tells every error at once, each with its place', () => {
    expect(
      brief(
        file(
          {
            unknown: { type: 'flow.wiat', params: {} },
            newer: { type: 'flow.end', version: 9 },
            bad: { type: 'flow.if', params: { when: 'record.score >' } },
            call: { type: 'task.create', params: { title: 'Call {{record.nmae}}' } },
            lost: end,
          },
          [
            ['start', 'call'],
            ['call', 'bad'],
            ['call:sideways', 'newer'],
            ['bad:yes', 'nowhere'],
            ['bad:no', 'unknown'],
          ],
        ),
      ),
    ).toEqual([
      ['NODE_TYPE_UNKNOWN', '/nodes/unknown/type'],
      ['NODE_VERSION_UNKNOWN', '/nodes/newer/version'],
      ['EXPR_SYNTAX', '/nodes/bad/params/when'],
      ['PORT_UNKNOWN', '/edges/2/0'],
      ['EDGE_NODE_UNKNOWN', '/edges/3/1'],
      ['NODE_UNREACHABLE', '/nodes/lost'],
      ['SCOPE_UNKNOWN', '/nodes/call/params/title'],
    ]);
  });

  it('gets a hint with what was probably meant', () => {
    const hints = problems(
      file({ w: { type: 'flow.wiat' }, c: { type: 'task.create', params: { title: '{{record.emals}}' } } }, [
        ['start', 'w'],
        ['start', 'c'],
      ]),
    ).map((problem) => problem.hint);
    expect(hints).toEqual(['Did you mean "flow.wait"?', 'Did you mean "emails"?']);
  });

  it('that does not fit its schema is told what else is wrong with it in the same go', () => {
    expect(
      brief(
        file(
          {
            half: { type: 'flow.wiat', maxVisits: 'often' },
            lost: { type: 42 },
            call: { type: 'task.create', params: { title: '{{record.nmae}}' }, colour: 'red' },
          },
          [['start', 'half'], ['start', 'call'], ['start', 'lost'], ['call', 'nowhere'], ['odd']],
          { owner: 7 },
        ),
      ).sort(),
    ).toEqual(
      [
        ['WORKFLOW_SCHEMA', '/owner'],
        ['WORKFLOW_SCHEMA', '/nodes/half/maxVisits'],
        ['WORKFLOW_SCHEMA', '/nodes/lost/type'],
        ['WORKFLOW_SCHEMA', '/nodes/call/colour'],
        ['WORKFLOW_SCHEMA', '/edges/4'],
        ['NODE_TYPE_UNKNOWN', '/nodes/half/type'],
        ['EDGE_NODE_UNKNOWN', '/edges/3/1'],
        ['SCOPE_UNKNOWN', '/nodes/call/params/title'],
      ].sort(),
    );
  });

  it('is refused with schema errors, all of them', () => {
    expect(brief({ takt: 1, id: 'Not An Id', nodes: { start }, edges: [['a']], extra: 1 })).toEqual(
      expect.arrayContaining([
        ['WORKFLOW_SCHEMA', '/extra'],
        ['WORKFLOW_SCHEMA', '/id'],
        ['WORKFLOW_SCHEMA', ''],
        ['WORKFLOW_SCHEMA', '/edges/0'],
      ]),
    );
  });

  it('is refused without a trigger', () => {
    expect(brief({ ...file({}, []), nodes: { a: end } })).toContainEqual(['TRIGGER_MISSING', '/nodes']);
  });

  it('is refused with an edge into a trigger and with the same edge twice', () => {
    expect(
      brief(
        file({ a: { type: 'data.set', params: { values: { x: 1 } } } }, [
          ['start', 'a'],
          ['start', 'a'],
          ['a', 'start'],
        ]),
      ),
    ).toEqual([
      ['EDGE_TWICE', '/edges/1'],
      ['EDGE_INTO_TRIGGER', '/edges/2/1'],
    ]);
  });

  it.each([
    [
      'a cycle of two',
      { a: { type: 'data.set', params: { values: { x: 1 } } }, b: { type: 'data.set', params: { values: { x: 1 } } } },
      [
        ['start', 'a'],
        ['a', 'b'],
        ['b', 'a'],
      ],
    ],
    [
      'a node that follows itself',
      { a: { type: 'data.set', params: { values: { x: 1 } } } },
      [
        ['start', 'a'],
        ['a', 'a'],
      ],
    ],
  ])('is refused with %s that has no bound, and accepted with maxVisits', (_name, nodes, edges) => {
    expect(brief(file(nodes, edges)).map(([code]) => code)).toEqual(['CYCLE_UNBOUNDED']);
    expect(brief(file({ ...nodes, a: { ...nodes.a, maxVisits: 3 } }, edges))).toEqual([]);
  });

  it('is refused when it reads a node that has never run before', () => {
    const [problem] = problems(
      file(
        {
          a: { type: 'data.set', params: { values: { x: '= nodes.b.id' } } },
          b: { type: 'record.create', params: { entity: 'task', fields: { title: 'x' } } },
        },
        [
          ['start', 'a'],
          ['a', 'b'],
        ],
      ),
    );
    expect(problem).toMatchObject({
      code: 'SCOPE_UNKNOWN',
      node: 'a',
      pointer: '/nodes/a/params/values/x',
      message: expect.stringContaining('has never run'),
    });
  });

  it('is refused when it reads variables that nothing sets, in vars and with a dollar', () => {
    expect(brief(file({ a: { type: 'flow.if', params: { when: 'vars.total > 1 and $limit > 2' } } }, [['start', 'a']]))).toEqual([
      ['SCOPE_UNKNOWN', '/nodes/a/params/when'],
      ['SCOPE_UNKNOWN', '/nodes/a/params/when'],
    ]);
  });

  it('is refused with an entity, a zone or a cron expression that does not exist', () => {
    expect(
      brief(
        file(
          {
            late: { type: 'trigger.schedule', params: { cron: '61 * * * *' } },
            c: { type: 'record.create', params: { entity: 'laed', fields: { x: 1 } } },
          },
          [
            ['start', 'c'],
            ['late', 'c'],
          ],
          { settings: { timezone: 'Mars/Olympus' } },
        ),
      ),
    ).toEqual([
      ['TIMEZONE_UNKNOWN', '/settings/timezone'],
      ['ENTITY_IN_WORKFLOW_UNKNOWN', '/nodes/c/params/entity'],
      ['CRON_INVALID', '/nodes/late/params/cron'],
    ]);
  });

  it('is refused where its settings do not fit, read what no record has, or count events that nobody loads', () => {
    const refused = (settings: JsonObject) => brief(file({ a: end }, [['start', 'a']], { settings }));
    expect(refused({ goal: 'record.stagee = "won"' })).toEqual([['SCOPE_UNKNOWN', '/settings/goal']]);
    expect(refused({ quiet: [{ channel: 'sms', from: '09:00', to: '20:00', zone: '= record.time_zon' }] })).toEqual([
      ['SCOPE_UNKNOWN', '/settings/quiet/0/zone'],
    ]);
    expect(refused({ quiet: [{ channel: 'sms', calendar: 'calls', zone: 'Mars/Base' }] })).toEqual([
      ['TIMEZONE_UNKNOWN', '/settings/quiet/0/zone'],
    ]);
    const misfits: JsonObject[] = [{}, { from: '09:00' }, { from: '09:00', to: '20:00', calendar: 'calls' }];
    for (const hours of misfits)
      expect(refused({ quiet: [{ channel: 'sms', ...hours }] })).toContainEqual(['WORKFLOW_SCHEMA', '/settings/quiet/0']);
    expect(refused({ suppress: 'email_opt_out = ' })).toEqual([['EXPR_SYNTAX', '/settings/suppress']]);
    expect(refused({ exit: [{ when: '$eventCount("message.opened") > 3', outcome: 'hot' }] })).toEqual([
      ['EVENT_COUNT_HERE', '/settings/exit/0/when'],
    ]);
    expect(refused({ reentry: { mode: 'after' } }).map(([code]) => code)).toContain('WORKFLOW_SCHEMA');
    expect(refused({ exit: [{ outcome: 'neither a condition nor an event' }] }).map(([code]) => code)).toContain('WORKFLOW_SCHEMA');
    expect(refused({ goal: "stage = 'qualified' and $exists(vars.x)", dedupe: { key: 'company_name', within: 'P1D' } })).toEqual([]);
  });

  it('is refused where a handler that undoes is no node; one that is needs no edge', () => {
    const compensated = (handler: string) =>
      brief(file({ a: { ...end, compensate: handler }, back: { type: 'data.set', params: { values: { x: 1 } } } }, [['start', 'a']]));
    expect(compensated('backk')).toEqual([
      ['NODE_UNREACHABLE', '/nodes/back'],
      ['EDGE_NODE_UNKNOWN', '/nodes/a/compensate'],
    ]);
    expect(compensated('back')).toEqual([]);
  });

  it('may have five hundred nodes in a row and not one more', () => {
    const nodes: Record<string, JsonObject> = {};
    const edges = [['start', 'n0']];
    for (let i = 0; i < 499; i++) {
      nodes[`n${i}`] = { type: 'data.set', params: { values: { x: i } } };
      if (i > 0) edges.push([`n${i - 1}`, `n${i}`]);
    }
    expect(problems(file(nodes, edges))).toEqual([]);
    expect(brief(file({ ...nodes, one_more: end }, [...edges, ['n498', 'one_more']]))).toEqual([['WORKFLOW_SCHEMA', '/nodes']]);
  });
});

describe('a hostile workflow file', () => {
  it('cannot have a node named __proto__', () => {
    const text = JSON.stringify(file({}, [])).replace('"nodes":{', '"nodes":{"__proto__":{"type":"flow.end"},');
    expect(brief(parseWorkflowText(text))).toEqual([['INPUT_INVALID', '/nodes/__proto__']]);
  });

  it('cannot be nested deeply', () => {
    let deep: JsonObject = {};
    for (let i = 0; i < 100; i++) deep = { deep };
    expect(brief(file({ a: { type: 'data.set', params: { values: deep } } }, [['start', 'a']]))[0]?.[0]).toBe('INPUT_TOO_DEEP');
  });

  it('that is not JSON is refused with line and column', () => {
    expect(() => parseWorkflowText('{\n  "takt": 1,\n  oops\n}')).toThrow(
      expect.objectContaining({ code: 'WORKFLOW_JSON', place: { line: 3, column: 3 } }),
    );
  });

  it('that is larger than a megabyte is refused before it is parsed', () => {
    expect(() => parseWorkflowText(`"${'x'.repeat(1_000_001)}"`)).toThrow(expect.objectContaining({ code: 'WORKFLOW_TOO_LARGE' }));
  });
});

describe('an older file', () => {
  it('of format 0 is migrated: nodes as a list, edges as objects, the zone at the top', () => {
    const plan = compile({
      id: 'old',
      name: 'Old',
      timezone: 'Europe/Moscow',
      nodes: [
        { id: 'start', ...start },
        { id: 'value', type: 'flow.if', params: { when: 'true' } },
        { id: 'done', type: 'flow.end' },
      ],
      edges: [
        { from: 'start', to: 'value' },
        { from: 'value', port: 'no', to: 'done' },
      ],
    });
    expect(plan.settings.timezone).toBe('Europe/Moscow');
    expect(plan.actions.get('value')?.targets.get('no')).toEqual(['done']);
  });

  it('of a format that is newer than this Takt is refused by name', () => {
    expect(brief({ ...file({}, []), takt: 2 })).toEqual([['WORKFLOW_FORMAT_UNKNOWN', '/takt']]);
  });
});
