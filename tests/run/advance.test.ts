import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileWorkflow } from '../../engine/graph/compile.ts';
import { NodeTypes } from '../../engine/graph/node-types.ts';
import type { Plan } from '../../engine/graph/plan.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import { EntityRegistry } from '../../engine/records/index.ts';
import { advance } from '../../engine/run/advance.ts';
import { dueAt, initialState, type SignalPayload } from '../../engine/run/state.ts';
import { quietSurroundings } from '../../engine/testing.ts';
import type { RunRow, StepRow } from '../../engine/unit/rows.ts';
import { Workspace } from '../../engine/unit/workspace.ts';
import { builtInNodes } from '../../nodes/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import type { JsonObject } from '../../schemas/json.ts';

const entities = new EntityRegistry(builtInEntities);
const nodeTypes = new NodeTypes(builtInNodes);

/** One node of a generated workflow; edges go to later nodes only, or back to a node with a bound. */
interface Piece {
  kind: 'set' | 'if' | 'wait' | 'http' | 'end' | 'stop';
  first: number;
  second: number;
  error: boolean;
}
const pieces = fc.array(
  fc.record<Piece>({
    kind: fc.constantFrom('set', 'if', 'wait', 'http', 'end', 'stop'),
    first: fc.nat({ max: 9 }),
    second: fc.nat({ max: 9 }),
    error: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

const nodeOf = (piece: Piece, i: number): JsonObject => {
  const bound = { maxVisits: 4 };
  switch (piece.kind) {
    case 'set':
      return { type: 'data.set', params: { values: { [`v${i}`]: i } }, ...bound };
    case 'if':
      return { type: 'flow.if', params: { when: '$random() < 0.5' }, ...bound };
    case 'wait':
      return { type: 'flow.wait', params: { for: `PT${1 + (i % 3)}H` }, ...bound };
    case 'http':
      return { type: 'http.request', params: { method: 'GET', url: 'https://example.com/' }, ...bound };
    case 'end':
      return { type: 'flow.end', params: { scope: 'branch' }, ...bound };
    case 'stop':
      return { type: 'flow.end', params: { outcome: 'stopped' }, ...bound };
  }
};

/** A compiled workflow of the pieces in a ring: every node is reached from the one before, cycles are bounded by visits. */
function planOf(list: readonly Piece[]): Plan {
  const nodes: Record<string, JsonObject> = { start: { type: 'trigger.manual' } };
  const edges = new Map<string, [string, string]>();
  const edge = (from: string, to: number): void => {
    const target = `n${to % list.length}`;
    edges.set(`${from} ${target}`, [from, target]);
  };
  edge('start', 0);
  for (const [i, piece] of list.entries()) {
    nodes[`n${i}`] = nodeOf(piece, i);
    edge('start', i);
    if (piece.kind === 'end' || piece.kind === 'stop') continue;
    if (piece.kind === 'if') {
      edge(`n${i}:yes`, piece.first);
      edge(`n${i}:no`, piece.second);
    } else edge(`n${i}`, piece.first);
    if (piece.error) edge(`n${i}:error`, piece.second);
  }
  return compileWorkflow({ takt: 1, id: 'w', name: 'W', nodes, edges: [...edges.values()] }, 1, { nodeTypes, entities });
}

/** A run in memory: the clock moves to the next due time, effects are answered in an order left to chance. */
class World {
  readonly plan: Plan;
  readonly steps = new Map<number, StepRow>();
  readonly effectKeys: string[] = [];
  readonly #random: { next(): number };
  now = Date.parse('2026-03-02T09:00:00Z');
  run: RunRow;
  open: { waitId: string; key: string }[] = [];

  constructor(plan: Plan, seed: number) {
    this.plan = plan;
    this.#random = seededRandom(seed);
    const base = {
      workflowId: 'w',
      version: 1,
      recordId: null,
      eventId: null,
      entryKey: 'x',
      chain: [],
      parent: null,
      outcome: null,
      result: null,
      error: null,
      endedAt: null,
    };
    this.run = {
      ...base,
      id: '00000000-0000-7000-8000-000000000000',
      status: 'active',
      dueAt: this.now,
      state: initialState(plan.triggers[0]?.targets ?? []),
      createdAt: this.now,
      updatedAt: this.now,
    };
  }

  chance = (): number => this.#random.next();

  advance(signals: { waitId: string; payload: SignalPayload }[] = []): void {
    let id = 0;
    const workspace = new Workspace({ ...quietSurroundings(entities), now: this.now, random: this.chance, newId: () => `id-${++id}` });
    // As from the database: the state goes through JSON each time.
    const moving = advance(this.plan, structuredClone(this.run), signals, workspace);
    let next = moving.next();
    while (!next.done) next = moving.next();
    this.run = JSON.parse(JSON.stringify(next.value));
    for (const step of workspace.steps) this.steps.set(step.seq, step);
    for (const effect of workspace.effects) {
      this.effectKeys.push(effect.key);
      this.open.push({ waitId: effect.waitId, key: effect.key });
    }
  }

  /** One thing that may happen next; false where nothing can. */
  happen(): boolean {
    if (!['active', 'waiting'].includes(this.run.status)) return false;
    const answerable = this.open.length > 0 && (this.run.dueAt === null || this.chance() < 0.5);
    if (answerable) {
      const [effect] = this.open.splice(Math.floor(this.chance() * this.open.length), 1);
      const payload: SignalPayload =
        this.chance() < 0.7
          ? { ok: true, result: { status: 200, headers: {}, body: null, truncated: false } }
          : { ok: false, error: { code: 'HTTP_STATUS', message: 'no' } };
      this.advance([{ waitId: effect?.waitId ?? '', payload }]);
      return true;
    }
    if (this.run.dueAt === null) return false;
    this.now = Math.max(this.now, this.run.dueAt);
    this.advance();
    return true;
  }

  finish(): void {
    for (let turns = 0; this.happen(); turns++) if (turns > 2_000) throw new Error('The run does not come to an end.');
  }
}

const worlds = fc.tuple(pieces, fc.integer({ min: 1, max: 1_000_000 })).map(([list, seed]) => new World(planOf(list), seed));

describe('a run of any workflow', () => {
  it('comes to an end: done with no token left, or failed with a token that can be retried', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        world.finish();
        expect(['done', 'failed']).toContain(world.run.status);
        const { tokens } = world.run.state;
        if (world.run.status === 'done') expect(tokens).toEqual([]);
        else expect(tokens.filter((token) => token.status === 'failed')).toHaveLength(1);
      }),
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
    );
  });

  it('gives every effect a key of its own, one for each visit of its node', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        world.finish();
        expect(new Set(world.effectKeys).size).toBe(world.effectKeys.length);
      }),
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
    );
  });

  it('takes the same way again with the same chance', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 1_000_000 }), (list, seed) => {
        const [a, b] = [new World(planOf(list), seed), new World(planOf(list), seed)];
        a.finish();
        b.finish();
        expect([...b.steps.values()]).toEqual([...a.steps.values()]);
        expect(b.run).toEqual(a.run);
      }),
    );
  });
});
