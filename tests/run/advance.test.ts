import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../engine/graph/plan.ts';
import { dueAt } from '../../engine/run/state.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { planOf, World } from './world.ts';

/** One node of a generated workflow. */
interface Piece {
  kind: (typeof KINDS)[number];
  first: number;
  second: number;
  /** Which of its variants. */
  variant: number;
  error: boolean;
  undo: boolean;
}
const KINDS = [
  ...['set', 'if', 'wait', 'http', 'end', 'stop', 'join', 'join', 'each', 'each', 'cancel', 'milestone', 'compensate', 'lock', 'unlock'],
] as const;
const pieces = fc.array(
  fc.record<Piece>({
    kind: fc.constantFrom(...KINDS),
    first: fc.nat({ max: 9 }),
    second: fc.nat({ max: 9 }),
    variant: fc.nat({ max: 11 }),
    error: fc.boolean(),
    undo: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);
interface Shape {
  list: Piece[];
  /** May edges lead back? Then every node has a bound. */
  loops: boolean;
}
const shapes = fc.record<Shape>({ list: pieces, loops: fc.boolean() });

const pick = <T>(list: readonly T[], i: number): T | undefined => list[i % list.length];

function paramsOf({ kind, first, second, variant }: Piece, i: number, count: number): JsonObject {
  const node = (at: number): string => `n${at % count}`;
  switch (kind) {
    case 'set':
      return { type: 'data.set', params: { values: { [`v${i}`]: i } } };
    case 'if':
      return { type: 'flow.if', params: { when: '$random() < 0.5' } };
    case 'wait':
      return { type: 'flow.wait', params: { for: `PT${1 + (i % 3)}H` } };
    case 'http':
      return { type: 'http.request', params: { method: 'GET', url: 'https://example.com/' } };
    case 'stop':
      return { type: 'flow.end', params: { outcome: 'stopped' } };
    case 'join':
      return { type: 'flow.join', params: { wait: pick(['all', 'any', 2, 3], variant) ?? 'all', rest: second % 2 ? 'leave' : 'cancel' } };
    case 'each': {
      const enough: JsonObject = variant < 6 ? {} : { enough: 1 + (variant % 2), rest: second % 2 ? 'leave' : 'cancel' };
      const onError = first % 2 ? 'collect' : 'fail';
      return { type: 'flow.each', params: { items: [1, 2, 3].slice(0, variant % 4), parallel: 1 + (second % 3), onError, ...enough } };
    }
    case 'cancel':
      return { type: 'flow.cancel', params: { nodes: [...new Set([node(first), node(variant)])], complete: second % 2 === 0 } };
    case 'milestone':
      return { type: 'flow.milestone', params: { reached: node(variant), before: node(second) } };
    case 'compensate':
      return { type: 'flow.compensate' };
    case 'lock':
    case 'unlock':
      return { type: `flow.${kind}`, params: { key: `k${variant % 2}` } };
    default:
      return { type: 'flow.end', params: { scope: 'branch' } };
  }
}

const PORTS: Partial<Record<Piece['kind'], [string, string]>> = {
  if: ['yes', 'no'],
  milestone: ['yes', 'no'],
  join: ['next', 'short'],
  each: ['done', 'item'],
};

/** The pieces are started side by side; edges lead on to later ones, in loops also to earlier ones. */
function shaped({ list, loops }: Shape): Plan {
  const nodes: Record<string, JsonObject> = {};
  const edges = new Map<string, [string, string]>();
  const edge = (from: string, i: number, by: number): void => {
    const to = loops ? by % list.length : i + 1 + (by % 4);
    if (to < list.length) edges.set(`${from} n${to}`, [from, `n${to}`]);
  };
  for (const [i, piece] of list.entries()) {
    const { kind, first, second, error, undo } = piece;
    const ends = kind === 'end' || kind === 'stop';
    const handler = loops ? second % list.length : i + 1 + (second % 4);
    nodes[`n${i}`] = {
      ...paramsOf(piece, i, list.length),
      ...(loops ? { maxVisits: 3 } : {}),
      ...(undo && !ends && handler < list.length && handler !== i ? { compensate: `n${handler}` } : {}),
    };
    edges.set(`start n${i}`, ['start', `n${i}`]);
    if (ends) continue;
    const [port, other] = PORTS[kind] ?? [undefined, undefined];
    edge(port === undefined ? `n${i}` : `n${i}:${port}`, i, first);
    if (other !== undefined) edge(`n${i}:${other}`, i, second);
    if (error) edge(`n${i}:error`, i, second);
  }
  return planOf(nodes, [...edges.values()]);
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });
const worlds = fc.tuple(shapes, seeds).map(([shape, seed]) => new World(shaped(shape), seed));
const runs = { numRuns: 400 };

/** What stands in the state beside tokens and data, and must not outlive them. */
const remains = ({ run }: World): unknown[] => [run.state.tokens, run.state.scopes ?? [], run.state.joins ?? {}, run.state.places ?? []];
const NOTHING = [[], [], {}, []];

describe('a run of any workflow', () => {
  it('comes to an end: done with nothing left of it, or failed with a token that can be retried', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        world.finish();
        expect(['done', 'failed']).toContain(world.run.status);
        if (world.run.status === 'done') expect([...remains(world), world.marks.size]).toEqual([...NOTHING, 0]);
        else expect(world.run.state.tokens.filter((token) => token.status === 'failed')).toHaveLength(1);
      }),
      runs,
    );
  });

  it('that has failed comes to an end when it is retried, too', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        world.finish();
        for (let tries = 0; world.run.status === 'failed' && tries < 30; tries++) {
          world.retry();
          world.finish();
        }
        expect(['done', 'failed']).toContain(world.run.status);
        if (world.run.status === 'done') expect(remains(world)).toEqual(NOTHING);
        const waiting = [...world.steps.values()].filter((step) => step.status === 'waiting');
        if (world.run.status === 'done') expect(waiting).toEqual([]);
      }),
      runs,
    );
  });

  it('can be cancelled wherever it stands, and leaves nothing behind', () => {
    fc.assert(
      fc.property(worlds, fc.nat({ max: 12 }), (world, turns) => {
        for (let turn = 0; turn < turns && world.happen(); turn++);
        if (world.run.status === 'done') return;
        world.advance([{ waitId: '!cancel', payload: { ok: true, result: {} } }]);
        expect(world.run.status).toBe('cancelled');
        expect([...remains(world), world.marks.size]).toEqual([...NOTHING, 0]);
        expect([...world.steps.values()].filter((step) => step.status === 'waiting')).toEqual([]);
      }),
      runs,
    );
  });

  it('is due exactly when a token can move or the first wait ends, and never when it has ended or failed', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        do {
          const { run } = world;
          if (run.status === 'active' || run.status === 'waiting') expect(run.dueAt).toBe(dueAt(run.state, world.now));
          else expect(run.dueAt).toBeNull();
          if (run.status === 'waiting') expect(run.state.tokens.every((token) => token.status === 'waiting')).toBe(true);
        } while (world.happen());
      }),
      runs,
    );
  });

  it('numbers its steps without a gap and leaves none waiting at its end', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        world.finish();
        const numbers = [...world.steps.keys()].sort((a, b) => a - b);
        expect(numbers).toEqual(numbers.map((_, i) => i + 1));
        const waiting = [...world.steps.values()].filter((step) => step.status === 'waiting');
        if (world.run.status === 'done') expect(waiting).toEqual([]);
      }),
      runs,
    );
  });

  it('has for every token that waits a step that waits, and for no other', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        do {
          const begun = world.run.state.tokens.filter((token) => token.seq > 0).map((token) => token.seq);
          const waiting = [...world.steps.values()].filter((step) => step.status === 'waiting').map((step) => step.seq);
          expect(waiting.sort((a, b) => a - b)).toEqual(begun.sort((a, b) => a - b));
        } while (world.happen());
      }),
      runs,
    );
  });

  it('moves only in items that are under way', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        do {
          const { tokens, scopes = [] } = world.run.state;
          const ids = new Set(scopes.map((scope) => scope.id));
          for (const { scope } of tokens) if (scope !== undefined) expect(ids).toContain(scope);
          for (const scope of scopes) expect(tokens.find((token) => token.id === scope.token)?.wait?.kind).toBe('scope');
        } while (world.happen());
      }),
      runs,
    );
  });

  it('gives every effect a key of its own, one for each visit of its node', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        world.finish();
        expect(new Set(world.effectKeys).size).toBe(world.effectKeys.length);
      }),
      runs,
    );
  });

  it('is not moved by a signal that comes twice, late or for somebody else', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const seen: string[] = [];
        for (;;) {
          seen.push(...world.open.map((effect) => effect.waitId));
          if (!world.happen()) break;
          const answered = seen.filter((waitId) => !world.open.some((effect) => effect.waitId === waitId));
          if (world.run.status !== 'waiting') continue;
          const before = structuredClone(world.run);
          world.advance([...answered, 'nobody'].map((waitId) => ({ waitId, payload: { ok: true, result: {} } })));
          expect(world.run).toEqual({ ...before, updatedAt: world.run.updatedAt });
        }
      }),
      runs,
    );
  });

  it('takes the same way again with the same chance', () => {
    fc.assert(
      fc.property(shapes, seeds, (shape, seed) => {
        const [a, b] = [new World(shaped(shape), seed), new World(shaped(shape), seed)];
        a.finish();
        b.finish();
        expect([...b.steps.values()]).toEqual([...a.steps.values()]);
        expect(b.run).toEqual(a.run);
      }),
      runs,
    );
  });
});
