/** A world of one seed: processes, clients and an outside over tables in memory, a storm of faults, and the rest that follows it. */
import { type Random, seededRandom } from '../../engine/ports/random.ts';
import type { Tables } from '../../engine/store/memory/tables.ts';
import type { Bed } from './bed.ts';
import { fork, oneOf, whole } from './chance.ts';
import { Client, type EventChange, type Receipt } from './client.ts';
import { Fleet } from './fleet.ts';
import { type Order, ordersOf } from './load.ts';
import { Outside } from './outside.ts';
import { People } from './people.ts';
import { NO_PLANT, type Plant } from './plant.ts';
import { Queue } from './queue.ts';
import { told } from './rule.ts';
import { Timeline } from './timeline.ts';
import { Trace } from './trace.ts';
import { Weather } from './weather.ts';
import { WORKFLOWS } from './workflows.ts';

export interface Finding {
  rule: string;
  detail: string;
}

/** The storm lasts at most so long, and what comes from outside comes in its first half. */
const STORM_MS = 60_000;
/** What has not come to rest so long after the storm is stuck: a timer that could not be fired is tried again in an hour. */
const REST_MS = 75 * 60_000;
/** How often somebody looks after failed and paused runs. */
const OPERATOR_MS = 8_000;
/** An answer to an order comes at most so long after it. */
const ANSWER_MS = 10_000;
/** In so many worlds people do the other things that they do, each by itself. */
const MEDDLED = 0.3;
/** Worlds to which new leads come. */
const WITH_LEADS = 0.3;
/** Worlds in which new versions are published: all of their processes compile the workflows themselves, which takes long. */
const PUBLISHED = 0.05;
/** Worlds with more orders than a worker takes at once; each of them costs as much as forty others. */
const CROWDED = 0.003;
/** Worlds in which all processes end at the same moment, once or twice. */
const POWER_CUTS = 0.15;
/** Worlds with a schedule; in the others its timer is left out, since it costs as much as four orders. */
const SCHEDULED = 0.2;

export class World {
  readonly bed: Bed;
  readonly tables: Tables;
  readonly outside: Outside;
  readonly queue: Queue;
  readonly trace: Trace;
  readonly weather: Weather;
  readonly people: People;
  readonly orders: readonly Order[];
  /** Keys of leads that are sent in. */
  readonly newLeads: readonly string[];
  readonly hasSchedule: boolean;
  /** What the client was told of each order, and of each lead that it sent in. */
  readonly receipts = new Map<string, Receipt>();
  /** What was broken on the way. */
  readonly findings: Finding[] = [];
  readonly #timeline: Timeline;
  readonly #chance: Random;
  readonly #client: Client;
  readonly #fleet: Fleet;
  readonly #publishes: boolean;
  /** When the storm is over. */
  readonly #calm: number;
  /** What clients have still to send. */
  #open = 0;

  constructor(bed: Bed, seed: number, plant: Plant = NO_PLANT) {
    const chance = seededRandom(seed);
    const timeline = new Timeline(bed.start, fork(chance));
    const trace = new Trace(() => timeline.now);
    this.#calm = bed.start + whole(chance, 1, STORM_MS);
    const weather = new Weather(fork(chance), () => timeline.now, this.#calm);
    const tables = bed.tables();
    this.#publishes = chance.next() < PUBLISHED;
    this.hasSchedule = chance.next() < SCHEDULED;
    if (!this.hasSchedule) for (const { id } of tables.timers.all()) tables.timers.delete(id);
    tables.journal.forget();
    this.orders = ordersOf(fork(chance), chance.next() < CROWDED ? whole(chance, 200, 400) : whole(chance, 2, 10));
    this.newLeads = chance.next() < WITH_LEADS ? Array.from({ length: whole(chance, 1, 3) }, (_, i) => `new-lead-${i}`) : [];
    this.queue = new Queue(timeline, weather, trace);
    this.outside = new Outside(timeline, weather, trace);
    const { queue, outside } = this;
    const broken = (rule: string, detail: string): void => {
      this.findings.push({ rule, detail });
    };
    const parts = { bed, tables, queue, outside, timeline, weather, trace, plant, broken };
    const fleet = new Fleet({ ...parts, chance: fork(chance), ownCatalogs: this.#publishes });
    const processes = () => fleet.processes;
    this.#client = new Client({ timeline, trace, processes, chance: fork(chance) });
    this.people = new People({ timeline, trace, tables, processes, chance: fork(chance) });
    this.bed = bed;
    this.tables = tables;
    this.trace = trace;
    this.weather = weather;
    this.#timeline = timeline;
    this.#fleet = fleet;
    this.#chance = chance;
  }

  /** Lets everything happen. Gives whether the world came to rest. */
  async play(): Promise<boolean> {
    this.#fleet.start(this.#whole(1, 3));
    this.#planClients();
    this.#planPeople();
    this.#timeline.plan(this.#calm, () => {
      this.trace.note('the storm is over');
      this.weather.cease();
    });
    return this.#timeline.run(this.#calm + REST_MS, () => this.findings.length > 0 || this.#isAtRest());
  }

  /** One after the other, or many at the same few moments, so that they come into one batch. */
  #planClients(): void {
    const { start } = this.bed;
    const moments = Array.from({ length: this.#whole(1, this.orders.length) }, () => this.#whole(start, (start + this.#calm) / 2));
    const soon = (act: () => Promise<void>): void => {
      this.#open++;
      this.#plan(oneOf(this.#chance, moments) ?? start, async () => {
        await act();
        this.#open--;
      });
    };
    for (const order of this.orders) soon(() => this.#send(order));
    for (const key of this.newLeads) soon(() => this.#sendLead(key));
  }

  async #send({ id, kind, lead, shelf, keyed, answered }: Order): Promise<void> {
    const recordId = this.bed.leads.get(lead) ?? '';
    const change: EventChange = { kind: 'event', type: `drill.${kind}`, topic: '', data: { order: id, shelf }, recordId };
    const receipt = keyed ? await this.#client.post({ ...change, key: id }) : await this.#client.once(change);
    if (receipt) this.receipts.set(id, receipt);
    if (!answered || (kind !== 'wait' && kind !== 'race')) return;
    await this.#timeline.sleep(this.#whole(0, ANSWER_MS));
    await this.#client.post({ ...change, type: 'drill.answer', key: `answer-${id}` });
  }

  /** Sends a new lead in, as an import does. */
  async #sendLead(key: string): Promise<void> {
    const data = { key, last_name: key, score: 0 };
    this.receipts.set(key, await this.#client.post({ kind: 'create', entity: 'lead', data, onExisting: 'skip' }));
  }

  #planPeople(): void {
    const { people } = this;
    const during = (most: number, act: () => Promise<void>): void => {
      for (let i = this.#whole(1, most); i > 0; i--) this.#plan(this.#whole(this.bed.start, this.#calm), act);
    };
    if (this.#chance.next() < POWER_CUTS) during(2, async () => this.#fleet.endAll());
    if (this.#chance.next() < MEDDLED) during(4, () => this.#fleet.stopOne());
    if (this.#publishes) during(3, () => people.publish({ ...oneOf(this.#chance, WORKFLOWS), name: `Version of ${this.#timeline.now}` }));
    if (this.#chance.next() < MEDDLED) during(1, () => people.startBulk());
    if (this.#chance.next() < MEDDLED) during(5, () => people.pauseOne());
    if (this.#chance.next() < MEDDLED) during(2, () => people.cancelOne());
    const look = async (): Promise<void> => {
      this.#plan(this.#timeline.now + OPERATOR_MS, look);
      await people.lookAfter();
    };
    this.#plan(this.bed.start + this.#whole(0, OPERATOR_MS), look);
  }

  /** What keeps it from being at rest, in words. */
  unrest(): string {
    const runs = this.tables.runs.all().filter((run) => run.status === 'failed' || run.dueAt !== null);
    return [
      `what is still to be sent: ${this.#open}`,
      `processes that were told to end and have not: ${this.#fleet.isStopping}`,
      `jobs of effects: ${this.queue.jobs.length}`,
      `timers: ${this.tables.timers.all().length}`,
      ...runs.map(told),
    ].join('; ');
  }

  /** All that is in the tables, as text. */
  state(): string {
    const { records, changes, runs, steps, events, effects, signals, waits, timers, marks, pointers, jobs, versions } = this.tables;
    const all = [records, changes, runs, steps, events, effects, signals, waits, timers, marks, pointers, jobs, versions];
    return JSON.stringify(all.map((table) => table.all()));
  }

  #isAtRest(): boolean {
    return (
      !this.weather.storm &&
      !this.#fleet.isWriting &&
      !this.#fleet.isStopping &&
      this.#open === 0 &&
      this.people.busy === 0 &&
      this.#fleet.nextDue() === null &&
      this.tables.runs.all().every((run) => run.status !== 'failed' && run.status !== 'paused') &&
      this.tables.jobs.all().every((job) => job.status !== 'running')
    );
  }

  #plan(at: number, act: () => Promise<void>): void {
    this.#timeline.plan(at, () => {
      act().catch((error: unknown) => this.findings.push({ rule: 'a world goes on', detail: String(error) }));
    });
  }

  #whole(least: number, most: number): number {
    return whole(this.#chance, least, most);
  }
}
