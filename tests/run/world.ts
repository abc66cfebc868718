/** One run in memory, without a database: the state machine alone. */
import { compileWorkflow } from '../../engine/graph/compile.ts';
import { NodeTypes } from '../../engine/graph/node-types.ts';
import type { Plan } from '../../engine/graph/plan.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import { EntityRegistry } from '../../engine/records/index.ts';
import { advance } from '../../engine/run/advance.ts';
import { initialState, retried, type SignalPayload } from '../../engine/run/state.ts';
import type { NodeDefinition } from '../../engine/sdk.ts';
import { quietSurroundings } from '../../engine/testing.ts';
import type { RunRow, StepRow } from '../../engine/unit/rows.ts';
import { Workspace } from '../../engine/unit/workspace.ts';
import { builtInNodes } from '../../nodes/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';

const entities = new EntityRegistry(builtInEntities);

export type Told = { waitId: string; payload: SignalPayload };

const ANSWER: SignalPayload = { ok: true, result: { status: 200, headers: {}, body: null, truncated: false } };
const REFUSAL: SignalPayload = { ok: false, error: { code: 'HTTP_STATUS', message: 'no' } };

/** A workflow that starts by hand, compiled. */
export function planOf(
  nodes: Record<string, JsonObject>,
  edges: readonly (readonly [string, string])[],
  more: readonly NodeDefinition[] = [],
): Plan {
  const all = { start: { type: 'trigger.manual' }, ...nodes };
  const file = { takt: 1, id: 'w', name: 'W', nodes: all, edges };
  return compileWorkflow(file, 1, { nodeTypes: new NodeTypes([...builtInNodes, ...more]), entities });
}

/** A run of a plan: the clock moves to the next due time, effects are answered in an order left to chance. */
export class World {
  readonly plan: Plan;
  readonly steps = new Map<number, StepRow>();
  readonly effectKeys: string[] = [];
  /** Effects that have not been answered. */
  open: { waitId: string; key: string }[] = [];
  /** Signals for the run that it has not been given yet. */
  told: Told[] = [];
  readonly marks = new Map<string, Json>();
  now = Date.parse('2026-03-02T09:00:00Z');
  run: RunRow;
  readonly #random: { next(): number };

  constructor(plan: Plan, seed = 1) {
    this.plan = plan;
    this.#random = seededRandom(seed);
    this.run = {
      id: '00000000-0000-7000-8000-000000000000',
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
      status: 'active',
      dueAt: this.now,
      state: initialState(plan.triggers[0]?.targets ?? []),
      createdAt: this.now,
      updatedAt: this.now,
    };
  }

  chance = (): number => this.#random.next();

  advance(signals: readonly Told[] = []): void {
    let id = 0;
    const workspace = new Workspace({ ...quietSurroundings(entities), now: this.now, random: this.chance, newId: () => `id-${++id}` });
    // As from the database: the state goes through JSON each time.
    const moving = advance(this.plan, structuredClone(this.run), signals, workspace);
    let next = moving.next();
    for (; !next.done; next = moving.next()) {
      if (next.value.kind !== 'marks') continue;
      for (const key of next.value.keys)
        if (!workspace.has({ kind: 'marks', keys: [key] })) workspace.addMark(key, this.marks.get(key) ?? null);
    }
    this.run = JSON.parse(JSON.stringify(next.value));
    const { changed, empty } = workspace.dirtyMarks();
    for (const { key, value } of changed) this.marks.set(key, value);
    for (const key of empty) this.marks.delete(key);
    for (const step of workspace.steps) this.steps.set(step.seq, step);
    for (const effect of workspace.effects) {
      this.effectKeys.push(effect.key);
      this.open.push({ waitId: effect.waitId, key: effect.key });
    }
    this.told.push(...workspace.signals.filter((signal) => signal.runId === this.run.id));
  }

  get moves(): boolean {
    return this.run.status === 'active' || this.run.status === 'waiting';
  }

  /** One thing that may happen next; false where nothing can. */
  happen(): boolean {
    if (!this.moves) return false;
    if (this.told.length > 0) {
      this.advance(this.told.splice(0));
      return true;
    }
    const answerable = this.open.length > 0 && (this.run.dueAt === null || this.chance() < 0.5);
    if (answerable) {
      const [effect] = this.open.splice(Math.floor(this.chance() * this.open.length), 1);
      this.advance([{ waitId: effect?.waitId ?? '', payload: this.chance() < 0.7 ? ANSWER : REFUSAL }]);
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

  /** As a person would. */
  retry(): void {
    this.run = { ...this.run, status: 'active', error: null, dueAt: this.now, state: retried(this.run.state) };
  }

  /** Nodes of the steps in order, each with how it ended and by which port. */
  trail(): string[] {
    return [...this.steps.values()]
      .sort((a, b) => a.seq - b.seq)
      .map((step) => `${step.node} ${step.status}${step.port ? ` → ${step.port}` : ''}`);
  }

  /** What a node gave out last. */
  output(node: string): Json | undefined {
    return [...this.steps.values()].findLast((step) => step.node === node && step.status === 'done')?.output;
  }

  visits(node: string): number {
    return this.run.state.visits[node] ?? 0;
  }
}
