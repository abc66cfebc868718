/** A world of its own in virtual time: an engine in memory, with a clock that jumps and an outside that takes everything. */
import type { OutsideRule } from '../../schemas/action.ts';
import type { EntityDefinition } from '../../schemas/entity.ts';
import type { ForecastDefinition } from '../../schemas/forecast.ts';
import type { JsonObject } from '../../schemas/json.ts';
import type { SegmentDefinition } from '../../schemas/segment.ts';
import { Engine } from '../engine.ts';
import { TaktError } from '../errors/index.ts';
import type { NodeDefinition } from '../node/definition.ts';
import { memoryQueue } from '../outbox/memory-queue.ts';
import { VirtualClock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { seededRandom } from '../ports/random.ts';
import type { TaughtModel } from '../services/models.ts';
import { openMemoryDatabase } from '../store/memory/database.ts';
import type { Author } from '../store/schema.ts';
import { Agenda } from './agenda.ts';
import type { Fact } from './facts.ts';
import { Identities } from './identities.ts';
import { DEFAULT_WORLD_LIMITS, type WorldLimits } from './limits.ts';
import { Names } from './names.ts';
import { observed } from './observe.ts';
import { type SimulatedConnector, simulatedOutside } from './outside.ts';
import { OpenTasks, type TaskEntity } from './tasks.ts';
import { Witness } from './witness.ts';

/** What a world is made of, whatever happens in it. */
export interface WorldParts {
  nodes: readonly NodeDefinition[];
  entities: readonly EntityDefinition[];
  connectors: readonly SimulatedConnector[];
  tasks: TaskEntity;
  logger?: Logger;
}

export interface WorldOptions {
  /** Milliseconds since the epoch. */
  start: number;
  /** Equal seeds make equal worlds. */
  seed: number;
  outside?: readonly OutsideRule[];
  limits?: Partial<WorldLimits>;
}

/** Who does what comes from outside. */
export const OUTSIDE: Author = { kind: 'system', id: 'outside' };

/** Rounds of work at one moment; each of them may move thousands of runs. */
const MOST_TURNS = 10_000;

export class World {
  readonly engine: Engine;
  readonly seed: number;
  readonly start: number;
  readonly names = new Names();
  readonly identities = new Identities();
  readonly taskEntity: TaskEntity;
  readonly tasks: OpenTasks;
  readonly limits: WorldLimits;
  readonly #clock: VirtualClock;
  readonly #agenda = new Agenda();
  readonly #witness: Witness;
  readonly #listeners: ((fact: Fact) => void)[] = [];
  #inputs = 0;
  #moments = 0;
  #lastMoment = Number.NEGATIVE_INFINITY;
  #turns = 0;

  constructor(parts: WorldParts, options: WorldOptions) {
    const { start, seed, outside = [], limits = {} } = options;
    this.start = start;
    this.seed = seed;
    this.limits = { ...DEFAULT_WORLD_LIMITS, ...limits };
    this.taskEntity = parts.tasks;
    this.tasks = new OpenTasks(parts.tasks);
    this.#clock = new VirtualClock(start);
    this.#witness = new Witness(() => this.#clock.now());
    this.engine = new Engine({
      database: observed(openMemoryDatabase(), this.#witness, (facts) => this.#tell(facts)),
      queue: memoryQueue(this.#clock),
      nodes: parts.nodes,
      entities: parts.entities,
      connectors: simulatedOutside(parts.connectors, outside, seed, (id) => this.identities.of(id)),
      clock: this.#clock,
      random: seededRandom(seed),
      stopwatch: () => 0,
      ...(parts.logger && { logger: parts.logger }),
    });
  }

  get now(): number {
    return this.#clock.now();
  }

  /** Changes and events that came from outside so far. */
  get inputs(): number {
    return this.#inputs;
  }

  /** Calls `heard` for each fact, in the order in which they are committed, from now on. It must not wait for anything. */
  hear(heard: (fact: Fact) => void): void {
    this.#listeners.push(heard);
  }

  /** Adds custom entities and fields, then segments. Throws ENTITY_INVALID, SEGMENT_INVALID. */
  async define(
    entities: Readonly<Record<string, { fields: JsonObject; title?: string }>>,
    segments: readonly SegmentDefinition[],
  ): Promise<void> {
    for (const [name, extension] of Object.entries(entities)) {
      const title = extension.title ?? (await this.engine.entities.registry()).get(name)?.definition.title ?? name;
      await this.engine.entities.define({ title, ...extension, name });
    }
    for (const segment of segments) await this.engine.segments.define(segment, OUTSIDE);
    await this.engine.drain();
  }

  /** Takes models over with what they have learned elsewhere. Throws MODEL_INVALID with every problem. */
  async teach(models: readonly TaughtModel[]): Promise<void> {
    for (const model of models) await this.engine.models.adopt(model);
  }

  /** Throws FORECAST_INVALID. */
  async defineForecasts(forecasts: readonly ForecastDefinition[]): Promise<void> {
    for (const forecast of forecasts) await this.engine.forecasts.define(forecast);
  }

  /** Publishes workflow files. Throws WORKFLOW_INVALID with every problem of the first that has any. */
  async publish(files: readonly JsonObject[]): Promise<void> {
    for (const file of files) {
      const { id } = await this.engine.workflows.saveDraft(file);
      await this.engine.workflows.publish(id, OUTSIDE);
    }
  }

  /** Counts one more input. Throws SIMULATION_LIMIT. */
  countInput(): void {
    this.#inputs++;
    if (this.#inputs > this.limits.inputs) throw tooMuch(`has more than ${this.limits.inputs} changes and events from outside`);
  }

  /** Plans what somebody outside does at a moment; one that is past is done at once. */
  plan(at: number, work: () => Promise<void>): void {
    this.#agenda.plan(Math.max(at, this.now), work);
  }

  /**
   * Lets time pass, from due time to due time, up to a moment, that moment included. What comes from outside at a moment comes before
   * what the engine does then.
   * @param onMoment called after each moment; it may wait, and by throwing end everything
   * @throws TaktError SIMULATION_LIMIT
   */
  async advanceTo(end: number, onMoment: (now: number) => Promise<void> | void = () => {}): Promise<void> {
    if (end - this.start > this.limits.spanMs) throw tooMuch(`is longer than ${Math.round(this.limits.spanMs / 86_400_000)} days`);
    await this.engine.drain();
    for (let next = await this.#next(); next <= end; next = await this.#next()) {
      this.#clock.advance(Math.max(0, next - this.now));
      await this.#agenda.carryOut(this.now);
      await this.engine.drain();
      this.#checkMoment();
      await onMoment(this.now);
    }
    this.#clock.advance(Math.max(0, end - this.now));
  }

  #checkMoment(): void {
    this.#moments++;
    this.#turns = this.#lastMoment === this.now ? this.#turns + 1 : 1;
    this.#lastMoment = this.now;
    const { moments, steps } = this.limits;
    if (this.#turns > MOST_TURNS) throw tooMuch(`does not get beyond ${new Date(this.now).toISOString()}`);
    if (this.#moments > moments) throw tooMuch(`has more than ${moments} moments at which something happens`);
    if (this.#witness.steps > steps) throw tooMuch(`has more than ${steps} steps of runs`);
  }

  async #next(): Promise<number> {
    return Math.min((await this.engine.nextDue()) ?? Number.POSITIVE_INFINITY, this.#agenda.next() ?? Number.POSITIVE_INFINITY);
  }

  #tell(facts: readonly Fact[]): void {
    for (const fact of facts) {
      this.tasks.hear(fact);
      this.identities.hear(fact);
      for (const heard of this.#listeners) heard(fact);
    }
  }
}

const tooMuch = (message: string): TaktError => new TaktError('SIMULATION_LIMIT', { message: `The simulation ${message}.` });
