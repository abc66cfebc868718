/** How people answer to what workflows do: they open mails, call back, do their tasks. */
import type { JsonObject } from '../../../schemas/json.ts';
import type { RecordView } from '../../node/context.ts';
import type { Action } from '../actions/action.ts';
import { complete, perform } from '../actions/perform.ts';
import { chanceOf } from '../chance.ts';
import { channelOf, type Fact } from '../facts.ts';
import type { Inputs } from '../inputs.ts';
import { fits } from '../match.ts';
import { taskTurn } from '../tasks.ts';
import type { World } from '../world.ts';
import type { BehaviourPlan, ReactionPlan } from './read.ts';
import type { Draw } from './values.ts';

/** What a behaviour answers to. */
interface Occasion {
  kind: BehaviourPlan['on']['kind'];
  /** What may be asked of it: the payload of a message and its id, the fields of a task or record. */
  value: JsonObject;
  /** The record that it is about. */
  recordId: string | undefined;
  taskId: string | undefined;
  channel: string | undefined;
}

/** From now on, people behave as the plans say. Throws SIMULATION_NAME_UNKNOWN. */
export function behave(world: World, inputs: Inputs, plans: readonly BehaviourPlan[]): void {
  const behaviours = plans.map((plan) => ({ ...plan, match: world.names.resolve(plan.on.match) }));
  const counts = new Map<string, number>();
  world.hear((fact) => {
    const occasion = occasionOf(world, fact);
    if (!occasion) return;
    for (const [index, behaviour] of behaviours.entries()) {
      if (behaviour.on.kind !== occasion.kind || !fits(behaviour.match, occasion.value)) continue;
      const who = occasion.recordId === undefined ? '' : world.identities.of(occasion.recordId);
      const key = `${who}\n${index}`;
      const n = (counts.get(key) ?? 0) + 1;
      counts.set(key, n);
      const person = new Person(world, inputs, occasion, { who, n });
      // The fact is being committed: nothing can be asked of the world before that is done.
      world.plan(world.now, () => person.answer(behaviour));
    }
  });
}

function occasionOf(world: World, fact: Fact): Occasion | undefined {
  if (fact.kind === 'effect') {
    const channel = channelOf(fact);
    if (channel === undefined || fact.status !== 'sent') return undefined;
    const message = fact.result?.messageId ?? null;
    const value = { ...fact.payload, message, workflow: fact.run.workflow, node: fact.node };
    return { kind: 'message', value, channel, recordId: fact.recordId ?? undefined, taskId: undefined };
  }
  const turn = taskTurn(world.taskEntity, fact);
  if (turn?.after && !turn.before) {
    const { id: taskId, run } = turn.fact;
    const value = { ...turn.after, workflow: run?.workflow ?? null };
    return { kind: 'task', value, recordId: world.taskEntity.about(turn.after), taskId, channel: undefined };
  }
  if (fact.kind !== 'record' || fact.op !== 'created' || turn || fact.author.kind !== 'run') return undefined;
  const value = { ...fact.after, entity: fact.entity, workflow: fact.run?.workflow ?? null };
  return { kind: 'created', value, recordId: fact.id, taskId: undefined, channel: undefined };
}

/** Whoever answers to one occasion. */
class Person {
  readonly #world: World;
  readonly #inputs: Inputs;
  readonly #occasion: Occasion;
  readonly #asked: { who: string; n: number };

  /** @param asked who is asked, and for the how many-th time by this behaviour: what chance goes by */
  constructor(world: World, inputs: Inputs, occasion: Occasion, asked: { who: string; n: number }) {
    this.#world = world;
    this.#inputs = inputs;
    this.#occasion = occasion;
    this.#asked = asked;
  }

  async answer({ when, reactions }: BehaviourPlan): Promise<void> {
    const record = await this.#record();
    await this.#inputs.attempt('when', async () => {
      if (!when || when(this.#draw(record, 'when'))) await this.#consider(reactions, record);
    });
  }

  async #consider(reactions: readonly ReactionPlan[], record: RecordView | undefined): Promise<void> {
    for (const reaction of reactions) {
      await this.#inputs.attempt('p', async () => {
        const draw = this.#draw(record, reaction.pointer);
        if (draw.random.next() >= reaction.chance(draw)) return;
        this.#world.plan(reaction.delay(this.#world.now, draw.random), () => this.#react(reaction, draw));
      });
    }
  }

  async #react(reaction: ReactionPlan, { random }: Draw): Promise<void> {
    const { does } = reaction;
    const record = await this.#record();
    const taken = await this.#inputs.attempt(does.kind === 'event' ? does.type : does.kind, async () => {
      const draw: Draw = { ...this.#draw(record, reaction.pointer), random };
      if (does.kind === 'complete') await this.#complete(reaction.data(draw));
      else await perform(this.#world, this.#action(does, reaction.data(draw), draw));
    });
    if (taken) await this.#consider(reaction.next, record);
  }

  /** Nothing where somebody else was faster. */
  async #complete(data: JsonObject): Promise<void> {
    const { taskId } = this.#occasion;
    if (taskId === undefined || !this.#world.tasks.get(taskId)) return;
    this.#world.countInput();
    await complete(this.#world, taskId, this.#world.names.resolve(data));
  }

  #action(does: Exclude<ReactionPlan['does'], { kind: 'complete' }>, data: JsonObject, draw: Draw): Action {
    const { recordId, channel, value } = this.#occasion;
    if (does.kind === 'create') return { kind: 'create', entity: does.entity, data };
    if (does.kind === 'update') return { kind: 'update', target: { id: recordId ?? '' }, data: does.values(draw) };
    const target = recordId === undefined ? {} : { target: { id: recordId } };
    const { message = null, subject = null, workflow = null, node = null } = value;
    const about: JsonObject = channel === undefined ? {} : { message, subject, channel, node, workflow };
    return { kind: 'event', type: does.type, topic: does.topic ?? channel ?? '', data: { ...about, ...data }, ...target };
  }

  #draw(record: RecordView | undefined, pointer: string): Draw {
    const { kind, value } = this.#occasion;
    const { who, n } = this.#asked;
    return {
      scope: { record, [kind]: value, n },
      now: this.#world.now,
      random: chanceOf(this.#world.seed, 'behaviour', who, pointer, n),
    };
  }

  async #record(): Promise<RecordView | undefined> {
    const { recordId } = this.#occasion;
    return recordId === undefined ? undefined : (await this.#world.engine.records.getMany([recordId]))[0];
  }
}
