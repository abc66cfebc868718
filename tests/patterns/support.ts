/** Control-flow patterns on a whole engine in memory. What people or systems do takes until `finish` is called, so tests say what is open when. */
import { readFile } from 'node:fs/promises';
import type { RunDetails } from '../../engine/services/runs.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from '../engine/support.ts';
import { asObject } from '../nodes/support.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Is over when somebody says so: `finish(its name)`. */
export const work = (name: string): JsonObject => ({ type: 'flow.wait_event', params: { events: [{ event: 'work.done', topic: name }] } });
export const set = (values: JsonObject = { x: 1 }): JsonObject => ({ type: 'data.set', params: { values } });
export const when = (condition: string): JsonObject => ({ type: 'flow.if', params: { when: condition } });
export const join = (wait: string | number, rest: 'leave' | 'cancel' = 'leave'): JsonObject => ({
  type: 'flow.join',
  params: { wait, rest },
});
export const bounded = (node: JsonObject, maxVisits = 100): JsonObject => ({ ...node, maxVisits });

/** Edges along a row of nodes: `row('a', 'b', 'c')`. */
export const row = (...nodes: string[]): [string, string][] => nodes.slice(1).map((node, i) => [nodes[i] ?? '', node]);

export class Instance {
  readonly #takt: TestEngine;
  readonly id: string;
  readonly record: string;

  constructor(takt: TestEngine, id: string, record: string) {
    this.#takt = takt;
    this.id = id;
    this.record = record;
  }

  details(): Promise<RunDetails> {
    return this.#takt.engine.runs.get(this.id);
  }

  async status(): Promise<string> {
    return (await this.details()).run.status;
  }

  async outcome(): Promise<string | null> {
    return (await this.details()).run.outcome;
  }

  async vars(): Promise<Record<string, Json>> {
    return (await this.details()).run.state.vars;
  }

  /** Nodes at which something is under way, as often as it is, in the order of their names; joins and lists are left out. */
  async open(): Promise<string[]> {
    const { tokens } = (await this.details()).run.state;
    return tokens
      .flatMap(({ node, wait }) => (wait?.kind === 'event' || wait?.kind === 'time' || wait?.kind === 'child' ? [node] : []))
      .sort();
  }

  /** How often the node has been carried out to its end. */
  async done(node: string): Promise<number> {
    return (await this.details()).steps.filter((step) => step.node === node && step.status === 'done').length;
  }

  /** Nodes whose steps have been cancelled. */
  async cancelled(): Promise<string[]> {
    return (await this.details()).steps.flatMap((step) => (step.status === 'cancelled' ? [step.node] : [])).sort();
  }

  /** Ends what `work` waits for, one after the other. */
  async finish(...names: string[]): Promise<void> {
    for (const name of names) await this.tell('work.done', {}, name);
  }

  async tell(type: string, data: JsonObject = {}, topic = ''): Promise<void> {
    await this.#takt.engine.intake.submitOne({ kind: 'event', type, topic, data, recordId: this.record }, somebody);
    await this.#takt.pass(0);
  }
}

export class Patterns {
  readonly takt: TestEngine;
  #count = 0;

  private constructor(takt: TestEngine) {
    this.takt = takt;
  }

  static async open(): Promise<Patterns> {
    return new Patterns(await openTestEngine('memory'));
  }

  close(): Promise<void> {
    return this.takt.close();
  }

  /** Publishes a process that starts by hand, and begins it on a lead of its own. */
  async begin(nodes: Record<string, JsonObject>, edges: [string, string][], input: JsonObject = {}): Promise<Instance> {
    const id = `process-${++this.#count}`;
    await this.takt.publish(workflow(id, { start: { type: 'trigger.manual' }, ...nodes }, edges));
    return this.start(id, input);
  }

  /** Publishes a process that ships with Takt, and begins it. */
  async ship(id: string, input: JsonObject = {}): Promise<Instance> {
    const file: Json = JSON.parse(await readFile(new URL(`../../workflows/patterns/${id}.json`, import.meta.url), 'utf8'));
    await this.takt.publish(asObject(file));
    return this.start(id, input);
  }

  async start(id: string, input: JsonObject = {}): Promise<Instance> {
    const lead = await this.takt.create('lead', { last_name: `Case ${++this.#count}`, city: 'Омск' });
    const run = await this.takt.engine.runs.start(id, somebody, { recordId: lead.id, input });
    await this.takt.pass(0);
    return new Instance(this.takt, run ?? '', lead.id);
  }
}
