/** Trains the models of a scenario or a simulation, on a past of their own and by the same job as everywhere. */
import type { JsonObject } from '../../../schemas/json.ts';
import type { ModelDefinition } from '../../../schemas/model.ts';
import type { Engine } from '../../engine.ts';
import { asTaktError, TaktError } from '../../errors/index.ts';
import type { TaughtModel } from '../../services/models.ts';
import { performAt } from '../actions/records.ts';
import { chanceOf } from '../chance.ts';
import { under } from '../place.ts';
import type { Draw } from '../script/values.ts';
import { OUTSIDE, World, type WorldParts } from '../world.ts';
import type { Lessons, PastPlan } from './read.ts';

type CustomEntities = Parameters<World['define']>[0];

/** The past is the same whatever the seed of what comes after it: so is what was learned. */
const SEED = 1;

/** By the past itself: scenarios of a file share it, and most share their models, too. */
const schools = new WeakMap<Lessons['past'], School>();

/**
 * The models with the versions that they have learned by the start. The records of the past live and are closed in a world of their own: what
 * is simulated afterwards does not see them. What was learned once is not learned again, however many scenarios want it.
 * @param start milliseconds since the epoch
 * @throws TaktError MODEL_INVALID; SIMULATION_MODEL where a model has a past, but no version came of it that is good enough to be live; and
 * what is wrong with a record of the past
 */
export async function learnedBy(
  parts: WorldParts,
  entities: CustomEntities,
  { models, past }: Lessons,
  start: number,
): Promise<TaughtModel[]> {
  if (models.length === 0) return [];
  let school = schools.get(past);
  if (!school?.serves(parts, entities, start)) {
    school = new School(parts, entities, past, start);
    schools.set(past, school);
  }
  const taught: TaughtModel[] = [];
  for (const { definition, pointer } of models) {
    try {
      taught.push(await school.teach(definition));
    } catch (thrown) {
      throw placed(thrown, pointer);
    }
  }
  return taught;
}

class School {
  readonly #parts: WorldParts;
  readonly #entities: CustomEntities;
  readonly #past: Lessons['past'];
  readonly #start: number;
  readonly #taught = new Map<ModelDefinition, Promise<TaughtModel>>();
  #world: Promise<World> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: WorldParts, entities: CustomEntities, past: Lessons['past'], start: number) {
    this.#parts = parts;
    this.#entities = entities;
    this.#past = past;
    this.#start = start;
  }

  serves(parts: WorldParts, entities: CustomEntities, start: number): boolean {
    return this.#parts === parts && this.#entities === entities && this.#start === start;
  }

  teach(definition: ModelDefinition): Promise<TaughtModel> {
    const before = this.#taught.get(definition);
    if (before) return before;
    // One after the other: two of one id would get in each other's way.
    const taught = this.#last.then(() => this.#teach(definition));
    this.#last = taught.catch(() => undefined);
    this.#taught.set(definition, taught);
    return taught;
  }

  async #teach(definition: ModelDefinition): Promise<TaughtModel> {
    // Without a past of its own there is nothing to learn: it is defined where it is asked, and no version of it is live.
    if (!this.#past.some((plan) => plan.entity === definition.entity)) return { definition, live: undefined };
    this.#world ??= this.#live();
    const { engine } = await this.#world;
    await engine.models.define(definition);
    await train(engine, definition.id);
    const taught = (await engine.models.taught()).find((one) => one.definition.id === definition.id);
    // The next one of its id begins anew: it is not judged beside this one.
    await engine.models.remove(definition.id);
    return { definition, live: taught?.live };
  }

  /** A world in which the past has happened. */
  async #live(): Promise<World> {
    const { entities, tasks, logger } = this.#parts;
    // No nodes and no connectors: nothing runs there.
    const bare: WorldParts = { nodes: [], connectors: [], entities, tasks, ...(logger && { logger }) };
    const over = this.#past.reduce((longest, one) => Math.max(longest, one.over), 0);
    const world = new World(bare, { start: this.#start - over, seed: SEED });
    await world.define(this.#entities, []);
    for (const [i, plan] of this.#past.entries()) planPast(world, plan, i, this.#start);
    await world.advanceTo(this.#start);
    return world;
  }
}

/** They come in at any time of the past. One whose outcome would come after the start is open still, and nothing is learned from it. */
function planPast(world: World, plan: PastPlan, index: number, start: number): void {
  const { entity, pointer } = plan;
  for (let i = 0; i < plan.count; i++) {
    const random = chanceOf(SEED, 'past', index, i);
    const at = start - plan.over + Math.floor(plan.over * random.next());
    const draw = (now: number, more: JsonObject = {}): Draw => ({
      scope: { n: i + 1, at: new Date(at).toISOString(), ...more },
      now,
      random,
    });
    world.plan(at, async () => {
      const record = plan.data(draw(at));
      const name = `past-${index}-${i}`;
      await performAt(pointer, world, { kind: 'create', entity, data: record, as: name });
      const well = random.next() < plan.chance(draw(at, { record }));
      const closedAt = plan.delay(at, random);
      world.plan(closedAt, async () => {
        const data = (well ? plan.success : plan.failure)(draw(closedAt, { record }));
        await performAt(pointer, world, { kind: 'update', target: `@${name}`, data });
      });
    });
  }
}

/** @throws SIMULATION_MODEL */
async function train(engine: Engine, id: string): Promise<void> {
  const job = await engine.models.train(id, OUTSIDE);
  await engine.drain();
  const { error } = await engine.jobs.get(job.id);
  if (error) throw new TaktError('SIMULATION_MODEL', { message: `"${id}" has learned nothing: ${error.message}`, hint: error.hint });
  const { live } = await engine.models.get(id);
  if (live !== null) return;
  throw new TaktError('SIMULATION_MODEL', {
    message: `"${id}" tells the outcome of later records no better than the share of successes alone, so that no version of it is live.`,
  });
}

/** What is wrong with a record of the past tells its own place; all else is of the model. */
function placed(thrown: unknown, pointer: string): TaktError {
  const error = asTaktError(thrown);
  return error.place.pointer?.startsWith('/') && !error.code.startsWith('MODEL_') ? error : under(pointer, error);
}
