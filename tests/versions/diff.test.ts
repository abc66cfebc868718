import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffWorkflows, type WorkflowDiff } from '../../engine/versions/diff.ts';
import type { WorkflowFile } from '../../schemas/workflow.ts';

/** start → check –yes→ call → finish, –no→ finish */
const BASE: WorkflowFile = {
  takt: 1,
  id: 'calls',
  name: 'Calls',
  settings: { timezone: 'UTC' },
  nodes: {
    start: { type: 'trigger.record', params: { entity: 'lead', on: ['created'] } },
    check: { type: 'flow.if', params: { when: 'record.score > 10' } },
    call: { type: 'task.create', title: 'Call the lead', params: { title: 'Call', due: { in: 'PT30M' }, tags: ['a', 'b'] } },
    finish: { type: 'flow.end' },
  },
  edges: [
    ['start', 'check'],
    ['check:yes', 'call'],
    ['check:no', 'finish'],
    ['call', 'finish'],
  ],
  layout: { start: [0, 0], check: [0, 100], call: [0, 200] },
};
const { nodes: NODES } = BASE;

const NOTHING: WorkflowDiff = {
  file: [],
  settings: [],
  nodes: { added: [], removed: [], renamed: [], changed: [], moved: [] },
  edges: { added: [], removed: [] },
  summary: ['Nothing has changed.'],
};

const to = (change: Partial<WorkflowFile>): WorkflowDiff => diffWorkflows(BASE, { ...BASE, ...change });
const without = (...ids: string[]): WorkflowFile['nodes'] => Object.fromEntries(Object.entries(NODES).filter(([id]) => !ids.includes(id)));

/** The file with nodes under other ids, wherever they are named. */
function renamed(file: WorkflowFile, names: Record<string, string>): WorkflowFile {
  const name = (id: string): string => (Object.hasOwn(names, id) ? (names[id] ?? id) : id);
  const entries = <T>(object: Record<string, T> = {}): Record<string, T> =>
    Object.fromEntries(Object.entries(object).map(([id, value]) => [name(id), value]));
  return {
    ...file,
    nodes: entries(file.nodes),
    edges: file.edges.map(([source, target]) => {
      const [from = '', port] = source.split(':');
      return [port === undefined ? name(from) : `${name(from)}:${port}`, name(target)];
    }),
    layout: entries(file.layout),
  };
}

describe('two versions', () => {
  it('that are equal, but for the order of keys and edges, have no difference', () => {
    expect(to({})).toEqual(NOTHING);
    const turned = { ...BASE, nodes: Object.fromEntries(Object.entries(NODES).reverse()), edges: BASE.edges.toReversed() };
    expect(diffWorkflows(BASE, turned)).toEqual(NOTHING);
  });

  it('differ in name and description', () => {
    expect(to({ name: 'Phone calls', description: 'Who calls whom' })).toEqual({
      ...NOTHING,
      file: [
        { pointer: '/name', before: 'Calls', after: 'Phone calls' },
        { pointer: '/description', after: 'Who calls whom' },
      ],
      summary: ['The name changes from "Calls" to "Phone calls".', 'The description is set to "Who calls whom".'],
    });
  });

  it('differ in settings', () => {
    expect(to({ settings: { locale: 'ru', timezone: 'Europe/Moscow' } })).toMatchObject({
      settings: [
        { pointer: '/settings/timezone', before: 'UTC', after: 'Europe/Moscow' },
        { pointer: '/settings/locale', after: 'ru' },
      ],
      summary: ['The setting timezone changes from "UTC" to "Europe/Moscow".', 'The setting locale is set to "ru".'],
    });
    const { settings: _, ...bare } = BASE;
    expect(diffWorkflows(BASE, bare).summary).toEqual(['The setting timezone is removed; it was "UTC".']);
  });

  it('differ in a node that is added, with its edges', () => {
    const found = to({
      nodes: { ...NODES, note: { type: 'data.set', title: 'Remember', params: { values: { called: true } } } },
      edges: [...BASE.edges, ['call:error', 'note']],
    });
    expect(found).toEqual({
      ...NOTHING,
      nodes: { ...NOTHING.nodes, added: [{ id: 'note', type: 'data.set', title: 'Remember' }] },
      edges: { added: [{ from: 'call', port: 'error', to: 'note' }], removed: [] },
      summary: ['"Remember" (note, data.set) is added.', 'call:error → note is connected.'],
    });
  });

  it('differ in a node that is removed, with its edges', () => {
    const found = to({ nodes: without('call'), edges: [BASE.edges[0] ?? ['', ''], ['check:yes', 'finish'], ['check:no', 'finish']] });
    expect(found.nodes).toEqual({ ...NOTHING.nodes, removed: [{ id: 'call', type: 'task.create', title: 'Call the lead' }] });
    expect(found.edges).toEqual({
      added: [{ from: 'check', port: 'yes', to: 'finish' }],
      removed: [
        { from: 'check', port: 'yes', to: 'call' },
        { from: 'call', port: null, to: 'finish' },
      ],
    });
    expect(found.summary).toEqual([
      '"Call the lead" (call, task.create) is removed.',
      'check:yes → finish is connected.',
      'check:yes → call is no longer connected.',
      'call → finish is no longer connected.',
    ]);
  });

  it('differ in an edge that takes another port', () => {
    const edges: WorkflowFile['edges'] = BASE.edges.map(([from, target]) => [from === 'call' ? 'call:error' : from, target]);
    expect(to({ edges }).edges).toEqual({
      added: [{ from: 'call', port: 'error', to: 'finish' }],
      removed: [{ from: 'call', port: null, to: 'finish' }],
    });
  });

  it.each([
    ['a parameter', { params: { ...NODES.call?.params, title: 'Phone' } }, '/params/title', 'Call', 'Phone'],
    ['a parameter deep inside', { params: { ...NODES.call?.params, due: { in: 'PT15M' } } }, '/params/due/in', 'PT30M', 'PT15M'],
    ['an item of a list', { params: { ...NODES.call?.params, tags: ['a', 'c'] } }, '/params/tags/1', 'b', 'c'],
    ['the length of a list', { params: { ...NODES.call?.params, tags: ['x', 'a', 'b'] } }, '/params/tags', ['a', 'b'], ['x', 'a', 'b']],
    ['a new parameter', { params: { ...NODES.call?.params, 'a/b~c': null } }, '/params/a~1b~0c', undefined, null],
    ['the title', { title: 'Phone the lead' }, '/title', 'Call the lead', 'Phone the lead'],
    ['a note', { note: 'Be kind' }, '/note', undefined, 'Be kind'],
    ['the retry policy', { retry: { attempts: 3 } }, '/retry', undefined, { attempts: 3 }],
    ['the bound of visits', { maxVisits: 3 }, '/maxVisits', undefined, 3],
    ['the type', { type: 'task.complete' }, '/type', 'task.create', 'task.complete'],
    ['the version', { version: 2 }, '/version', undefined, 2],
  ])('differ in a node: %s', (_what, change, pointer, before, after) => {
    const call = { type: 'task.create', ...NODES.call, ...change };
    const found = to({ nodes: { ...NODES, call } });
    const changes = [{ pointer: `/nodes/call${pointer}`, ...(before === undefined ? {} : { before }), after }];
    expect(found.nodes).toEqual({ ...NOTHING.nodes, changed: [{ id: 'call', type: call.type, title: call.title, changes }] });
    expect(found.edges).toEqual(NOTHING.edges);
    expect(found.summary).toHaveLength(1);
  });

  it('tell a change in words a person reads', () => {
    const changed = (params: Record<string, unknown>): string[] =>
      to({ nodes: { ...NODES, call: { type: 'task.create', title: 'Call the lead', params } } }).summary;
    expect(changed({ ...NODES.call?.params, due: { in: 'PT15M' } })).toEqual([
      'In "Call the lead" (call, task.create), params.due.in changes from "PT30M" to "PT15M".',
    ]);
    expect(changed({ title: 'Call', due: { in: 'PT30M' } })).toEqual([
      'In "Call the lead" (call, task.create), params.tags is removed; it was ["a","b"].',
    ]);
    const [long = ''] = changed({ ...NODES.call?.params, title: 'x'.repeat(500) });
    expect(long.length).toBeLessThan(200);
    expect(long).toContain('x…');
  });

  it('differ only in the place of nodes on the canvas', () => {
    expect(to({ layout: { start: [0, 0], check: [50, 100], finish: [0, 300] } })).toEqual({
      ...NOTHING,
      nodes: {
        ...NOTHING.nodes,
        moved: [
          { id: 'check', before: [0, 100], after: [50, 100] },
          { id: 'call', before: [0, 200], after: null },
          { id: 'finish', before: null, after: [0, 300] },
        ],
      },
      summary: ['On the canvas moved: check, call, finish.'],
    });
  });

  it('are not confused by nodes named like what every object has', () => {
    const file = renamed(BASE, { call: 'constructor' });
    expect(diffWorkflows(BASE, file).nodes).toEqual({ ...NOTHING.nodes, renamed: [{ from: 'call', to: 'constructor' }] });
    expect(diffWorkflows(file, { ...BASE, nodes: without('call'), edges: [] }).nodes.removed).toMatchObject([{ id: 'constructor' }]);
  });
});

describe('a node under another id', () => {
  it('with the same type, parameters and edges is renamed, and its edges are the same', () => {
    expect(diffWorkflows(BASE, renamed(BASE, { call: 'phone' }))).toEqual({
      ...NOTHING,
      nodes: { ...NOTHING.nodes, renamed: [{ from: 'call', to: 'phone' }] },
      summary: ['"call" is now called "phone".'],
    });
  });

  it('is known with a new title and place', () => {
    const file = renamed(BASE, { call: 'phone' });
    const { nodes } = diffWorkflows(BASE, {
      ...file,
      nodes: { ...file.nodes, phone: { type: 'task.create', params: NODES.call?.params, title: 'Phone' } },
      layout: { ...file.layout, phone: [9, 9] },
    });
    expect(nodes).toEqual({
      ...NOTHING.nodes,
      renamed: [{ from: 'call', to: 'phone' }],
      changed: [
        {
          id: 'phone',
          type: 'task.create',
          title: 'Phone',
          changes: [{ pointer: '/nodes/phone/title', before: 'Call the lead', after: 'Phone' }],
        },
      ],
      moved: [{ id: 'phone', before: [0, 200], after: [9, 9] }],
    });
  });

  it('with another parameter, type or edge is another node', () => {
    const file = renamed(BASE, { call: 'phone' });
    const others: WorkflowFile[] = [
      { ...file, nodes: { ...file.nodes, phone: { type: 'task.create', params: { title: 'Call' } } } },
      { ...file, nodes: { ...file.nodes, phone: { ...NODES.call, type: 'task.complete' } } },
      { ...file, edges: [...file.edges, ['phone:error', 'finish']] },
    ];
    for (const other of others) {
      expect(diffWorkflows(BASE, other).nodes).toMatchObject({ renamed: [], added: [{ id: 'phone' }], removed: [{ id: 'call' }] });
    }
  });

  it('is told from one that is alike by its edges', () => {
    const twins: WorkflowFile = {
      ...BASE,
      nodes: { ...NODES, one: { type: 'data.set' }, two: { type: 'data.set' } },
      edges: [...BASE.edges, ['check:no', 'two'], ['check:yes', 'one']],
    };
    expect(diffWorkflows(twins, renamed(twins, { one: 'uno', two: 'due' })).nodes.renamed).toEqual([
      { from: 'one', to: 'uno' },
      { from: 'two', to: 'due' },
    ]);
  });

  it('is found when any number of nodes are renamed at once', () => {
    const ids = Object.keys(NODES);
    fc.assert(
      fc.property(fc.subarray(ids), (chosen) => {
        const file = renamed(BASE, Object.fromEntries(chosen.map((id) => [id, `${id}_2`])));
        const found = diffWorkflows(BASE, file);
        expect(found.nodes.renamed).toEqual(chosen.map((id) => ({ from: id, to: `${id}_2` })));
        expect({ ...found, nodes: { ...found.nodes, renamed: [] }, summary: NOTHING.summary }).toEqual(NOTHING);
      }),
    );
  });
});
