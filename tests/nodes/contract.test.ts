import { describe, expect, it } from 'vitest';
import { builtInNodes } from '../../nodes/index.ts';
import type { JsonObject } from '../../schemas/json.ts';

describe.each(builtInNodes.map((node) => [node.type, node] as const))('%s', (_type, node) => {
  it('has an example that fits its own parameters', () => {
    expect(node.checkFile(node.example).problems).toEqual([]);
  });

  it('says in one line what it does', () => {
    for (const params of [node.example, {}]) {
      const line = node.summary(params);
      expect(line).not.toMatch(/[\r\n]|undefined|\[object/);
      expect(line.length).toBeLessThan(200);
    }
    expect(node.summary(node.example)).not.toBe('');
  });

  it('refuses a parameter that it does not know, with its pointer', () => {
    const { problems } = node.checkFile({ ...node.example, colour: 'red' });
    expect(problems.map((problem) => problem.pointer)).toEqual(['/colour']);
  });

  it('describes every parameter', () => {
    const properties: Record<string, { description?: string }> = Reflect.get(node.params, 'properties');
    for (const [name, schema] of Object.entries(properties)) expect(schema.description, name).toBeTruthy();
  });

  it('says nothing in keywords of later drafts, which Ajv passes over in silence', () => {
    expect(JSON.stringify(node.params)).not.toMatch(/"(dependentRequired|dependentSchemas|prefixItems|unevaluatedProperties)":/);
  });

  it('survives parameters of any form when it is asked for ports, names and subscriptions', () => {
    const odds: JsonObject[] = [
      {},
      { cases: 'x', values: [], on: 7, entity: null, event: {}, hook: [], cron: 1, strategy: 'x', pool: 'x' },
    ];
    for (const odd of odds) {
      if (node.kind === 'action') {
        expect(Array.isArray(node.ports(odd))).toBe(true);
        expect(Array.isArray(node.vars(odd))).toBe(true);
      } else {
        const place = { workflowId: 'w', node: 'n', timezone: 'UTC' };
        const event = { id: 'e', type: 'timer.fired', topic: '', at: '2027-01-04T09:00:00.000Z', data: {} };
        expect(Array.isArray(node.subscriptions(odd, place))).toBe(true);
        node.schedule(odd, place);
        node.entity(odd);
        node.accepts(odd, event, place);
        node.watches(odd, place);
        node.watchAsks(odd, event);
        const nothing = { read: () => undefined, found: () => [] };
        const changes = node.timers(
          odd,
          event,
          { record: undefined, now: 0, settings: { timezone: 'UTC', locale: 'en' }, ...nothing },
          place,
        );
        expect(changes.next().done).toBe(true);
        node.backfills(odd);
        node.count(odd);
      }
      node.summary(odd);
    }
  });
});

it('every node type stands once', () => {
  const types = builtInNodes.map((node) => `${node.type}@${node.version}`);
  expect(new Set(types).size).toBe(types.length);
});
